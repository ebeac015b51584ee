import type { DraftTask } from '@fixpoint/core'
import type { FunctionSpan, Syntax } from '@fixpoint/syntax'
import { isGenerated, mayEdit } from './editable.ts'
import { type StackLine, stackLines } from './stack-lines.ts'
import { functionsCalledByTests } from './test-calls.ts'

/** A file with the lines where the defect may be; weights are relative, 3 is where the failure surfaced. */
export interface Suspicion {
  readonly path: string
  readonly text: string
  readonly lines: ReadonlyMap<number, number>
  /** For people: `pageCount`, `Pager.next`. */
  readonly functions: readonly string[]
}

const MOST_LINES = 60
const MOST_FUNCTIONS = 10

/**
 * Where to look. The innermost frame in the repository weighs 3, the next four 1.5, what the dossier suspects up to 2,
 * functions that the failing tests call 1 and less the further away; around a line its function, falling with distance.
 */
export function localise(task: DraftTask, syntax: Syntax): readonly Suspicion[] {
  const may = mayEdit(task.project, task.policy)
  const ground = new Ground(task, syntax, (path) => may(path) && syntax.languageOf(path) !== undefined)
  const failed = stackLines(`${task.reproduction.failure.message}\n${task.reproduction.failure.stack}`, task.source)
  const reported = task.frames.flatMap((frame): StackLine[] => (frame.line === undefined ? [] : [{ path: frame.path, line: frame.line }]))
  ground.addFrames(failed, 1)
  ground.addFrames(reported, failed.length === 0 ? 1 : 0.6)
  const best = Math.max(...task.dossier.suspects.map((suspect) => suspect.score), 0)
  for (const suspect of task.dossier.suspects) {
    const share = best > 0 ? suspect.score / best : 0.5
    if (suspect.hotLine !== undefined) ground.addLine({ path: suspect.path, line: suspect.hotLine }, 2 * share)
    else ground.addRange(suspect.path, suspect.lines, 0.8 * share)
  }
  const strong = ground.strongest() >= 1.5
  for (const { path, span, hops } of functionsCalledByTests(task.reproduction, task.source, syntax)) {
    ground.addRange(path, span.lines, (strong ? 0.4 : 1) / (1 + 0.5 * hops))
  }
  return ground.suspicions()
}

/** Weights by file and line. */
class Ground {
  readonly #weights = new Map<string, Map<number, number>>()
  readonly #task: DraftTask
  readonly #syntax: Syntax
  readonly #may: (path: string) => boolean

  constructor(task: DraftTask, syntax: Syntax, may: (path: string) => boolean) {
    this.#task = task
    this.#syntax = syntax
    this.#may = may
  }

  addFrames(lines: readonly StackLine[], factor: number): void {
    const mine = lines.filter(({ path }) => this.#text(path) !== undefined)
    // Who throws on purpose has noticed the defect and seldom is it: its caller is.
    const noticed = mine.length > 1 && mine[0] !== undefined && this.#throws(mine[0])
    for (const [rank, line] of mine.slice(0, 5).entries()) {
      const weight = rank === (noticed ? 1 : 0) ? 3 : 1.5
      this.addLine(line, (noticed && rank === 0 ? 1 : weight) * factor)
    }
  }

  /** The line, and the rest of its function with falling weight: what ran before it is likelier than what stands after it. */
  addLine({ path, line }: StackLine, weight: number): void {
    const text = this.#text(path)
    if (text === undefined) return
    this.#raise(path, line, weight)
    const span = this.#syntax.enclosing(path, text, { line })
    const [from, to] = span?.lines ?? [Math.max(1, line - 5), line]
    for (let each = from; each <= to; each++) this.#raise(path, each, (weight * (each < line ? 0.5 : 0.35)) / (1 + Math.abs(each - line) / 6))
  }

  addRange(path: string, [from, to]: readonly [number, number], weight: number): void {
    const text = this.#text(path)
    if (text === undefined) return
    for (let each = from; each <= Math.min(to, from + 200); each++) this.#raise(path, each, weight)
  }

  strongest(): number {
    return Math.max(0, ...[...this.#weights.values()].flatMap((lines) => [...lines.values()]))
  }

  suspicions(): readonly Suspicion[] {
    const functions = new Map<string, { path: string; span: FunctionSpan | undefined; lines: [number, number][]; weight: number }>()
    for (const [path, lines] of this.#weights) {
      const text = this.#text(path)
      if (text === undefined) continue
      for (const [line, weight] of lines) {
        const span = this.#syntax.enclosing(path, text, { line })
        const key = `${path}\0${span?.start ?? -1}`
        const known = functions.get(key) ?? { path, span, lines: [], weight: 0 }
        known.lines.push([line, weight])
        known.weight = Math.max(known.weight, weight)
        functions.set(key, known)
      }
    }
    const chosen = [...functions.values()].sort((a, b) => b.weight - a.weight).slice(0, MOST_FUNCTIONS)
    const likeliest = chosen.flatMap(({ path, lines }) => lines.map(([line, weight]) => ({ path, line, weight }))).sort((a, b) => b.weight - a.weight)
    const kept = likeliest.slice(0, MOST_LINES)
    // A function that is suspected at all is suspected at its head, where its parameters are.
    for (const { path, span, weight } of chosen) if (span !== undefined) kept.push({ path, line: span.lines[0], weight: weight * 0.4 })
    return [...new Set(kept.map(({ path }) => path))].map((path) => ({
      path,
      text: this.#text(path) ?? '',
      lines: kept
        .filter((each) => each.path === path)
        .reduce((lines, { line, weight }) => lines.set(line, Math.max(weight, lines.get(line) ?? 0)), new Map<number, number>()),
      functions: chosen.flatMap((each) => (each.path === path && each.span !== undefined ? [each.span.qualified] : [])),
    }))
  }

  #raise(path: string, line: number, weight: number): void {
    const lines = this.#weights.get(path) ?? new Map<number, number>()
    lines.set(line, Math.max(weight, lines.get(line) ?? 0))
    this.#weights.set(path, lines)
  }

  #throws({ path, line }: StackLine): boolean {
    return /(^|[\s;{)])(throw|raise|assert)\b/.test(this.#text(path)?.split('\n')[line - 1] ?? '')
  }

  #text(path: string): string | undefined {
    if (!this.#may(path)) return undefined
    const text = this.#task.source.text(path)
    return text === undefined || isGenerated(text) ? undefined : text
  }
}
