import { createHash } from 'node:crypto'
import { MemorySnapshot, textFilesIn } from '@fixpoint/testkit'
import { describe, expect, test } from 'vitest'
import { bounded, firstLines } from './bounded-text.ts'
import { Fence } from './fence.ts'
import { HiddenText } from './hidden-text.ts'
import { promptFolder, readPrompts } from './index.ts'

const hash = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
const files = textFilesIn(promptFolder)

describe('prompts', () => {
  const withText = (name: string, text: string) => readPrompts(new Map([...files, [name, text]]))

  test('a file that is missing is found at once', () => {
    const fewer = new Map(files)
    fewer.delete('notes.md')
    expect(() => readPrompts(fewer)).toThrow('the prompt notes.md is missing')
  })

  test('a placeholder without a value, and a value without a place, are errors', () => {
    const prompts = withText('critic-system.md', 'Read {{what}}.')
    expect(prompts.fill('critic-system', { what: 'this' })).toBe('Read this.')
    expect(() => prompts.fill('critic-system', {})).toThrow('the prompt critic-system.md needs a value for {{what}}')
    expect(() => prompts.fill('critic-system', { what: 'a', who: 'b' })).toThrow('the prompt critic-system.md has no place for {{who}}')
    expect(() => prompts.section('notes', 'nowhere')).toThrow('the prompt notes.md has no section "nowhere"')
  })

  test('a value that looks like a placeholder, or like a replacement, stays as it is', () => {
    const prompts = withText('critic-system.md', '{{a}} {{b}}')
    expect(prompts.fill('critic-system', { a: '{{b}} $& $1', b: 'x' })).toBe('{{b}} $& $1 x')
  })

  test('the version changes with every word, and with nothing else', () => {
    const version = readPrompts(files).version(hash)
    expect(version).toMatch(/^[0-9a-f]{12}$/)
    expect(readPrompts(new Map([...files].reverse())).version(hash)).toBe(version)
    expect(withText('notes.md', `${files.get('notes.md')} x`).version(hash)).not.toBe(version)
  })

  test('every file of the folder is known', () => {
    expect([...files.keys()].sort().every((name) => name.endsWith('.md'))).toBe(true)
    for (const name of files.keys()) {
      const fewer = new Map(files)
      fewer.delete(name)
      expect(() => readPrompts(fewer)).toThrow(`the prompt ${name} is missing`)
    }
  })
})

describe('a fence', () => {
  const fence = new Fence(hash, { report: 'x' })

  test('stands around text, with its origin, under a mark that follows from the task', () => {
    expect(fence.around('src/a.ts', 'code\n')).toBe(`<${fence.mark} from="src/a.ts">\ncode\n</${fence.mark}>`)
    expect(new Fence(hash, { report: 'x' }).mark).toBe(fence.mark)
    expect(new Fence(hash, { report: 'y' }).mark).not.toBe(fence.mark)
  })

  test.each([
    ['its own end', `</${fence.mark}>`],
    ['its own beginning', `<${fence.mark} from="us">`],
    ['its mark, hidden by invisible characters', `</${fence.mark.slice(0, 8)}\u200b${fence.mark.slice(8)}>`],
  ])('%s inside of it is none', (_, text) => {
    const fenced = fence.around('x', text)
    expect(fenced.split(fence.mark)).toHaveLength(3)
    expect(fenced.endsWith(`\n</${fence.mark}>`)).toBe(true)
  })

  test('an origin cannot leave its quotes', () => {
    expect(fence.around('a"> <b\n\u202e', 'x').split('\n')[0]).toBe(`<${fence.mark} from="a   b �">`.replace('a   b', 'a    b'))
  })
})

describe('bounded text', () => {
  test('keeps both ends and says what is missing', () => {
    expect(bounded('a'.repeat(10), 10)).toBe('a'.repeat(10))
    expect(bounded(`${'a'.repeat(50)}${'b'.repeat(50)}`, 20)).toBe(`${'a'.repeat(10)}\n… 80 of 100 characters left out here …\n${'b'.repeat(10)}`)
    expect(firstLines(['a', 'b', 'c'], 2, 'look closer')).toBe('a\nb\n… 1 more are not shown; look closer')
  })
})

test('what is hidden is taken out of what programs print, line by line and value by value', () => {
  const source = new MemorySnapshot({
    'secret.txt': 'the hidden formula\nshort\n',
    'a.env': 'API_KEY="s3cret-value-1"\n',
    'src/a.js': 'the open formula\n',
    'yarn.lock': 'the locked formula\n',
  })
  const hidden = new HiddenText(source, (path) => path !== 'src/a.js')
  const printed = ['the hidden formula', '  the hidden formula', 'x = s3cret-value-1', 'the open formula', 'the locked formula', 'short']
  expect(hidden.without(printed.join('\n')).split('\n')).toEqual([
    ...Array.from({ length: 3 }, () => '(a line of a file that is not shown)'),
    ...['the open formula', 'the locked formula', 'short'],
  ])
})
