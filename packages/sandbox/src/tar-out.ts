import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import tar from 'tar-stream'

export interface TarLimits {
  readonly maximumEntries: number
  readonly maximumFileBytes: number
  readonly maximumTotalBytes: number
}

/** Files by normalised path, and why each other entry was left out. */
export interface TarContents {
  readonly files: ReadonlyMap<string, Buffer>
  readonly refused: readonly { readonly name: string; readonly reason: string }[]
}

/**
 * Reads an archive that a stranger made. Regular files only; links, devices, folders, odd names, what is too big and
 * what comes twice are left out and listed. Stops at the first limit. Never writes anywhere.
 */
export async function readTar(archive: Iterable<Uint8Array>, limits: TarLimits): Promise<TarContents> {
  const files = new Map<string, Buffer>()
  const refused: { name: string; reason: string }[] = []
  const extract = tar.extract()
  let entries = 0
  let total = 0
  extract.on('entry', (header, stream, next) => {
    // A broken archive breaks the entry as well; nobody else listens there.
    stream.on('error', () => {})
    entries += 1
    if (entries > limits.maximumEntries) return extract.destroy(new TarLimit('too many entries'))
    const name = normalised(header.name)
    const reason = refusal(header, name, limits, files)
    if (reason !== undefined) {
      // A folder is not worth a word; and what is refused is skipped, not kept.
      if (header.type !== 'directory') refused.push({ name: header.name.slice(0, 200), reason })
      stream.on('end', next).resume()
      return
    }
    const chunks: Buffer[] = []
    stream.on('data', (data) => {
      const chunk = data as Buffer
      total += chunk.length
      if (total > limits.maximumTotalBytes) extract.destroy(new TarLimit('too many bytes'))
      else chunks.push(chunk)
    })
    stream.on('end', () => {
      const content = Buffer.concat(chunks)
      if (content.length === header.size && name !== undefined) files.set(name, content)
      next()
    })
  })
  try {
    await finished(Readable.from(archive).pipe(extract))
  } catch (error) {
    refused.push({ name: '', reason: error instanceof TarLimit ? error.message : 'not a whole archive' })
  }
  return { files, refused }
}

class TarLimit extends Error {}

function refusal(header: tar.Header, name: string | undefined, limits: TarLimits, files: ReadonlyMap<string, Buffer>): string | undefined {
  if (header.type !== 'file' && header.type !== 'contiguous-file') return 'not a regular file'
  if (name === undefined) return 'not a path inside the archive'
  if (files.has(name)) return 'comes twice'
  if (typeof header.size !== 'number' || header.size < 0) return 'has no size'
  return header.size > limits.maximumFileBytes ? 'too big' : undefined
}

/** `a/b` for `./a//b`; undefined for what is absolute, climbs, or holds NUL or a backslash. */
function normalised(name: string): string | undefined {
  if (name.startsWith('/') || name.includes('\0') || name.includes('\\')) return undefined
  const segments = name.split('/').filter((segment) => segment !== '' && segment !== '.')
  return segments.length === 0 || segments.includes('..') ? undefined : segments.join('/')
}
