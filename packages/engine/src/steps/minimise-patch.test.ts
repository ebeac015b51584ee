import { MemorySnapshot } from '@fixpoint/testkit'
import { expect, test } from 'vitest'
import { withoutIdleHunks } from './minimise-patch.ts'

const lines = Array.from({ length: 40 }, (_, at) => `line ${at}`)
const source = new MemorySnapshot({ 'a.js': lines.join('\n') })
const changed = (...at: number[]) => [{ path: 'a.js', content: lines.map((line, index) => (at.includes(index) ? `changed ${index}` : line)).join('\n') }]
const tools = { syntax: { error: () => undefined } } as never

test('a hunk goes when everything holds without it, and stays when only the reproduction does', async () => {
  const asked: string[] = []
  const kept = await withoutIdleHunks(source, changed(2, 20, 37), { tools }, async ([edit]) => {
    const text = edit?.content ?? ''
    asked.push(text)
    const reproductionPasses = text.includes('changed 2\n')
    const suitePasses = text.includes('changed 20')
    return reproductionPasses && suitePasses
  })
  expect(kept).toEqual(changed(2, 20))
  expect(asked.length).toBeLessThanOrEqual(4)
})
