import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { codeOf, RepoPath } from '@fixpoint/core'
import { z } from 'zod'
import { UsageError } from '../exit-codes.ts'
import { filesOfCommit, layOutCommit, layOutFolder } from './case-trees.ts'
import type { EvaluationCase, HeldOutFile, Scoring } from './evaluation-case.ts'

/** A case as a person writes it down. Paths are relative to the file it stands in. */
export const WrittenCase = z.strictObject({
  $schema: z.string().optional(),
  id: z.string().regex(/^[\w][\w.-]*$/),
  title: z.string().default(''),
  /** Kind of defect, in words of your own: totals are told for each. */
  kind: z.string().default('not said'),
  /** A folder with the files as they were; or, with `base`, a git repository. */
  repository: z.string(),
  /** Commit with the bug. Only its tree is given to the run. */
  base: z.string().optional(),
  /** Without one the failing suite is the report. */
  report: z.union([z.strictObject({ text: z.string() }), z.strictObject({ file: z.string() })]).optional(),
  /** `copy`: the repository's installed dependencies; `install`: from the registry. Found out when it is not said. */
  dependencies: z.enum(['copy', 'install']).optional(),
  /** Command that installs the dependencies. */
  setup: z.string().optional(),
  /** Test command, when the runner is not one that is detected. */
  test: z.string().optional(),
  /** Tests that tell a right proposal from a wrong one: a folder that is laid over the tree, or files of a commit (the fix). Null: no proposal is right. */
  heldOut: z
    .union([z.strictObject({ folder: z.string() }), z.strictObject({ commit: z.string(), paths: z.array(RepoPath).min(1) })])
    .nullable()
    .default(null),
  /** Ids of tests that must pass (`file > suite > name`); without them all that the held-out files hold. */
  tests: z.array(z.string()).optional(),
  /** `abstain`: the good answer is no proposal. */
  expects: z.enum(['fix', 'abstain']).default('fix'),
})
export type WrittenCase = z.infer<typeof WrittenCase>

/** Cases of a `.json` file (one, or an array of them), a `.jsonl` file, or every `*.case.json` of a folder. Throws `UsageError`. */
export async function readWrittenCases(path: string): Promise<readonly EvaluationCase[]> {
  const files = (await stat(path)).isDirectory() ? (await readdir(path)).filter((name) => name.endsWith('.case.json')).map((name) => join(path, name)) : [path]
  const cases: EvaluationCase[] = []
  for (const file of files.sort())
    for (const { value, where } of parsedValues(file, await readFile(file, 'utf8'))) {
      const parsed = WrittenCase.safeParse(value)
      if (!parsed.success) throw malformed(where, parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the case'}: ${issue.message}`).join('; '))
      cases.push(await caseOf(parsed.data, dirname(resolve(file)), where))
    }
  return cases
}

function parsedValues(file: string, text: string): { value: unknown; where: string }[] {
  const parse = (json: string, where: string) => {
    try {
      return JSON.parse(json) as unknown
    } catch (error) {
      throw malformed(where, error instanceof Error ? error.message : 'not JSON')
    }
  }
  if (file.endsWith('.jsonl'))
    return text
      .split('\n')
      .flatMap((line, index) => (line.trim() === '' ? [] : [{ value: parse(line, `${file}:${index + 1}`), where: `${file}:${index + 1}` }]))
  const value = parse(text, file)
  return Array.isArray(value) ? value.map((each, index) => ({ value: each, where: `${file}[${index}]` })) : [{ value, where: file }]
}

function malformed(where: string, what: string): UsageError {
  return new UsageError(`${where} is not a case: ${what}`, 'docs/evaluation.md shows what a case may say.')
}

async function caseOf(written: WrittenCase, folder: string, where: string): Promise<EvaluationCase> {
  const at = (path: string) => resolve(folder, path)
  const { id, title, kind, expects, base, dependencies, test, setup } = written
  const repository = at(written.repository)
  const readable = async <T>(what: Promise<T>) =>
    what.catch((error: unknown) => {
      if (codeOf(error) === undefined) throw error
      throw malformed(where, error instanceof Error ? error.message : String(error))
    })
  return {
    ...{ id, title, kind, expects },
    report: await readable(reportOf(written, at)),
    wishes: { ...(dependencies && { deps: dependencies }), ...(test && { test }), ...(setup && { setup }) },
    scoring: await readable(scoringOf(written, at)),
    layOut: base === undefined ? (to) => layOutFolder(repository, to) : (to) => layOutCommit(repository, base, to, dependencies),
  }
}

async function reportOf({ report }: WrittenCase, at: (path: string) => string): Promise<string | undefined> {
  if (report === undefined) return undefined
  return 'text' in report ? report.text : readFile(at(report.file), 'utf8')
}

async function scoringOf({ heldOut, tests, repository }: WrittenCase, at: (path: string) => string): Promise<Scoring> {
  if (heldOut === null) return { kind: 'none' }
  const files = 'folder' in heldOut ? await heldOutFolder(at(heldOut.folder)) : await filesOfCommit(at(repository), heldOut.commit, heldOut.paths)
  return { kind: 'held-out', files, ...(tests && { tests }) }
}

/** Every file below a folder, by its path in it. */
export async function heldOutFolder(folder: string): Promise<readonly HeldOutFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(files.sort().map(async (file) => ({ path: relative(folder, file).replaceAll('\\', '/'), content: new Uint8Array(await readFile(file)) })))
}
