import type { Excerpt, Suspect, TextMatch, Why } from '@fixpoint/core'
import { calleesOf, type FileSyntax } from './callees.ts'
import { fileClass } from './file-class.ts'
import type { RelatedTest } from './related-tests.ts'

/** Shares of the budget: candidates for edits, what the likeliest calls, tests, callers, and a map of the files around them. */
const SHARES = { edit: 0.55, callee: 0.15, test: 0.12, caller: 0.08, map: 0.1 } as const
/** Of the best score: what is below it harms more than it helps. */
const MARGIN = 0.15
const MAXIMUM_SHARE_OF_ITEM = 0.5
const WINDOW = 12
const MAXIMUM_CALLERS = 3
/** The likeliest, whose callees decide what it gets to see. */
const SUSPECTS_WITH_CALLEES = 2
/** A function that so many tests go through as this weight says is there for all of them. */
const RARE = 0.3
const LONGEST_COMMENT = 15

export interface PackSignals {
  readonly suspects: readonly Suspect[]
  readonly tests: readonly RelatedTest[]
  readonly callers: readonly TextMatch[]
  readonly text: (path: string) => string | undefined
  readonly has: (path: string) => boolean
  readonly syntax: FileSyntax
  readonly budget: number
}

/** About four characters to a token, in code as in English. */
export function tokensOf(text: string): number {
  return Math.ceil(text.length / 4)
}

/** Functions, not files, until the budget is spent; a long function is shown by its signature and the lines around what matters. */
export function pack(signals: PackSignals): { excerpts: Excerpt[]; tokens: number } {
  const packed = new Pack(signals)
  edits(signals, packed)
  callees(signals, packed)
  tests(signals, packed)
  callers(signals, packed)
  maps(signals, packed)
  return { excerpts: packed.excerpts, tokens: packed.tokens }
}

class Pack {
  readonly excerpts: Excerpt[] = []
  tokens = 0
  private readonly text: (path: string) => string | undefined
  private readonly budget: number
  private readonly spent = new Map<Excerpt['role'], number>()
  /** Of an excerpt with lines left out, those that are shown. */
  private readonly shown = new Map<Excerpt, readonly [number, number]>()

  constructor({ text, budget }: PackSignals) {
    this.text = text
    this.budget = budget
  }

  /** Adds lines of a file when they are not there yet and fit. */
  add(
    role: keyof typeof SHARES,
    path: string,
    lines: readonly [number, number],
    why: readonly Why[],
    part?: { readonly text: string; readonly shown: readonly [number, number] },
  ): boolean {
    const text = part?.text ?? this.lines(path, lines)
    if (text === undefined || text.trim() === '' || this.covers(path, lines) || this.repeats(text)) return false
    const cost = tokensOf(text)
    const used = this.spent.get(role) ?? 0
    if (used + cost > this.budget * SHARES[role] || this.tokens + cost > this.budget) return false
    this.spent.set(role, used + cost)
    this.tokens += cost
    const excerpt: Excerpt = { path, lines: [lines[0], lines[1]], text, role, why: [...why] }
    this.excerpts.push(excerpt)
    if (part) this.shown.set(excerpt, part.shown)
    return true
  }

  lines(path: string, [first, last]: readonly [number, number]): string | undefined {
    return this.text(path)
      ?.split('\n')
      .slice(first - 1, last)
      .join('\n')
  }

  private covers(path: string, [first, last]: readonly [number, number]): boolean {
    return this.excerpts.some((item) => {
      const [from, to] = this.shown.get(item) ?? item.lines
      return item.role !== 'map' && item.path === path && from <= first && to >= last
    })
  }

  /** More than four fifths of the lines are shown already. */
  private repeats(text: string): boolean {
    const own = lineSet(text)
    if (own.size < 4) return false
    return this.excerpts.some((item) => {
      const other = lineSet(item.text)
      let shared = 0
      for (const line of own) if (other.has(line)) shared += 1
      return shared / (own.size + other.size - shared) > 0.8
    })
  }
}

function lineSet(text: string): Set<string> {
  return new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.length > 2),
  )
}

function edits({ suspects, text, budget }: PackSignals, packed: Pack): void {
  const best = suspects[0]?.score ?? 0
  for (const suspect of suspects) {
    if (suspect.score < best * MARGIN) break
    if (isCommonplace(suspect)) continue
    const lines = withComment(suspect, text(suspect.path) ?? '')
    const whole = packed.lines(suspect.path, lines)
    if (whole === undefined) continue
    if (tokensOf(whole) <= budget * SHARES.edit * MAXIMUM_SHARE_OF_ITEM) packed.add('edit', suspect.path, lines, suspect.why)
    else packed.add('edit', suspect.path, suspect.lines, suspect.why, elided(suspect, text(suspect.path) ?? ''))
  }
}

/** Nothing speaks for it but that the failing test goes through it, as most tests do. */
function isCommonplace({ why }: Suspect): boolean {
  return why.every(({ lane }) => lane === 'executed' || lane === 'file') && !why.some(({ lane, weight }) => lane === 'executed' && weight >= RARE)
}

