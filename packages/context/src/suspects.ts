import type { MappedFrame, Suspect, TextMatch, Why } from '@fixpoint/core'
import { calleesOf, type FileSyntax, type Place } from './callees.ts'
import { CLASS_PRIOR, fileClass } from './file-class.ts'
import { rounded, type ScoredFile } from './file-lanes.ts'
import type { Query } from './query.ts'

type ExecutedFunction = Execution['functions'][number]

/** What the failing test went through: nothing else can have made it fail, save what runs when a module is loaded. */
export interface Execution {
  /** In the order in which they were first entered. */
  readonly functions: readonly {
    readonly path: string
    readonly lines: readonly [number, number]
    readonly function: string
    /** Other tests that execute it too. */
    readonly others: number | undefined
  }[]
  /** Files of which everything that was executed is among them. */
  readonly paths: ReadonlySet<string>
}

export interface SuspectSignals {
  readonly execution: Execution | undefined
  readonly files: readonly ScoredFile[]
  readonly frames: readonly MappedFrame[]
  readonly matches: readonly (TextMatch & { readonly name: string })[]
  readonly query: Query
  readonly text: (path: string) => string | undefined
  readonly has: (path: string) => boolean
  readonly syntax: FileSyntax
}

const MAXIMUM_SUSPECTS = 24
const FILES_LOOKED_INTO = 20
const FRAMES_WITH_NEIGHBOURS = 3
/** A longer function is the module itself, wrapped up. */
const LONGEST_OUTER = 200
/** Lines on each side of a hot line that no function encloses. */
const MODULE_LINES = 10

const WEIGHTS = { frame: 2, hotCall: 0.8, call: 0.3, name: 0.7, text: 0.3, file: 0.5, executed: 1, notExecuted: 0.6 } as const

/**
 * Functions where the defect may be: those of the frames, those that the innermost frames call (one hop), and those of the best files that
 * hold the names of the report. Each says why; by falling score, ties by path and line.
 */
export function suspectsOf(signals: SuspectSignals): Suspect[] {
  const found = new Suspects(signals.files)
  signals.frames.forEach((frame, rank) => {
    const place = placeOfFrame(frame, signals)
    if (!place) return
    found.add(place, { lane: 'frame', weight: rounded((WEIGHTS.frame * frame.confidence) / (1 + 0.3 * rank)), evidence: `frame ${rank + 1} of the trace` })
    if (rank < FRAMES_WITH_NEIGHBOURS) neighbours(place, rank, signals, found)
  })
  for (const file of signals.files.slice(0, FILES_LOOKED_INTO)) namedFunctions(file.path, signals, found)
  if (signals.execution !== undefined) executed(signals.execution, signals, found)
  const ranked = found.ranked()
  // A test shows the defect and does not have it; where nothing else is known it is at least a place to begin.
  const own = ranked.filter(({ path }) => fileClass(path) !== 'test')
  return (own.length > 0 ? own : ranked).slice(0, MAXIMUM_SUSPECTS)
}

function placeOfFrame(frame: MappedFrame, { text, syntax }: SuspectSignals): Place | undefined {
  const content = text(frame.path)
  if (content === undefined) return undefined
  const { line } = frame
  const span = line === undefined ? undefined : syntax.enclosing(frame.path, content, { line })
  if (span) return { path: frame.path, function: span.qualified || span.name || 'anonymous', lines: span.lines, ...(line !== undefined && { hotLine: line }) }
  if (line !== undefined) {
    const last = content.split('\n').length
    return { path: frame.path, lines: [Math.max(1, line - MODULE_LINES), Math.min(last, line + MODULE_LINES)], hotLine: line }
  }
  const name = lastName(frame.function)
  const named = syntax.functions(frame.path, content).find((candidate) => name !== '' && candidate.name === name)
  return named && { path: frame.path, function: named.qualified || named.name, lines: named.lines }
}

/** Functions called in the function of a frame; those on its hot line first. */
function neighbours(place: Place, rank: number, signals: SuspectSignals, found: Suspects): void {
  for (const { name, target, lines } of calleesOf(place, signals)) {
    const hot = place.hotLine !== undefined && lines[0] <= place.hotLine && lines[1] >= place.hotLine
    const weight = rounded((hot ? WEIGHTS.hotCall : WEIGHTS.call) / (1 + 0.3 * rank))
    found.add(target, { lane: 'called', weight, evidence: `${place.function ?? place.path} calls \`${name}\` on line ${lines[0]}` })
  }
}

