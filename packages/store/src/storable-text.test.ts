import { describe, expect, it } from 'vitest'
import { SortableIds } from './sortable-ids.ts'
import { storable, storableName } from './storable-text.ts'

describe('text for PostgreSQL', () => {
  it('has neither NUL nor lone surrogates, and a length', () => {
    expect(storable('a\0b\ud800c\udc00d😀')).toBe('a\ufffdb\ufffdc\ufffdd😀')
    expect(storable('😀'.repeat(2000))).toHaveLength(2000)
    expect(storable('a😀'.repeat(2000), 2)).toBe('a\ufffd')
  })

  it('leaves ordinary names as they are', () => {
    for (const name of ['', 'd-1', '4f1c'.repeat(16), 'naïve 😀', `quote ' \\ {"a"}`]) expect(storableName(name)).toBe(name)
  })

  it('keeps names apart that differ in what cannot be kept', () => {
    const names = ['a\0', 'a\ufffd', 'a\ud800', 'a\ud801', 'a\0\0', `${'x'.repeat(300)}1`, `${'x'.repeat(300)}2`, 'x'.repeat(300)]
    const kept = names.map(storableName)
    expect(new Set(kept).size).toBe(names.length)
    for (const name of kept) expect(name.length).toBeLessThanOrEqual(300)
    expect(kept.every((name) => !/\0|\p{Surrogate}/u.test(name))).toBe(true)
  })
})

describe('ids', () => {
  it('sort as they were given out, and are never given out twice', () => {
    const ids = new SortableIds()
    const given = Array.from({ length: 20_000 }, () => ids.next('dlv'))
    expect(given.toSorted()).toEqual(given)
    expect(new Set(given).size).toBe(given.length)
    for (const id of given.slice(0, 10)) expect(id).toMatch(/^dlv_[0-9a-v]{26}$/)
  })
})
