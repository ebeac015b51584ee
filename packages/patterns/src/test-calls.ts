import type { Reproduction, SourceSnapshot } from '@fixpoint/core'
import type { FunctionSpan, ImportedName, Syntax } from '@fixpoint/syntax'

/** A function that the failing tests call, directly (`hops` 0) or through another function of the repository. */
export interface CalledFunction {
  readonly path: string
  readonly span: FunctionSpan
  readonly hops: number
}

/** Lines of a test's text that are read from the place of its name on. */
const TEST_LINES = 60
const MOST = 30
const MOST_HOPS = 2
const LONGEST_INDEX = 20_000
const HANDS_ON = /\bexport\s*(?:\*|\{[^}]*\})\s*(?:as\s+\w+\s*)?from\b|\bexports\b[^\n]*=[^;]*\brequire\(|\bmodule\.exports\s*=\s*\{|\bexport\s*\{/

/** What the failing tests call, told from their text: where no stack frame points into the sources, this is where to look. */
export function functionsCalledByTests(reproduction: Reproduction, source: SourceSnapshot, syntax: Syntax): readonly CalledFunction[] {
  const found: CalledFunction[] = []
  let from: { path: string; text: string; start: number; end: number }[] = []
  for (const test of reproduction.tests) {
    const text = reproduction.files.find((file) => file.path === test.file)?.content ?? source.text(test.file)
    if (text === undefined) continue
    from.push({ path: test.file, text, ...rangeOfTest(text, test.path.at(-1) ?? '') })
  }
  for (let hops = 0; hops <= MOST_HOPS && from.length > 0 && found.length < MOST; hops++) {
    const next: typeof from = []
    for (const place of from.slice(0, 20)) {
      for (const { path, text, span } of calledFrom(place, source, syntax)) {
        if (found.some((each) => each.path === path && each.span.start === span.start)) continue
        found.push({ path, span, hops })
        next.push({ path, text, start: span.start, end: span.end })
      }
    }
    from = next
  }
  return found.slice(0, MOST)
}

function rangeOfTest(text: string, name: string): { start: number; end: number } {
  const at = name === '' ? -1 : text.indexOf(name.replace(/\[.*\]$/, ''))
  if (at === -1) return { start: 0, end: text.length }
  const lines = text.slice(at).split('\n', TEST_LINES)
  return { start: at, end: at + lines.join('\n').length }
}

function* calledFrom(place: { path: string; text: string; start: number; end: number }, source: SourceSnapshot, syntax: Syntax) {
  const imports = syntax.imports(place.path, place.text)
  const here = syntax.functions(place.path, place.text)
  const reachable = new Map<string, string>()
  for (const each of imports) {
    const path = resolveImport(place.path, each.from, source) ?? submodule(place.path, each, source)
    if (path !== undefined && path !== place.path) reachable.set(each.local, path)
  }
  const names = new Set<string>()
  // Whatever is mentioned counts: a function that is handed over (`items.map(price)`) is called somewhere else.
  syntax.walk(place.path, place.text, (node) => {
    if (node.end <= place.start || node.start >= place.end) return false
    if (/identifier$/.test(node.type)) names.add(place.text.slice(node.start, node.end))
    return undefined
  })
  for (const each of imports) if (names.has(each.local) && !/^(default|\*)$/.test(each.exported)) names.add(each.exported)
  for (const call of syntax.calls(place.path, place.text)) {
    if (call.end <= place.start || call.start >= place.end) continue
    if (call.isNew || /^[A-Z]/.test(call.name)) names.add('constructor').add('__init__')
  }
  for (const span of here) if (!(span.start <= place.start && place.end <= span.end) && names.has(span.name)) yield { path: place.path, text: place.text, span }
  for (const [local, first] of reachable) {
    for (const path of withReExports(first, source)) {
      const text = source.text(path)
      if (text === undefined) continue
      const whole = (span: FunctionSpan) => names.has(local) && /^(module\.exports|default)$/.test(span.exported.kind)
      for (const span of syntax.functions(path, text)) if (names.has(span.name) || whole(span)) yield { path, text, span }
    }
  }
}

/** A file, and when it only hands on what others export (an `index`), those files too. */
function withReExports(first: string, source: SourceSnapshot): readonly string[] {
  const paths = [first]
  for (const path of paths) {
    const text = source.text(path) ?? ''
    if (paths.length > MOST || path.endsWith('.py') || text.length > LONGEST_INDEX || !HANDS_ON.test(text)) continue
    for (const found of text.matchAll(/(?:\bfrom|\brequire\()\s*['"](\.[^'"\n]*)['"]/g)) {
      const target = resolveImport(path, found[1] ?? '', source)
      if (target !== undefined && !paths.includes(target)) paths.push(target)
    }
  }
  return paths
}

/** Python's `from package import module`. */
function submodule(from: string, name: ImportedName, source: SourceSnapshot): string | undefined {
  if (!from.endsWith('.py') || name.exported === '*') return undefined
  return resolveImport(from, name.from.endsWith('.') ? name.from + name.exported : `${name.from}.${name.exported}`, source)
}

const ENDINGS = ['', '.ts', '.tsx', '.js', '.mjs', '.cjs', '.jsx', '.mts', '.cts', '/index.ts', '/index.js', '/index.mjs', '/index.cjs', '.py', '/__init__.py']

/** The repository's file that a relative import, or a dotted Python one, names. */
function resolveImport(from: string, module: string, source: SourceSnapshot): string | undefined {
  const folder = from.split('/').slice(0, -1)
  if (from.endsWith('.py')) {
    const dots = /^\.*/.exec(module)?.[0].length ?? 0
    const rest = module
      .slice(dots)
      .split('.')
      .filter((part) => part !== '')
    const base = dots === 0 ? [] : folder.slice(0, folder.length - (dots - 1))
    for (const root of dots > 0 ? [base] : [[], ['src'], ['lib'], folder, folder.slice(0, -1)]) {
      const found = firstFile([...root, ...rest].join('/'), source)
      if (found !== undefined) return found
    }
    return undefined
  }
  if (!module.startsWith('.')) return undefined
  const parts = [...folder]
  for (const part of module.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  const stem = parts.join('/')
  return mainOf(stem, source) ?? firstFile(stem, source) ?? firstFile(stem.replace(/\.[cm]?js$/, ''), source)
}

/** A folder with a `package.json` (`require('..')` in a test) means what that calls its main file. */
function mainOf(folder: string, source: SourceSnapshot): string | undefined {
  const text = source.text(folder === '' ? 'package.json' : `${folder}/package.json`)
  const main = /"main"\s*:\s*"([^"\\\n]+)"/.exec(text ?? '')?.[1]?.replace(/^\.\//, '')
  return main === undefined ? undefined : firstFile(folder === '' ? main : `${folder}/${main}`, source)
}

function firstFile(stem: string, source: SourceSnapshot): string | undefined {
  return ENDINGS.map((ending) => (stem === '' ? `index${ending}` : stem + ending)).find((path) => source.text(path) !== undefined)
}
