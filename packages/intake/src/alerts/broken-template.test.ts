import { describe, expect, test } from 'vitest'
import { tolerantFields } from './broken-template.ts'

const NAMES = ['id', 'link', 'tags', 'title', 'body']
const raw = (fields: Record<string, string>) =>
  `{${Object.entries(fields)
    .map(([name, value]) => `"${name}": "${value}"`)
    .join(', ')}}`

describe('fields into which text was laid as it is', () => {
  test.each([
    ['line breaks', { id: '1', link: 'l', tags: 't', title: 'x', body: 'a\nb\n  c' }],
    ['quotation marks', { id: '1', link: 'l', tags: 't', title: 'the "x" fails', body: 'say "no", or "yes"' }],
    ['braces and colons', { id: '1', link: 'l', tags: 't', title: '{"a": "b"}', body: '{"a": {"b": "c"}}\n}' }],
    ['another order', { id: '1', title: 'the "x"', body: 'a "b"\nc', link: 'l', tags: 't' }],
    ['the body alone', { body: 'a "b"\nc' }],
    ['empty ones', { id: '', link: '', tags: '', title: '', body: '"' }],
  ])('%s', (_, fields) => expect(tolerantFields(raw(fields), NAMES)).toEqual(fields))

  test('escapes that were written after all are undone', () => {
    expect(tolerantFields('{"id": "1", "body": "a\\nb\n\\"c\\""}', NAMES)).toEqual({ id: '1', body: 'a\nb\n"c"' })
  })

  test.each(['', '{}', 'hello', '{"other": "x"}', '"body"', '{"body"', '{"body":', '{"body": 7}'])('%j holds none', (text) => {
    expect(tolerantFields(text, NAMES)).toBeUndefined()
  })

  test('a body that was cut off is read as far as it goes, or not at all', () => {
    expect(tolerantFields('{"id": "1", "title": "x", "body": "a "b" c', NAMES)).toMatchObject({ id: '1', title: 'x' })
  })
})

test('the work grows with the text, not with its square', () => {
  const time = (text: string) => {
    let best = Number.POSITIVE_INFINITY
    for (let run = 0; run < 4; run += 1) {
      const start = performance.now()
      tolerantFields(text, NAMES)
      best = Math.min(best, performance.now() - start)
    }
    return best
  }
  const quadratic = ['"body": "', '", "id": "', '"', ' ', '}', '{"', '\\"', '"title" ', ', "tags": "x"'].filter((piece) => {
    const text = `{"id": "1"${piece.repeat(Math.ceil((256 * 1024) / piece.length))}`
    const slow = () => time(text) > 24 * Math.max(time(text.slice(0, 32 * 1024)), 2)
    return slow() && slow() && slow()
  })
  expect(quadratic).toEqual([])
})