/** Functions whose name the report says, or that hold its names. */
function namedFunctions(path: string, signals: SuspectSignals, found: Suspects): void {
  const content = signals.text(path)
  if (content === undefined) return
  const weights = new Map(signals.query.identifiers.map(({ name, weight }) => [name, weight]))
  const spans = signals.syntax.functions(path, content)
  const prior = CLASS_PRIOR[fileClass(path)]
  const place = (span: (typeof spans)[number]): Place => ({ path, function: span.qualified || span.name || 'anonymous', lines: span.lines })
  for (const span of spans) {
    const weight = weights.get(span.name)
    if (weight !== undefined)
      found.add(place(span), { lane: 'name', weight: rounded(WEIGHTS.name * weight * prior), evidence: `the report names \`${span.name}\`` })
  }
  const inside = new Map<number, { span: (typeof spans)[number]; names: Set<string> }>()
  for (const match of signals.matches) {
    if (match.path !== path) continue
    const span = innermost(spans, match.line)
    if (!span) continue
    const entry = inside.get(span.start)
    if (entry) entry.names.add(match.name)
    else inside.set(span.start, { span, names: new Set([match.name]) })
  }
  for (const { span, names } of inside.values()) {
    const sum = [...names].reduce((total, name) => total + (weights.get(name) ?? 0), 0)
    found.add(place(span), {
      lane: 'text',
      weight: rounded(WEIGHTS.text * Math.min(3, sum) * prior),
      evidence: `contains ${[...names].slice(0, 5).join(', ')}`,
    })
  }
}

/** What few other tests execute is likelier the cause (Ochiai with one failing test), and what is not executed hardly is. */
function executed({ functions, paths }: Execution, { has }: SuspectSignals, found: Suspects): void {
  const counts = functions.map((each) => fewestWithin(each, functions))
  const fewest = Math.min(...counts)
  functions.forEach(({ path, lines, function: name, others }, index) => {
    if (!has(path)) return
    const weight = rounded(WEIGHTS.executed * Math.sqrt((1 + fewest) / (1 + (counts[index] ?? 0))))
    const also = others === undefined ? '' : others === 0 ? ' and by no other' : ` and by ${others} other${others === 1 ? '' : 's'}`
    found.add({ path, function: name, lines }, { lane: 'executed', weight, evidence: `executed by the failing test${also}` })
  })
  found.executedIn = paths
}

/** What is rare about a callback is so about the function that it stands in. */
function fewestWithin({ path, lines: [first, last], others = 0 }: ExecutedFunction, functions: readonly ExecutedFunction[]): number {
  if (last - first > LONGEST_OUTER) return others
  const callbacks = functions.filter((each) => each.path === path && each.lines[0] >= first && each.lines[1] <= last && each.function.includes('(anonymous)'))
  return Math.min(others, ...callbacks.map((each) => each.others ?? 0))
}

function innermost<T extends { readonly lines: readonly [number, number] }>(spans: readonly T[], line: number): T | undefined {
  let best: T | undefined
  for (const span of spans) if (span.lines[0] <= line && span.lines[1] >= line && (!best || span.lines[0] >= best.lines[0])) best = span
  return best
}

class Suspects {
  private readonly fileScores: ReadonlyMap<string, number>
  /** Files whose functions are lowered unless they were executed. */
  executedIn: ReadonlySet<string> = new Set()
  private readonly byPlace = new Map<string, { place: Place; why: Why[] }>()

  constructor(files: readonly ScoredFile[]) {
    const best = files[0]?.score ?? 1
    this.fileScores = new Map(files.map(({ path, score }) => [path, score / best]))
  }

  /** Of reasons of one lane the strongest stays. */
  add(place: Place, why: Why): void {
    const key = `${place.path}\0${place.lines[0]}\0${place.lines[1]}`
    const known = this.byPlace.get(key)
    if (!known) {
      this.byPlace.set(key, { place, why: [why] })
      return
    }
    if (known.place.hotLine === undefined && place.hotLine !== undefined) known.place = { ...known.place, hotLine: place.hotLine }
    const same = known.why.findIndex(({ lane }) => lane === why.lane)
    if (same < 0) known.why.push(why)
    else if ((known.why[same]?.weight ?? 0) < why.weight) known.why[same] = why
  }

  ranked(): Suspect[] {
    const suspects = [...this.byPlace.values()].map(({ place, why }): Suspect => {
      const file = rounded(WEIGHTS.file * (this.fileScores.get(place.path) ?? 0))
      const reasons = file > 0 ? [...why, { lane: 'file', weight: file, evidence: 'its file ranks high for the report' }] : why
      const sum = reasons.reduce((total, { weight }) => total + weight, 0)
      const isLowered = place.function !== undefined && this.executedIn.has(place.path) && !why.some(({ lane }) => lane === 'executed')
      const lowered = { lane: 'executed', weight: rounded(-WEIGHTS.notExecuted * sum), evidence: 'not executed by the failing test' }
      return {
        path: place.path,
        ...(place.function !== undefined && { function: place.function }),
        lines: [place.lines[0], place.lines[1]],
        ...(place.hotLine !== undefined && { hotLine: place.hotLine }),
        score: rounded(isLowered ? sum + lowered.weight : sum),
        why: isLowered ? [...reasons, lowered] : reasons,
      }
    })
    return suspects.sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.lines[0] - b.lines[0]))
  }
}

function lastName(name: string | undefined): string {
  return name === undefined ? '' : name.slice(name.lastIndexOf('.') + 1)
}
