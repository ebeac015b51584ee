import { z } from 'zod'

/** Of one map, without the sources themselves. Maps of large applications are a few megabytes. */
const MAXIMUM_MAPPINGS = 12 * 1_048_576
const MAXIMUM_LINES = 500_000
const MAXIMUM_SEGMENTS = 2_000_000
const Text = z.string().max(4000)

/**
 * What is kept of a source map: places and names. `sourcesContent` is the whole source of an application: it is dropped before anything is
 * stored.
 */
const SourceMapFile = z.object({
  version: z.literal(3),
  file: Text.optional(),
  sourceRoot: Text.nullish(),
  sources: z.array(Text.nullable()).max(50_000),
  names: z.array(z.string().max(2000)).max(1_000_000).default([]),
  mappings: z
    .string()
    .max(MAXIMUM_MAPPINGS)
    .regex(/^[A-Za-z0-9+/,;]*$/),
  debugId: z.string().max(100).optional(),
  debug_id: z.string().max(100).optional(),
})

export interface SourceMap extends Omit<z.infer<typeof SourceMapFile>, 'debug_id'> {}

/** A stranger's JSON as a source map, or in one sentence why it is none that is read. */
export function readSourceMap(told: unknown): SourceMap | { readonly refused: string } {
  if (typeof told !== 'object' || told === null) return { refused: 'it is not a JSON object' }
  if ('sections' in told) return { refused: 'it is an index map (`sections`): let the bundler write one plain map for each file' }
  const parsed = SourceMapFile.safeParse(told)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return { refused: `its ${issue?.path[0]?.toString() ?? 'form'} is not as version 3 of the format says, or too large` }
  }
  const { debug_id, ...map } = parsed.data
  if (count(map.mappings, ';') > MAXIMUM_LINES || count(map.mappings, ',') > MAXIMUM_SEGMENTS) return { refused: 'it has too many mappings' }
  const debugId = debugIdOf(map.debugId ?? debug_id)
  return { ...map, debugId }
}

/** The same in every spelling; undefined for what is no UUID. */
export function debugIdOf(told: string | undefined): string | undefined {
  const plain = told?.toLowerCase().replaceAll('-', '')
  return plain !== undefined && /^[0-9a-f]{32}$/.test(plain) ? plain : undefined
}

function count(text: string, character: string): number {
  let found = 0
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) found += 1
  return found
}
