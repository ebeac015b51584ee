import type { ReportedCheck, Suspect, Why } from '@fixpoint/core'
import type { FileSyntax } from './callees.ts'
import { fileClass } from './file-class.ts'
import { rounded } from './file-lanes.ts'
import { resolveImport } from './resolve-import.ts'

const MAXIMUM_TESTS = 6
const FILES_CONSIDERED = 5
/** How far an entry (`index.js`, `__init__.py`) may be from what it hands on. */
const HOPS = 2
const ENTRIES_FOLLOWED = 60
const SHORTEST_NAME = 4
const WEIGHTS = { reproduction: 3, named: 2, name: 1, import: 0.4, entry: 0.3, mention: 0.2, directory: 0.2 } as const

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
  const imports = new Imports(signals)
  const scored = signals.testFiles.flatMap((path) => {
    const why = reasons(path, files, imports, signals)
    return why.length === 0 ? [] : [{ path, why, score: why.reduce((sum, { weight }) => sum + weight, 0) }]
  })
  scored.sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
  return scored.slice(0, MAXIMUM_TESTS).map(({ path, why }) => ({ path, why }))
}

function reasons(path: string, files: readonly string[], imports: Imports, signals: TestSignals): Why[] {
  const why: Why[] = []
  if (signals.reproduced.includes(path)) why.push({ lane: 'reproduction', weight: WEIGHTS.reproduction, evidence: 'holds the reproduction' })
  if (signals.checks.some((check) => check.kind === 'test' && check.file !== undefined && (path === check.file || path.endsWith(`/${check.file}`)))) {
    why.push({ lane: 'report', weight: WEIGHTS.named, evidence: 'the report names it' })
  }
  files.forEach((file, rank) => {
    if (file === path) return
    const share = 1 / (1 + 0.3 * rank)
    if (subject(path) === subject(file)) why.push({ lane: 'name', weight: rounded(WEIGHTS.name * share), evidence: `named like ${file}` })
    const entry = imports.of(path).find((imported) => imports.leads(imported, file))
    if (imports.of(path).includes(file)) why.push({ lane: 'import', weight: rounded(WEIGHTS.import * share), evidence: `imports ${file}` })
    else if (entry !== undefined) why.push({ lane: 'import', weight: rounded(WEIGHTS.entry * share), evidence: `imports ${entry}, which leads to ${file}` })
    else if (folder(path) === folder(file)) why.push({ lane: 'directory', weight: rounded(WEIGHTS.directory * share), evidence: `beside ${file}` })
  })
  // Where all tests import the one entry of a package, what they speak of tells them apart.
  const mentioned = why.length === 0 ? undefined : mentionedSuspect(signals.text(path) ?? '', signals.suspects)
  if (mentioned !== undefined) why.push({ lane: 'mention', weight: WEIGHTS.mention, evidence: `mentions \`${mentioned}\`` })
  return why
}

function mentionedSuspect(text: string, suspects: readonly Suspect[]): string | undefined {
  const names = suspects.slice(0, FILES_CONSIDERED).map(({ function: name = '' }) => name.slice(name.lastIndexOf('.') + 1))
  return names.find((name) => name.length >= SHORTEST_NAME && /^[\w$]+$/.test(name) && text.includes(name))
}

/** Which files of the tree a file imports, and what these hand on. */
class Imports {
  readonly #signals: TestSignals
  readonly #known = new Map<string, readonly string[]>()

  constructor(signals: TestSignals) {
    this.#signals = signals
  }

  of(path: string): readonly string[] {
    const known = this.#known.get(path)
    if (known !== undefined) return known
    const specifiers = this.#specifiers(path, this.#signals.text(path) ?? '')
    const found = [...new Set(specifiers.flatMap((specifier) => resolveImport(path, specifier, this.#signals) ?? []))]
    this.#known.set(path, found)
    return found
  }

  #specifiers(path: string, content: string): string[] {
    // Also where nothing gets a name: `module.exports = require('./lib/pager')`.
    if (!path.endsWith('.py')) return [...content.matchAll(/(?:\brequire\(|\bimport\b\(?|\bfrom\b)\s*['"]([^'"\n]+)['"]/g)].map(([, from = '']) => from)
    return this.#signals.syntax.imports(path, content).flatMap(({ from, exported }) => [from, ...submodule(from, exported)])
  }

  /** Whether a file is an entry that imports another, itself or through what it imports. */
  leads(entry: string, file: string): boolean {
    let next = fileClass(entry) === 'test' ? [] : [entry]
    const seen = new Set(next)
    for (let hop = 0; hop < HOPS; hop++) {
      next = next.flatMap((path) => this.of(path)).filter((path) => !seen.has(path) && seen.size < ENTRIES_FOLLOWED && seen.add(path))
      if (next.includes(file)) return true
    }
    return false
  }
}

/** Python's `from package import module`. */
function submodule(from: string, exported: string): string[] {
  return exported !== '*' ? [from.endsWith('.') ? from + exported : `${from}.${exported}`] : []
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

function folder(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
