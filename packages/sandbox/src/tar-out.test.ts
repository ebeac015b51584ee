import { describe, expect, it } from 'vitest'
import { type RoomFile, tarOf, tarSize } from './tar-in.ts'
import { readTar } from './tar-out.ts'

const LIMITS = { maximumEntries: 100, maximumFileBytes: 1000, maximumTotalBytes: 5000 }

/** A raw header: the corpus holds what no tar program writes. */
function entry(name: string, fields: { type?: string; content?: string | Buffer; size?: number | string; link?: string } = {}): Buffer {
  const content = Buffer.from(fields.content ?? '')
  const block = Buffer.alloc(512)
  const size = typeof fields.size === 'string' ? fields.size : (fields.size ?? content.length).toString(8).padStart(11, '0')
  block.write(name, 0)
  block.write('0000644\0', 100)
  block.write('0001750\0', 108)
  block.write('0001750\0', 116)
  block.write(size, 124)
  block.write('00000000000\0', 136)
  block.fill(0x20, 148, 156)
  block.write(fields.type ?? '0', 156)
  block.write(fields.link ?? '', 157)
  block.write('ustar\u000000', 257, 'latin1')
  block.write(
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  )
  return Buffer.concat([block, content, Buffer.alloc((512 - (content.length % 512)) % 512)])
}
const END = Buffer.alloc(1024)
const good = entry('good', { content: 'yes' })

async function read(...parts: Buffer[]) {
  const { files, refused } = await readTar(parts, LIMITS)
  return { names: [...files.keys()], reasons: refused.map((one) => one.reason) }
}

describe('an archive from a room', () => {
  it('gives regular files by plain names', async () => {
    const { files, refused } = await readTar([entry('./a//b.txt', { content: 'hi' }), entry('empty'), entry('folder/', { type: '5' }), END], LIMITS)
    expect([...files].map(([name, content]) => [name, content.toString()])).toEqual([
      ['a/b.txt', 'hi'],
      ['empty', ''],
    ])
    expect(refused).toEqual([])
  })

  const corpus: [string, Buffer[], string][] = [
    ['a path that climbs', [entry('../evil', { content: 'x' })], 'not a path inside the archive'],
    ['a path that climbs from within', [entry('a/../../evil', { content: 'x' })], 'not a path inside the archive'],
    ['an absolute path', [entry('/etc/passwd', { content: 'x' })], 'not a path inside the archive'],
    ['a backslash', [entry('..\\evil', { content: 'x' })], 'not a path inside the archive'],
    ['a symbolic link', [entry('report.xml', { type: '2', link: '/etc/hostname' })], 'not a regular file'],
    ['a hard link', [entry('report.xml', { type: '1', link: '/etc/shadow' })], 'not a regular file'],
    ['a fifo', [entry('report.xml', { type: '6' })], 'not a regular file'],
    ['a character device', [entry('report.xml', { type: '3' })], 'not a regular file'],
    ['a block device', [entry('report.xml', { type: '4' })], 'not a regular file'],
    ['a file that is too big', [entry('big', { content: 'x'.repeat(1001) })], 'too big'],
    ['a name that comes twice', [entry('./good', { content: 'forged' })], 'comes twice'],
  ]
  it.each(corpus)('leaves out %s and keeps the rest', async (_, parts, reason) => {
    const { names, reasons } = await read(good, ...parts, entry('after', { content: 'x' }), END)
    expect(names).toEqual(['good', 'after'])
    expect(reasons).toEqual([reason])
  })

  it('does not write through a link that came before', async () => {
    expect((await read(entry('out', { type: '2', link: '/tmp' }), entry('out/pwned', { content: 'x' }), END)).names).toEqual(['out/pwned'])
  })

  it.each([
    ['a terabyte that never comes', [entry('sparse', { size: '20000000000000' })]],
    ['a size that is no number', [entry('odd', { size: 'zzzzzzzzzzz' })]],
    ['rubbish', [Buffer.alloc(700, 7)]],
    ['an entry cut off', [entry('cut', { content: 'x'.repeat(900) }).subarray(0, 700)]],
    ['a wrong checksum', [Buffer.concat([entry('sum', { content: 'x' }).fill('9', 148, 154)])]],
  ])('keeps what came whole before %s', async (_, parts) => {
    const { names } = await read(good, ...parts)
    expect(names).toEqual(['good'])
  })

  it('stops at its number of entries', async () => {
    const many = Array.from({ length: 100_000 / 100 }, (_, index) => entry(`f${index}`, { content: 'x' }))
    const { names, reasons } = await read(...many, END)
    expect(names).toHaveLength(LIMITS.maximumEntries)
    expect(reasons).toEqual(['too many entries'])
  })

  it('stops at its number of bytes', async () => {
    const { names, reasons } = await read(...Array.from({ length: 20 }, (_, index) => entry(`f${index}`, { content: 'x'.repeat(900) })), END)
    expect(names).toHaveLength(5)
    expect(reasons).toEqual(['too many bytes'])
  })

  it('takes a name apart that an extended header gave', async () => {
    const record = (text: string) => `${text.length + 3} ${text}\n`
    const climbing = entry('x', { type: 'x', content: record('path=../../evil') })
    expect(await read(climbing, entry('plain', { content: 'x' }), END)).toEqual({ names: [], reasons: ['not a path inside the archive'] })
  })
})

describe('an archive for a room', () => {
  const files: RoomFile[] = [
    { path: 'a.txt', content: Buffer.from('one'), executable: false },
    { path: `${'deep/'.repeat(60)}name with spaces\nand a new line`, content: Buffer.alloc(513, 1), executable: true },
    { path: '-rf', content: Buffer.alloc(0), executable: false },
    { path: 'ünïcode/ファイル', content: Buffer.from('ü'), executable: false },
    { path: 'n'.repeat(100), content: Buffer.alloc(512), executable: false },
    { path: 'm'.repeat(101), content: Buffer.alloc(1), executable: false },
  ]
  it('comes out as it went in, and has the size that was said', async () => {
    const chunks = [...tarOf(files)]
    const { files: out, refused } = await readTar(chunks, LIMITS)
    expect(refused).toEqual([])
    expect([...out.keys()]).toEqual(files.map((file) => file.path))
    for (const file of files) expect(Buffer.compare(out.get(file.path) ?? Buffer.from('missing'), Buffer.from(file.content))).toBe(0)
    expect(tarSize(files)).toBe(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  })

  it('comes in chunks', () => {
    const big = Array.from({ length: 40 }, (_, index) => ({ path: `f${index}`, content: Buffer.alloc(100_000), executable: false }))
    const sizes = [...tarOf(big)].map((chunk) => chunk.length)
    expect(sizes.length).toBeGreaterThan(2)
    expect(Math.max(...sizes)).toBeLessThan(2 ** 21)
  })
})
