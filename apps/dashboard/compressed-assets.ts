import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const ENCODINGS = { br: promisify(brotliCompress), gz: promisify(gzip) } as const
const TEXT = /\.(js|css|html|svg|json)$/
/** What fits into one packet is as fast as it is. */
const FROM_BYTES = 1400

/** Lays `.br` and `.gz` beside what was built: the server sends them to whoever takes them, and compresses nothing itself. */
export function compressedAssets(): Plugin {
  let folder = ''
  return {
    name: 'compressed-assets',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir)
    },
    async closeBundle() {
      for (const name of await readdir(folder, { recursive: true })) if (TEXT.test(name)) await compress(join(folder, name))
    },
  }
}

async function compress(file: string): Promise<void> {
  const bytes = await readFile(file)
  if (bytes.length < FROM_BYTES) return
  await Promise.all(Object.entries(ENCODINGS).map(async ([ending, encode]) => writeFile(`${file}.${ending}`, await encode(bytes))))
}
