import type { StackFrame, StackTrace } from '@fixpoint/core'
import { type EncodedSourceMap, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { framePlace } from '../frame-place.ts'
import type { SourceMap } from './source-map.ts'

/** Where a place of a minified file was written. */
export type OriginalPlaces = (
  line: number,
  column: number,
) => { readonly file: string; readonly line: number; readonly column: number; readonly name?: string } | undefined

/** Decodes a map once, for many places. Undefined for one whose mappings are no mappings. */
export function originalPlaces(map: SourceMap): OriginalPlaces | undefined {
  try {
    const files = map.sources.map((source) => (source === null ? undefined : sourcePath(source, map.sourceRoot ?? '')))
    const sources = map.sources.map((_, index) => String(index))
    const decoded = new TraceMap({ version: 3, names: map.names, mappings: map.mappings, sources } satisfies EncodedSourceMap)
    originalPositionFor(decoded, { line: 1, column: 0 })
    return (line, column) => {
      const found = originalPositionFor(decoded, { line, column: column - 1 })
      const file = found.source === null ? undefined : files[Number(found.source)]
      if (file === undefined || found.line === null || found.line < 1 || found.column < 0) return undefined
      return { file, line: found.line, column: found.column + 1, ...(found.name ? { name: found.name } : {}) }
    }
  } catch {
    return undefined
  }
}

/**
 * The same traces where they were written. A frame is named by the place that called it: there stands its original name, while the name in
 * the trace is the minifier's.
 */
export function originalTraces(traces: readonly StackTrace[], placesOf: (file: string) => OriginalPlaces | undefined): StackTrace[] {
  return traces.map((trace) => originalTrace(trace, placesOf))
}

/** Files of which a map may be known, each once. */
export function minifiedFiles(traces: readonly StackTrace[]): readonly string[] {
  const files = traces.flatMap((trace) => [
    ...trace.frames.filter(isMinified).map(({ file }) => file),
    ...minifiedFiles(trace.causes.map(({ trace: cause }) => cause)),
  ])
  return [...new Set(files.filter((file): file is string => file !== undefined))]
}

function originalTrace(trace: StackTrace, placesOf: (file: string) => OriginalPlaces | undefined): StackTrace {
  const causes = trace.causes.map((cause) => ({ ...cause, trace: originalTrace(cause.trace, placesOf) }))
  if (trace.language !== 'javascript') return { ...trace, causes }
  const places = trace.frames.map((frame) =>
    isMinified(frame) && frame.file !== undefined && frame.line !== undefined && frame.column !== undefined
      ? placesOf(frame.file)?.(frame.line, frame.column)
      : undefined,
  )
  const frames = trace.frames.map((frame, depth): StackFrame => {
    const place = places[depth]
    if (place === undefined) return frame
    const { function: minified, ...rest } = frame
    const name = places[depth + 1]?.name ?? (isName(minified) ? minified : undefined)
    return { ...rest, ...(name !== undefined && { function: name }), file: place.file, line: place.line, column: place.column, place: framePlace(place.file) }
  })
  return { ...trace, frames, causes }
}

/** Minifiers give names of one or two letters. */
function isName(told: string | undefined): boolean {
  return told !== undefined && told.slice(told.lastIndexOf('.') + 1).length > 2
}

function isMinified({ place, file }: StackFrame): boolean {
  return place === 'code' && file !== undefined && /\.[cm]?js(?:[?#:].*)?$/.test(file)
}

/** `webpack://shop/./src/a.ts?1f2e`, `../../src/a.ts` with a root: a path for people and for the mapping onto the repository. Nothing is opened by it. */
function sourcePath(source: string, root: string): string | undefined {
  const joined = /^(?:[a-z][a-z+.-]*:|\/)/i.test(source) || root === '' ? source : `${root.replace(/\/$/, '')}/${source}`
  const local = joined.replace(/^[a-z][a-z+.-]{1,20}:\/\/[^/]*/i, '').replace(/\?[^/]*$/, '')
  const segments: string[] = []
  for (const segment of local.replaceAll('\\', '/').split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  const path = segments.join('/')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are refused
  return path === '' || path.length > 1000 || /[\u0000-\u001f\u007f]/.test(path) ? undefined : path
}
