import type { Project, Reproduction, Room, SourceSnapshot, TestSelection } from '@fixpoint/core'
import { type FunctionSpan, named, type Syntax, type SyntaxNode, visit } from '@fixpoint/syntax'
import { isForeign, isGenerated } from './editable.ts'
import { javascriptHead, pythonHead, type Splice, spliced } from './function-head.ts'
import { OUT } from './replay/instrument.ts'

/** A function that the failing tests execute. */
export interface ExecutedFunction {
  readonly path: string
  readonly lines: readonly [number, number]
  readonly function: string
  /** Other tests that execute it too; not known where the suite is too slow to be run with marks. */
  readonly others: number | undefined
}

export interface ExecutedFunctions {
  /** In the order in which the failing tests first enter them. */
  readonly functions: readonly ExecutedFunction[]
  /** Files of which everything that was executed is among them. */
  readonly paths: ReadonlySet<string>
}

export interface ExecutionRequest {
  readonly room: Room
  readonly source: SourceSnapshot
  readonly syntax: Syntax
  readonly project: Project
  readonly reproduction: Pick<Reproduction, 'tests' | 'files'>
  /** Letters and digits; names the files that the room writes. */
  readonly nonce: string
  /** What the whole suite takes: a quick one is run to see how many other tests execute the same. */
  readonly suiteMs: number
  readonly timeoutMs: number
}

const QUICK_MS = 20_000
const SLACK_MS = 10_000
const LARGEST_FILE = 300_000
/** Of all files that get marks: parsing more takes longer than it tells. */
const MOST_CHARACTERS = 3_000_000
const MAXIMUM_BYTES = 8_000_000

interface Mark {
  readonly path: string
  readonly span: FunctionSpan
}

/**
 * What the failing tests execute, and what of it is theirs alone. Each function gets a mark at its head and each test of JavaScript its
 * name (pytest says it by itself); the failing tests run once, then, marked where they went, the rest of a quick suite. `undefined` when
 * nothing was seen. The room's tree is as before when it returns.
 */
export async function executedFunctions(request: ExecutionRequest, signal: AbortSignal): Promise<ExecutedFunctions | undefined> {
  const { project, reproduction, room, suiteMs, timeoutMs, nonce } = request
  if (project.runner === 'command') return undefined
  const marks = marksOf(request)
  try {
    const own = await entered(request, marks, { kind: 'tests', tests: reproduction.tests }, `own-${nonce}`, signal)
    const within = own.visits.filter(({ test }) => test !== '')
    const reached = [...new Set((within.length > 0 ? within : own.visits).map(({ mark }) => mark))]
    if (reached.length === 0) return undefined
    const failing = new Set(within.map(({ test }) => test))
    // Marks make a runner compile anew, which may take longer than the suite does.
    const isQuick = suiteMs <= QUICK_MS && own.durationMs <= QUICK_MS
    const all =
      isQuick && failing.size > 0
        ? await entered({ ...request, timeoutMs: Math.min(timeoutMs, 2 * suiteMs + SLACK_MS) }, reached, { kind: 'all' }, `all-${nonce}`, signal)
        : undefined
    const counts = all && counted(all.visits.filter(({ test }) => test !== '' && !failing.has(test)))
    return {
      functions: reached.map((mark) => ({
        path: mark.path,
        lines: mark.span.lines,
        function: mark.span.qualified || mark.span.name || 'anonymous',
        others: counts && (counts.get(mark)?.size ?? 0),
      })),
      paths: new Set(marks.map(({ path }) => path)),
    }
  } finally {
    await room.reset()
  }
}

function counted(visits: readonly Visit[]): Map<Mark, Set<string>> {
  const tests = new Map<Mark, Set<string>>()
  for (const { mark, test } of visits) tests.set(mark, (tests.get(mark) ?? new Set()).add(test))
  return tests
}

/** Every function of the sources that a mark can be put into. */
function marksOf({ source, syntax, project }: ExecutionRequest): Mark[] {
  const tests = new Set(project.testFiles)
  const marks: Mark[] = []
  let characters = 0
  for (const { path, kind } of source.list()) {
    if (kind === 'link' || tests.has(path) || isForeign(path) || syntax.languageOf(path) === undefined) continue
    const text = source.text(path)
    if (text === undefined || text.length > LARGEST_FILE || isGenerated(text) || characters + text.length > MOST_CHARACTERS) continue
    characters += text.length
    for (const span of syntax.functions(path, text)) marks.push({ path, span })
  }
  return marks
}

interface Visit {
  readonly mark: Mark
  /** Empty outside of any. */
  readonly test: string
}

