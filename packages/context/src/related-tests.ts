import type { ReportedCheck, Suspect, Why } from '@fixpoint/core'
import { fileClass } from './file-class.ts'
import { rounded } from './file-lanes.ts'
import { resolveImport } from './resolve-import.ts'
import type { FileSyntax } from './suspects.ts'

const MAXIMUM_TESTS = 6
const FILES_CONSIDERED = 5
const WEIGHTS = { reproduction: 3, named: 2, name: 1, import: 0.4, directory: 0.2 } as const

export interface TestSignals {
  readonly testFiles: readonly string[]
  readonly suspects: readonly Suspect[]
  readonly checks: readonly ReportedCheck[]
  /** Files of the reproduction's tests. */
  readonly reproduced: readonly string[]
  readonly text: (path: string) => string | undefined
  readonly has: (path: string) => boolean
  readonly syntax: FileSyntax
}

export interface RelatedTest {
  readonly path: string
  readonly why: Why[]
}

/** Tests that are likely about the suspects: by the report or the reproduction, by name, by what they import, by folder. Best first. */
export function relatedTests(signals: TestSignals): RelatedTest[] {
  const files = [...new Set(signals.suspects.map(({ path }) => path))].filter((path) => fileClass(path) !== 'test').slice(0, FILES_CONSIDERED)
  const scored = signals.testFiles.flatMap((path) => {
    const why = reasons(path, files, signals)
    return why.length === 0 ? [] : [{ path, why, score: why.reduce((sum, { weight }) => sum + weight, 0) }]
  })
  scored.sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
  return scored.slice(0, MAXIMUM_TESTS).map(({ path, why }) => ({ path, why }))
}

function reasons(path: string, files: readonly string[], signals: TestSignals): Why[] {
  const why: Why[] = []
  if (signals.reproduced.includes(path)) why.push({ lane: 'reproduction', weight: WEIGHTS.reproduction, evidence: 'holds the reproduction' })
  if (signals.checks.some((check) => check.kind === 'test' && check.file !== undefined && (path === check.file || path.endsWith(`/${check.file}`)))) {
    why.push({ lane: 'report', weight: WEIGHTS.named, evidence: 'the report names it' })
  }
  files.forEach((file, rank) => {
    if (file === path) return
    const share = 1 / (1 + 0.3 * rank)
    if (subject(path) === subject(file)) why.push({ lane: 'name', weight: rounded(WEIGHTS.name * share), evidence: `named like ${file}` })
    if (importsFile(path, file, signals)) why.push({ lane: 'import', weight: rounded(WEIGHTS.import * share), evidence: `imports ${file}` })
    else if (folder(path) === folder(file)) why.push({ lane: 'directory', weight: rounded(WEIGHTS.directory * share), evidence: `beside ${file}` })
  })
  return why
}

/** `src/pricing.ts`, `test/pricing.test.js` and `tests/test_pricing.py` are about `pricing`. */
function subject(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const stem = name.slice(0, name.indexOf('.') > 0 ? name.indexOf('.') : undefined)
  return stem
    .replace(/^test[_-]/, '')
    .replace(/[_-](test|spec)s?$/, '')
    .toLowerCase()
}

function importsFile(path: string, file: string, { text, has, syntax }: TestSignals): boolean {
  const content = text(path)
  return content !== undefined && syntax.imports(path, content).some((imported) => resolveImport(path, imported.from, has) === file)
}

function folder(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