/** From the comment on, that stands right above a function: it says what the function is meant to do. */
function withComment({ lines: [first, last] }: Suspect, text: string): readonly [number, number] {
  const above = text.split('\n').slice(Math.max(0, first - 1 - LONGEST_COMMENT), first - 1)
  const comment = above.length - 1 - above.findLastIndex((line) => !/^\s*(?:\/\/|\/?\*|#)/.test(line))
  return [first - comment, last]
}

/** What the likeliest suspects call, whole or by its beginning. */
function callees({ suspects, text, has, syntax, budget }: PackSignals, packed: Pack): void {
  for (const suspect of suspects.slice(0, SUSPECTS_WITH_CALLEES)) {
    for (const { name, target, lines } of calleesOf(suspect, { text, has, syntax })) {
      const why = [{ lane: 'called', weight: 0.3, evidence: `${suspect.function ?? suspect.path} calls \`${name}\` on line ${lines[0]}` }]
      const isShort = tokensOf(packed.lines(target.path, target.lines) ?? '') <= budget * SHARES.callee * MAXIMUM_SHARE_OF_ITEM
      packed.add('callee', target.path, target.lines, why, isShort ? undefined : elided({ ...target, lines: [...target.lines] }, text(target.path) ?? ''))
    }
  }
}

/** Signature and a window around the hot line (or the beginning); `…` where lines are left out. */
function elided({ lines: [first, last], hotLine }: Pick<Suspect, 'lines' | 'hotLine'>, text: string): { text: string; shown: readonly [number, number] } {
  const all = text.split('\n')
  const centre = hotLine ?? Math.min(last, first + WINDOW)
  const from = Math.max(first, centre - WINDOW)
  const to = Math.min(last, centre + WINDOW)
  const head = from > first + 1 ? [cut(all[first - 1]), `… lines ${first + 1}–${from - 1} left out`] : all.slice(first - 1, from - 1).map(cut)
  const tail = to < last ? [`… lines ${to + 1}–${last} left out`] : []
  return { text: [...head, ...all.slice(from - 1, to).map(cut), ...tail].join('\n'), shown: [from, to] }
}

function cut(line: string | undefined): string {
  return line === undefined ? '' : line.length > 240 ? `${line.slice(0, 240)}…` : line
}

/** Of each test the lines around the first mention of a suspect. */
function tests({ tests: related, suspects, text }: PackSignals, packed: Pack): void {
  const names = suspects
    .slice(0, 5)
    .flatMap((suspect) => (suspect.function === undefined ? [] : [suspect.function.slice(suspect.function.lastIndexOf('.') + 1)]))
  for (const { path, why } of related) {
    const lines = text(path)?.split('\n')
    if (!lines) continue
    const mention = lines.findIndex((line) => !/^\s*(import|from|const .*require)\b/.test(line) && names.some((name) => name.length > 2 && line.includes(name)))
    const centre = mention < 0 ? Math.min(lines.length, WINDOW) : mention + 1
    packed.add('test', path, [Math.max(1, centre - WINDOW), Math.min(lines.length, centre + WINDOW)], why)
  }
}

function callers({ callers: found, text, syntax }: PackSignals, packed: Pack): void {
  let count = 0
  for (const { path, line, text: shown } of found) {
    if (count >= MAXIMUM_CALLERS) break
    const content = text(path)
    if (content === undefined || fileClass(path) !== 'code') continue
    const span = syntax.enclosing(path, content, { line })
    const first = Math.max(span?.lines[0] ?? 1, line - WINDOW)
    const last = Math.min(span?.lines[1] ?? line + WINDOW, line + WINDOW)
    const why = [{ lane: 'caller', weight: 0.3, evidence: `line ${line}: ${shown.trim().slice(0, 80)}` }]
    if (packed.add('caller', path, [first, Math.max(first, last)], why)) count += 1
  }
}

/** Imports and signatures of the files that edits are in. */
function maps({ suspects, text, syntax }: PackSignals, packed: Pack): void {
  const edited = new Set(packed.excerpts.filter(({ role }) => role === 'edit').map(({ path }) => path))
  for (const path of [...new Set(suspects.map((suspect) => suspect.path))].filter((candidate) => edited.has(candidate))) {
    const content = text(path)
    if (content === undefined) continue
    const all = content.split('\n')
    const imports = all.filter((line) => /^\s*(import\b|from \S+ import\b|(?:const|let|var) .*\brequire\()/.test(line)).slice(0, 20)
    const signatures = syntax.functions(path, content).flatMap((span) => (span.name === '' ? [] : [`${span.lines[0]}: ${cut(all[span.lines[0] - 1]).trim()}`]))
    const body = [...imports.map(cut), ...new Set(signatures.slice(0, 40))].join('\n')
    packed.add('map', path, [1, Math.max(1, all.length)], [{ lane: 'map', weight: 0.1, evidence: 'imports and signatures of a file with a suspect' }], {
      text: body,
      shown: [0, 0],
    })
  }
}
