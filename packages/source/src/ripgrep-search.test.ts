import { MemorySnapshot } from '@fixpoint/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { RipgrepSearch } from './ripgrep-search.ts'

const signal = new AbortController().signal
let search = new RipgrepSearch()
afterEach(async () => {
  await search[Symbol.asyncDispose]()
  search = new RipgrepSearch()
})

const snapshot = new MemorySnapshot({
  'a.js': 'const price = 1\nlet other\nprice()\r\n',
  '-rf\n"x"': 'price: here\n',
  '.hidden/.gitignore': 'price\n',
  'binary.bin': Uint8Array.from([112, 114, 105, 99, 101, 0]),
  link: { kind: 'link', content: 'price' },
})

describe('RipgrepSearch', () => {
  it('finds fixed strings in every text file, in order', async () => {
    expect(await search.search(snapshot, ['price'], { limit: 10, signal })).toEqual([
      { path: '-rf\n"x"', line: 1, text: 'price: here' },
      { path: '.hidden/.gitignore', line: 1, text: 'price' },
      { path: 'a.js', line: 1, text: 'const price = 1' },
      { path: 'a.js', line: 3, text: 'price()' },
    ])
  })

  it.each([
    ['a regular expression is text', ['price.*'], 0],
    ['an option is text', ['--help', '-f/etc/passwd'], 0],
    ['several patterns', ['other', 'here'], 2],
    ['nothing to look for', ['', 'a\nb'], 0],
  ])('%s', async (_, patterns, count) => {
    expect(await search.search(snapshot, patterns, { limit: 10, signal })).toHaveLength(count)
  })

  it('stops at the limit', async () => {
    const many = new MemorySnapshot({ 'many.js': 'price\n'.repeat(100_000) })
    expect(await search.search(many, ['price'], { limit: 3, signal })).toHaveLength(3)
    expect(await search.search(many, ['price'], { limit: 0, signal })).toEqual([])
  })

  it('keeps the beginning of an endless line', async () => {
    const [match] = await search.search(new MemorySnapshot({ a: 'price'.repeat(1_000_000) }), ['price'], { limit: 3, signal })
    expect(match?.text).toHaveLength(2000)
  })

  it('ends with the reason of its signal', async () => {
    const controller = new AbortController()
    const searching = search.search(new MemorySnapshot({ a: 'price\n'.repeat(1_000_000) }), ['price'], { limit: 1_000_000, signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(searching).rejects.toThrow('enough')
  })

  it('says when there is no ripgrep', async () => {
    await using without = new RipgrepSearch({ programs: ['/nowhere/rg'] })
    await expect(without.search(snapshot, ['price'], { limit: 1, signal })).rejects.toMatchObject({ code: 'settings-invalid' })
  })
})
