import type { Verdict } from '@fixpoint/core'
import { parsePatch } from 'diff'
import type { z } from 'zod'
import type { Certified } from './records.ts'

export interface ChangedFile {
  readonly path: string
  readonly added: number
  readonly removed: number
}

/** Why a person should look twice. `weight`: how much, from 1 to 3; comparable between proposals. */
export interface Risk {
  readonly kind: string
  readonly words: string
  readonly weight: number
}

/** Files of a unified diff in git style, in its order, with the lines that were added and removed. */
export function changedFiles(diff: string): ChangedFile[] {
  return parsePatch(diff)
    .filter(({ newFileName }) => newFileName !== undefined)
    .map(({ oldFileName, newFileName, hunks }) => {
      const lines = hunks.flatMap((hunk) => hunk.lines)
      return {
        path: withoutPrefix(newFileName === '/dev/null' ? oldFileName : newFileName),
        added: lines.filter((line) => line.startsWith('+')).length,
        removed: lines.filter((line) => line.startsWith('-')).length,
      }
    })
}

/** Places where a small mistake costs more than elsewhere. Words of a path, whatever the language. */
const TOUCHES: readonly (readonly [kind: string, weight: number, words: string, path: RegExp])[] = [
  [
    'security',
    3,
    'touches who may do what',
    /(^|[/._-])(auth([nz]|entic\w*|oriz\w*)?|login|oauth\w*|session\w*|permission\w*|acl|crypto\w*|password\w*|csrf|secrets?|sanitiz\w*)([/._-]|$)/i,
  ],
  ['money', 2, 'touches money', /(^|[/._-])(payments?|billing|invoices?|prices?|pricing|tax(es)?|checkout|refunds?)([/._-]|$)/i],
  ['migration', 3, 'touches the database schema', /(^|[/._-])migrat\w*([/._-]|$)|\.sql$/i],
  [
    'dependencies',
    3,
    'changes dependencies',
    /(^|\/)(package(-lock)?\.json|yarn\.lock|pnpm-lock\.yaml|requirements[\w-]*\.txt|poetry\.lock|pyproject\.toml|uv\.lock)$/,
  ],
  ['pipeline', 3, 'touches the build pipeline', /(^|\/)(\.github|\.gitlab-ci\.yml|Dockerfile|Jenkinsfile|\.circleci)(\/|$)/],
]
const MANY_LINES = 60
const MANY_FILES = 3

/** From the patch and its evidence alone; the heaviest first. */
export function risksOf(files: readonly ChangedFile[], { strength, patch, verdict, baseline }: z.infer<typeof Certified> & { strength: string }): Risk[] {
  const lines = files.reduce((sum, { added, removed }) => sum + added + removed, 0)
  const risks = [
    ...TOUCHES.flatMap(([kind, weight, words, path]) => (files.some((file) => path.test(file.path)) ? [{ kind, weight, words }] : [])),
    when(verdict.name === 'contradicting', 'contradicts', 3, 'existing tests fail with it'),
    when(strength === 'suggestion', 'evidence', 3, 'the evidence is thin'),
    when(strength === 'choice', 'choice', 2, 'more than one behaviour is defensible'),
    when(strength === 'implicit', 'oracle', 1, 'no test states what should happen instead'),
    when(patch.origin.symptomOnly, 'symptom', 2, 'keeps the error from surfacing only'),
    when(isSurprising(verdict), 'behaviour', 2, 'behaves differently elsewhere too'),
    when(baseline.problem !== undefined || baseline.passing.length === 0, 'suite', 2, 'no suite that could have regressed'),
    when(lines > MANY_LINES, 'size', 1, `${lines} lines`),
    when(files.length > MANY_FILES, 'files', 1, `${files.length} files`),
  ]
  return risks.flatMap((risk) => risk ?? []).sort((one, other) => other.weight - one.weight)
}

function when(holds: boolean, kind: string, weight: number, words: string): Risk | undefined {
  return holds ? { kind, weight, words } : undefined
}

function isSurprising({ gates }: Pick<Verdict, 'gates'>): boolean {
  return gates.some(({ differences }) => differences.some(({ expected }) => !expected))
}

function withoutPrefix(name: string | undefined): string {
  return (name ?? '').replace(/^[ab]\//, '')
}
