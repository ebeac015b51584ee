import type { DraftTask, DraftTools } from '@fixpoint/core'
import { named, type Syntax, type SyntaxNode, visit } from '@fixpoint/syntax'
import type { Suspicion } from './localise.ts'
import { functionAround } from './tree.ts'

const OUT = '/fixpoint/out/fixpoint-executed.txt'
const MAXIMUM_BYTES = 1_000_000
const TIMEOUT_MS = 60_000

interface Mark {
  readonly path: string
  readonly at: number
  readonly from: number
  readonly to: number
  /** First and last line of its function. */
  readonly within: readonly [number, number]
}

/**
 * Suspicions without the lines that the failing tests never run: an edit there cannot mend them. Each statement in a function's block
 * gets a mark in front, on its own line, and the failing tests run once with the marks. Whenever that tells nothing (another language
 * than JavaScript or TypeScript, tests that do not fail with marks, no marks seen) the suspicions come back as they were.
 */
export async function executedOnly(
  suspicions: readonly Suspicion[],
  task: DraftTask,
  tools: DraftTools,
  syntax: Syntax,
  signal: AbortSignal,
): Promise<readonly Suspicion[]> {
  if (task.project.runner === 'command') return suspicions
  const marks: Mark[] = []
  const files = suspicions.flatMap(({ path, text }) => {
    const content = marked(path, text, syntax, marks)
    return content === undefined ? [] : [{ path, content }]
  })
  if (files.length === 0) return suspicions
  try {
    await tools.room.write(files)
    const run = await tools.room.test({ kind: 'tests', tests: task.reproduction.tests }, signal, TIMEOUT_MS)
    const wanted = new Set(task.reproduction.tests.map((test) => test.id))
    const failed = run.tests.filter((test) => wanted.has(test.id) && test.status === 'failed' && test.failure !== undefined)
    const same = failed.some(({ failure }) => failure?.errorType === task.reproduction.failure.errorType)
    const bytes = (await tools.room.read([OUT], MAXIMUM_BYTES)).get(OUT)
    if (!run.reported || !same || bytes === undefined) return suspicions
    return without(suspicions, deadLines(marks, new TextDecoder().decode(bytes)))
  } finally {
    await tools.room.reset()
  }
}

/** The text with a mark before each statement of a function's block, and what they call at its end. */
function marked(path: string, text: string, syntax: Syntax, marks: Mark[]): string | undefined {
  const root = syntax.parse(path, text)
  if (root === undefined || syntax.languageOf(path) === 'python') return undefined
  const own: Mark[] = []
  visit(root, (node) => {
    const owner = functionAround(node)
    if (owner !== undefined && isMarkable(node, text))
      own.push({
        path,
        at: node.start,
        from: lineOf(text, node.start),
        to: lineOf(text, node.end),
        within: [lineOf(text, owner.start), lineOf(text, owner.end)],
      })
    return undefined
  })
  if (own.length === 0) return undefined
  const first = marks.length
  marks.push(...own)
  let content = text
  for (const [index, mark] of [...own.entries()].reverse()) content = `${content.slice(0, mark.at)}__fixpointRan(${first + index});${content.slice(mark.at)}`
  content += `\n;function __fixpointRan(n) { const ran = (globalThis.__fixpointSeen ??= new Set()); if (ran.has(n)) return; ran.add(n); try { process.getBuiltinModule('node:fs').appendFileSync('${OUT}', n + '\\n') } catch {} }\n`
  return syntax.error(path, content) === undefined ? content : undefined
}

function isMarkable(node: SyntaxNode, text: string): boolean {
  if (!node.named || node.parent?.type !== 'statement_block') return false
  if (
    /^(function_declaration|generator_function_declaration|class_declaration|comment|empty_statement|interface_declaration|type_alias_declaration)$/.test(
      node.type,
    )
  )
    return false
  // A directive must stay first.
  return !(node.type === 'expression_statement' && named(node)[0]?.type === 'string' && /^['"]use /.test(text.slice(node.start, node.start + 5)))
}

/** Lines whose innermost marked statement did not run, by file. */
function deadLines(marks: readonly Mark[], seen: string): ReadonlyMap<string, ReadonlySet<number>> {
  const ran = new Set(seen.split('\n').map(Number))
  const dead = new Map<string, Set<number>>()
  // Outer statements come before inner ones: the last word on a line is the innermost's.
  for (const [index, { path, from, to }] of marks.entries()) {
    const lines = dead.get(path) ?? new Set<number>()
    dead.set(path, lines)
    for (let line = from; line <= to; line += 1) {
      if (ran.has(index)) lines.delete(line)
      else lines.add(line)
    }
  }
  // Nor do the heads of functions of which nothing ran.
  const entered = new Set(marks.flatMap(({ path, within }, index) => (ran.has(index) ? [`${path}:${within.join()}`] : [])))
  for (const { path, within } of marks) if (!entered.has(`${path}:${within.join()}`)) dead.get(path)?.add(within[0])
  // `if (a) { return }` on one line: that its inside did not run says nothing about the condition.
  for (const [index, { path, from }] of marks.entries()) if (ran.has(index)) dead.get(path)?.delete(from)
  return dead
}

function without(suspicions: readonly Suspicion[], dead: ReadonlyMap<string, ReadonlySet<number>>): readonly Suspicion[] {
  const left = suspicions.map((each) => ({ ...each, lines: new Map([...each.lines].filter(([line]) => !dead.get(each.path)?.has(line))) }))
  return left.some(({ lines }) => lines.size > 0) ? left.filter(({ lines }) => lines.size > 0) : suspicions
}

function lineOf(text: string, offset: number): number {
  let line = 1
  for (let index = text.indexOf('\n'); index !== -1 && index < offset; index = text.indexOf('\n', index + 1)) line += 1
  return line
}
