import { describe, expect, it } from 'vitest'
import { resemblanceOf } from './resemblance.ts'

const text = (...lines: string[]) => `${lines.join('\n')}\n`
const base = text('a', 'b', 'c', 'd', 'e', 'f')
const proposed = text('a', 'b', 'C', 'd', 'e', 'f')

describe('what people did', () => {
  it.each([
    ['identical', 'the same', proposed],
    ['identical', 'the same, with other ends of lines', proposed.replaceAll('\n', '  \r\n')],
    ['identical', 'the same, and something elsewhere', text('A', 'b', 'C', 'd', 'e', 'f', 'g')],
    ['same-lines', 'another fix of the line', text('a', 'b', 'c2', 'd', 'e', 'f')],
    ['same-lines', 'the same line and its neighbour', text('a', 'b', 'C', 'D', 'e', 'f')],
    ['same-lines', 'the line is gone', text('a', 'b', 'd', 'e', 'f')],
    ['same-files', 'something else in the file', text('a', 'b', 'c', 'd', 'E', 'f')],
    ['same-files', 'the file is gone', null],
    ['untouched', 'nothing', base],
  ] as const)('%s: %s', (expected, _, now) => {
    expect(resemblanceOf([{ base, proposed, now }])).toBe(expected)
  })

  it('an insertion touches the lines on both sides', () => {
    const inserted = text('a', 'b', 'if (!c) return', 'c', 'd', 'e', 'f')
    expect(resemblanceOf([{ base, proposed: inserted, now: text('a', 'b', 'c?', 'd', 'e', 'f') }])).toBe('same-lines')
    expect(resemblanceOf([{ base, proposed: inserted, now: text('a', 'b', 'c', 'd', 'e?', 'f') }])).toBe('same-files')
    expect(resemblanceOf([{ base, proposed: inserted, now: text('z', 'a', 'b', 'if (!c) return', 'c', 'd', 'e', 'f') }])).toBe('identical')
  })

  it('a new file is identical or the same file', () => {
    expect(resemblanceOf([{ base: null, proposed, now: proposed }])).toBe('identical')
    expect(resemblanceOf([{ base: null, proposed, now: base }])).toBe('same-files')
    expect(resemblanceOf([{ base: null, proposed, now: null }])).toBe('untouched')
  })

  it('of several files is identical when all are, and else the closest', () => {
    const [same, other, nothing] = [proposed, text('a', 'b', 'c', 'd', 'E', 'f'), base].map((now) => ({ base, proposed, now }))
    if (!same || !other || !nothing) throw new Error('there are three')
    expect(resemblanceOf([same, same])).toBe('identical')
    expect(resemblanceOf([same, nothing])).toBe('same-lines')
    expect(resemblanceOf([other, nothing])).toBe('same-files')
    expect(resemblanceOf([])).toBe('untouched')
  })
})
