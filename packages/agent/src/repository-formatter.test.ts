import { MemorySnapshot, RecordingRoom, ScriptWorld } from '@fixpoint/testkit'
import { describe, expect, test } from 'vitest'
import { formatted, formatterFor } from './repository-formatter.ts'

const { sameTokens } = new ScriptWorld({ main: '', tests: {}, failing: [] })
const source = new MemorySnapshot({ '.prettierrc': '{}', 'a.js': 'const  a = 1\nconst  b = 2\nconst  c = 3\n' })
const before = source.text('a.js') ?? ''
const after = before.replace('const  b = 2', 'const  b  =  20')

async function format(printed: string, exitCode = 0) {
  const room = new RecordingRoom()
  room.answer = () => ({ stdout: printed, exitCode })
  const text = await formatted({ path: 'a.js', before, after }, { room, source, sameTokens }, new AbortController().signal)
  return { text, room }
}

describe('the formatter of the repository', () => {
  test('formats only the lines that the patch brought', async () => {
    const { text, room } = await format('const a = 1\nconst b = 20\nconst c = 3\n')
    expect(text).toBe(before.replace('const  b = 2', 'const b = 20'))
    expect(room.commands).toEqual([expect.objectContaining({ argv: ['node_modules/.bin/prettier', '--stdin-filepath', 'a.js'], stdin: after })])
  })

  test('a line that it breaks into several', async () => {
    const { text } = await format('const  a = 1\nconst b =\n  20\nconst  c = 3\n')
    expect(text).toBe(before.replace('const  b = 2', 'const b =\n  20'))
  })

  test.each([
    ['another program', 'const  a = 1\nconst b = 666\nconst  c = 3\n', 0],
    ['nothing', '', 0],
    ['an error', 'const b = 20', 2],
    ['lines that nobody changed', 'const a = 1\nconst  b  =  20\nconst c = 3\n', 0],
  ])('%s is not taken', async (_, printed, exitCode) => {
    expect((await format(printed, exitCode)).text).toBe(after)
  })

  test.each([
    ['a.ts', { 'biome.json': '{}', '.prettierrc': '' }, 'node_modules/.bin/biome'],
    ['a.ts', { 'package.json': '{"devDependencies":{"prettier":"3.0.0"}}' }, 'node_modules/.bin/prettier'],
    ['a.ts', { 'eslint.config.mjs': '' }, 'node_modules/.bin/eslint'],
    ['a.py', { 'pyproject.toml': '[tool.black]\n' }, '.venv/bin/python'],
    ['a.py', { 'ruff.toml': '' }, '.venv/bin/python'],
    ['a.py', { '.prettierrc': '' }, undefined],
    ['a.ts', { 'package.json': '{}' }, undefined],
  ])('%s with %j: %s', (path, files, program) => {
    expect(formatterFor(path, new MemorySnapshot(files))?.argv(path)[0]).toBe(program)
  })

  test('of eslint the repaired text is read from its report', () => {
    const eslint = formatterFor('a.js', new MemorySnapshot({ '.eslintrc.json': '{}' }))
    expect(eslint?.read?.(JSON.stringify([{ output: 'x' }]))).toBe('x')
    for (const printed of ['', '[]', '[{}]', 'Oops', 'null', '[null]']) expect(eslint?.read?.(printed)).toBeUndefined()
  })
})
