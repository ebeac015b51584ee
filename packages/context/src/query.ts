import { type BugReport, reveal, type StackTrace } from '@fixpoint/core'

/** What a report asks about: names of code to search for, words for paths and commits, paths it mentions. */
export interface Query {
  /** Best first. `weight` in (0, 1]. */
  readonly identifiers: readonly { readonly name: string; readonly weight: number }[]
  readonly words: ReadonlySet<string>
  readonly text: string
}

const MAXIMUM_IDENTIFIERS = 24
const MAXIMUM_TEXT = 64 * 1024
const STOP_WORDS = new Set(
  `the and for with that this from when then have has was were are not but you your can could should would will does did what which where while into
  error errors exception traceback recent call last file line most undefined null none true false object function return await async import const let var class new
  throw throws throwing typeof instanceof string number boolean array promise node internal process modules anonymous module exports require test tests expected actual
  received bug issue report reproduce steps using used use get set run app src lib dist index main http https www com self def raise except print console log`.split(
    /\s+/,
  ),
)

export function queryOf(report: BugReport): Query {
  const text = `${reveal(report.title)}\n${reveal(report.text)}`.slice(0, MAXIMUM_TEXT)
  const weights = new Map<string, number>()
  const note = (name: string, weight: number) => {
    if (isName(name)) weights.set(name, Math.max(weights.get(name) ?? 0, weight))
  }
  for (const trace of report.traces) noteTrace(trace, note)
  for (const span of quotedCode(text)) for (const name of namesIn(span)) note(name, 0.8)
  // Prose words are no names: only what is written like code counts.
  for (const name of namesIn(text)) if (looksLikeCode(name)) note(name, 0.5)
  const identifiers = [...weights].map(([name, weight]) => ({ name, weight })).sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))
  return { identifiers: identifiers.slice(0, MAXIMUM_IDENTIFIERS), words: wordsOf(text), text }
}

function noteTrace(trace: StackTrace, note: (name: string, weight: number) => void): void {
  for (const name of namesIn(trace.message?.split('\n')[0] ?? '')) if (looksLikeCode(name) || trace.message?.includes(`'${name}'`)) note(name, 0.9)
  let rank = 0
  for (const frame of trace.frames) {
    if (frame.place !== 'code' || rank >= 8) continue
    for (const name of namesIn(frame.function ?? '')) note(name, 1 / (1 + 0.3 * rank))
    rank += 1
  }
  for (const { trace: cause } of trace.causes.slice(0, 3)) noteTrace(cause, note)
}

function quotedCode(text: string): string[] {
  return [...text.matchAll(/`([^`\n]{2,120})`/g)].map((match) => match[1] ?? '').slice(0, 100)
}

function namesIn(text: string): string[] {
  return text.match(/[A-Za-z_$][\w$]{1,60}/g) ?? []
}

function isName(name: string): boolean {
  return name.length >= 3 && !STOP_WORDS.has(name.toLowerCase()) && !/^[A-Z][a-z]+(Error|Exception)$/.test(name)
}

/** camelCase, snake_case, or a class of two words. */
function looksLikeCode(name: string): boolean {
  return /[a-z0-9][A-Z]/.test(name) || /[A-Za-z0-9]_[A-Za-z0-9]/.test(name)
}

/** Lower-case words of a text, identifiers taken apart, with a light stem. */
export function wordsOf(text: string): Set<string> {
  const words = new Set<string>()
  for (const name of text.match(/[A-Za-z][A-Za-z0-9]{1,40}/g) ?? []) {
    for (const part of name.split(/(?<=[a-z0-9])(?=[A-Z])/)) {
      const word = stem(part.toLowerCase())
      if (word.length >= 3 && !STOP_WORDS.has(part.toLowerCase())) words.add(word)
    }
    if (words.size > 2000) break
  }
  return words
}

function stem(word: string): string {
  if (word.length > 5 && word.endsWith('ing')) return word.slice(0, -3)
  if (word.length > 4 && word.endsWith('ed')) return word.slice(0, -2)
  return word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word
}
