import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'

const BUILT = new URL('../../apps/dashboard/dist/', import.meta.url)
const MOST = 250_000

interface Chunk {
  readonly file: string
  readonly imports?: readonly string[]
  readonly css?: readonly string[]
}

it('what a browser loads for the first page is small', () => {
  const manifest: Record<string, Chunk> = JSON.parse(readFileSync(new URL('.vite/manifest.json', BUILT), 'utf8'))
  const needed = new Set<string>()
  const follow = (name: string) => {
    const chunk = manifest[name]
    if (chunk === undefined || needed.has(chunk.file)) return
    for (const file of [chunk.file, ...(chunk.css ?? [])]) needed.add(file)
    chunk.imports?.forEach(follow)
  }
  expect(manifest['src/pages/inbox/page.tsx'], 'the inbox comes with the first load').toBeUndefined()
  follow('index.html')
  expect([...needed].filter((file) => file.endsWith('.js'))).toHaveLength(1)
  const bytes = [...needed].reduce((sum, file) => sum + gzipSync(readFileSync(fileURLToPath(new URL(file, BUILT)))).length, 0)
  console.log(`first page: ${Math.round(bytes / 1000)} kB compressed, of ${MOST / 1000}`)
  expect(bytes).toBeLessThan(MOST)
  expect(
    [...needed].some((file) => readFileSync(new URL(file, BUILT), 'utf8').includes('ZodError')),
    'no zod in the browser',
  ).toBe(false)
})