/** Runs tests with these marks: which of them were entered, by which test, each once, in order. */
async function entered(
  request: ExecutionRequest,
  marks: readonly Mark[],
  selection: TestSelection,
  name: string,
  signal: AbortSignal,
): Promise<{ visits: readonly Visit[]; durationMs: number }> {
  const { room, reproduction, timeoutMs } = request
  const out = `${OUT}/executed-${name}.txt`
  await room.reset()
  await room.write([...reproduction.files, ...markedFiles(request, marks, out)])
  const { durationMs } = await room.test(selection, signal, timeoutMs)
  const bytes = (await room.read([out], MAXIMUM_BYTES)).get(out)
  const lines = bytes === undefined ? [] : new Set(new TextDecoder().decode(bytes).split('\n'))
  const visits = [...lines].flatMap((line) => {
    const [, index, test] = /^(\d{1,7}) (.*)$/.exec(line) ?? []
    const mark = marks[Number(index)]
    return mark === undefined ? [] : [{ mark, test: (test ?? '').replace(/ \((?:setup|call|teardown)\)$/, '') }]
  })
  return { visits, durationMs }
}

function markedFiles({ source, syntax, project, reproduction }: ExecutionRequest, marks: readonly Mark[], out: string) {
  const splices = new Map<string, Splice[]>()
  const texts = new Map(reproduction.files.map(({ path, content }) => [path, content]))
  const textOf = (path: string) => texts.get(path) ?? source.text(path) ?? ''
  for (const [index, { path, span }] of marks.entries()) {
    const text = textOf(path)
    const root = syntax.parse(path, text)
    if (root === undefined) continue
    const head = syntax.languageOf(path) === 'python' ? pythonMark(text, root, span, index) : javascriptMark(text, span, index, path.endsWith('ts'))
    splices.set(path, [...(splices.get(path) ?? []), ...head])
  }
  for (const path of new Set([...project.testFiles, ...texts.keys()])) {
    const found = testHeads(path, textOf(path), syntax)
    if (found.length > 0) splices.set(path, found)
  }
  return [...splices].flatMap(([path, added]) => {
    const content = spliced(textOf(path), added) + runtimeOf(syntax.languageOf(path) ?? 'javascript', out)
    return syntax.error(path, content) === undefined ? [{ path, content }] : []
  })
}

function javascriptMark(text: string, span: FunctionSpan, index: number, typescript: boolean): readonly Splice[] {
  // TypeScript may want `super()` first.
  const derived = typescript && span.kind === 'constructor' && /\bsuper\s*\(/.test(text.slice(span.bodyStart, span.bodyEnd))
  return derived ? [] : javascriptHead(text, span, `__fixpointRan(${index})`)
}

function pythonMark(text: string, root: SyntaxNode, span: FunctionSpan, index: number): readonly Splice[] {
  return pythonHead(text, root, span, `try: _fixpoint_ran(${index})`, 'except NameError: pass') ?? []
}

/** `it('names a test', () => { … })`: from here on this test runs. */
function testHeads(path: string, text: string, syntax: Syntax): Splice[] {
  const root = syntax.languageOf(path) === 'python' ? undefined : syntax.parse(path, text)
  if (root === undefined) return []
  const heads: Splice[] = []
  const spans = syntax.functions(path, text)
  visit(root, (node) => {
    if (node.type !== 'call_expression' || !/^(?:\w+\.)?(?:it|test|specify)\b/.test(text.slice(node.start, node.start + 60))) return undefined
    const last = named(node.children.find(({ type }) => type === 'arguments')).at(-1)
    const span = spans.find(({ start, end }) => start === last?.start && end === last.end)
    if (span !== undefined) heads.push(...javascriptHead(text, span, `__fixpointRan(-1,${JSON.stringify(`${path}:${span.lines[0]}`)})`))
    return undefined
  })
  return heads
}

/** What the marks call. A symbol, for some runners refuse new global names; files may each load it anew, side by side. */
function runtimeOf(language: string, out: string): string {
  if (language === 'python')
    return `
def _fixpoint_ran(n, ran=set()):
    import os
    test = os.environ.get('PYTEST_CURRENT_TEST', '')
    if (n, test) in ran:
        return
    ran.add((n, test))
    try:
        with open('${out}', 'a') as file:
            file.write('%d %s\\n' % (n, test))
    except Exception:
        pass
`
  const any = language === 'javascript' ? '' : ': any'
  const global = language === 'javascript' ? 'globalThis' : '(globalThis as any)'
  return `
;function __fixpointRan(n${any}, test${any} = undefined)${any} {
  const g${any} = ${global}, key${any} = Symbol.for('fixpoint.ran')
  const now = g[key] || (g[key] = { test: '', ran: new Set() })
  if (test !== undefined) { now.test = test; now.ran = new Set(); return }
  if (now.ran.has(n)) return
  now.ran.add(n)
  try {
    now.fs = now.fs || ${language === 'javascript' ? '(g.process || process)' : 'g.process'}.getBuiltinModule('node:fs')
    now.fd = now.fd || now.fs.openSync('${out}', 'a')
    now.fs.writeSync(now.fd, n + ' ' + now.test + '\\n')
  } catch (_) {}
}
`
}
