import type { StackFrame, StackTrace, TraceLanguage } from '@fixpoint/core'
import { framePlace } from '../frame-place.ts'

export const MAXIMUM_FRAMES = 200
/** Errors of one chain or group. */
export const MAXIMUM_CHAINED = 20
const MAXIMUM_MESSAGE = 4000
const MAXIMUM_TYPE = 300

/** A frame as a source tells it: nothing else of a frame is ever read. */
export interface ToldFrame {
  readonly function?: string | undefined
  readonly file?: string | undefined
  /** The same file by a longer name, if the source knows one. */
  readonly absolute?: string | undefined
  readonly line?: number | undefined
  readonly column?: number | undefined
  readonly async?: boolean | undefined
  /** False: the source says that it is not the application's. */
  readonly own?: boolean | undefined
}

export interface ToldError {
  readonly type?: string | undefined
  readonly message?: string | undefined
  /** Innermost first. */
  readonly frames: readonly ToldFrame[]
}

export function traceOf(language: TraceLanguage, error: ToldError, causes: StackTrace['causes'] = []): StackTrace {
  const anyOwn = error.frames.some((frame) => frame.own === true)
  const type = error.type?.trim().split('\n', 1)[0]?.slice(0, MAXIMUM_TYPE)
  const message = error.message?.slice(0, MAXIMUM_MESSAGE)
  return {
    language,
    ...(type && { errorType: type }),
    ...(message && { message }),
    frames: error.frames.slice(0, MAXIMUM_FRAMES).map((frame) => frameOf(frame, anyOwn)),
    causes,
  }
}

/** Errors from the one that surfaced to the one that began it. */
export function chainOf(language: TraceLanguage, errors: readonly ToldError[]): StackTrace | undefined {
  let trace: StackTrace | undefined
  for (const error of errors.slice(0, MAXIMUM_CHAINED).toReversed()) trace = traceOf(language, error, trace ? [{ relation: 'cause', trace }] : [])
  return trace
}

const NAMELESS = new Set(['?', '<unknown>', '<anonymous>', '[anonymous]', 'anonymous'])

function frameOf(told: ToldFrame, anyOwn: boolean): StackFrame {
  const file = isAbsolute(told.absolute) ? told.absolute : (told.file ?? told.absolute)
  const places = [framePlace(file), framePlace(told.file ?? file)]
  const place = places.find((candidate) => candidate !== 'code') ?? (told.own === false && anyOwn ? 'dependency' : 'code')
  const name = told.function?.trim()
  return {
    ...(name && !NAMELESS.has(name) && { function: name }),
    ...(file !== undefined && place !== 'anonymous' && place !== 'native' && { file }),
    ...(told.line !== undefined && told.line > 0 && { line: told.line }),
    ...(told.column !== undefined && told.column > 0 && { column: told.column }),
    async: told.async ?? false,
    place,
  }
}

function isAbsolute(path: string | undefined): path is string {
  return path !== undefined && (path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path) || /^[a-z][a-z+.-]{1,20}:\/\//.test(path))
}

const LANGUAGES: Readonly<Record<string, TraceLanguage>> = {
  ...over('javascript', ['javascript', 'node', 'nodejs', 'node-js', 'typescript', 'webjs', 'browser', 'browser-js', 'deno', 'bun', 'js', 'ts']),
  ...over('python', ['python', 'python3', 'py']),
}

function over(language: TraceLanguage, names: readonly string[]): Record<string, TraceLanguage> {
  return Object.fromEntries(names.map((name) => [name, language]))
}

const OTHERS = new Set(['other', 'unknown', 'native', ''])

/** By the source's word, else by the files; undefined for a language that we do not read. */
export function languageOf(word: string | undefined, files: readonly (string | undefined)[]): TraceLanguage | undefined {
  const name = word?.trim().toLowerCase() ?? ''
  if (Object.hasOwn(LANGUAGES, name)) return LANGUAGES[name]
  if (!OTHERS.has(name)) return undefined
  for (const file of files) {
    if (file === undefined) continue
    if (/\.pyx?$/.test(file)) return 'python'
    if (/\.(?:[cm]?[jt]sx?|vue|svelte)(?:[?:].{0,100})?$/.test(file)) return 'javascript'
  }
  return undefined
}

/** Whether a trace, or what led to it, names a place in a file. */
export function hasFrames(trace: StackTrace): boolean {
  return trace.frames.some((frame) => frame.file !== undefined && frame.place !== 'runtime') || trace.causes.some((cause) => hasFrames(cause.trace))
}

/** Said when a source tells of a language that we do not read. */
export function unreadLanguage(language: string): string {
  return `Fixpoint reads traces of JavaScript, TypeScript and Python; this one is of ${language.slice(0, 40)}.`
}
