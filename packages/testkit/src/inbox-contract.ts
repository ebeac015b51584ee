import { Digest, type Inbox, type InboxMessage, type Retention, RunId } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'
import { STRANGE_TEXTS } from './strange-text.ts'

const RUN = RunId.parse(`run_${'1'.padStart(26, '0')}`)
const OTHER = RunId.parse(`run_${'2'.padStart(26, '0')}`)
const PROPOSAL = Digest.parse('a'.repeat(64))

/** What every inbox keeps. `make` gives an empty one on the clock of this machine. */
export function inboxContract(make: () => (Inbox & Retention) | Promise<Inbox & Retention>): void {
  describe('inbox contract', () => {
    it('is empty for a run that nobody spoke to', async () => {
      expect(await (await make()).waiting(RUN)).toEqual([])
    })

    it('gives back what was said, oldest first, to the run it was said to', async () => {
      const inbox = await make()
      const messages: InboxMessage[] = [
        steer('one'),
        { kind: 'approve', by: 'ann', proposal: PROPOSAL },
        { kind: 'request-changes', by: 'ann', proposal: PROPOSAL, words: 'smaller' },
        { kind: 'reject', by: 'ann', proposal: PROPOSAL, words: 'no' },
        { kind: 'cancel', by: 'ann' },
      ]
      const ids: string[] = []
      for (const message of messages) ids.push(await inbox.put(RUN, message))
      await inbox.put(OTHER, steer('to the other'))
      const waiting = await inbox.waiting(RUN)
      expect(waiting.map(({ id, message }) => ({ id, message }))).toEqual(messages.map((message, index) => ({ id: ids[index], message })))
      for (const { at } of waiting) expect(Math.abs(Date.now() - at.getTime())).toBeLessThan(60_000)
    })

    it('keeps every message of many at once, the same words twice too', async () => {
      const inbox = await make()
      const ids = await Promise.all(Array.from({ length: 40 }, () => inbox.put(RUN, steer('again'))))
      expect(new Set(ids).size).toBe(40)
      expect(await inbox.waiting(RUN)).toHaveLength(40)
    })

    it('taking twice is taking once, and unknown ids do no harm', async () => {
      const inbox = await make()
      const first = await inbox.put(RUN, steer('one'))
      const second = await inbox.put(RUN, steer('two'))
      await inbox.take(first)
      await inbox.take(first, 'came too late')
      await inbox.take('msg_unknown', 'never was')
      await inbox.take('\0')
      expect((await inbox.waiting(RUN)).map(({ id }) => id)).toEqual([second])
    })

    it('refuses what is not a message', async () => {
      const inbox = await make()
      await expect(inbox.put(RUN, { kind: 'praise', by: 'ann' } as never)).rejects.toThrow()
      await expect(inbox.put(RUN, { kind: 'steer', by: 'ann', words: '  ' })).rejects.toThrow()
      expect(await inbox.waiting(RUN)).toEqual([])
    })

    it.each(STRANGE_TEXTS)('keeps words with %s', async (_, text) => {
      const inbox = await make()
      const message = steer(text.slice(0, 20_000).trim())
      const id = await inbox.put(RUN, message)
      expect((await inbox.waiting(RUN)).map((waiting) => waiting.message)).toEqual([message])
      await inbox.take(id, text)
      expect(await inbox.waiting(RUN)).toEqual([])
    })

    it('what was taken expires, what waits does not', async () => {
      const inbox = await make()
      await inbox.take(await inbox.put(RUN, steer('taken')))
      const waits = await inbox.put(RUN, steer('waits'))
      await new Promise((done) => setTimeout(done, 20))
      expect(await inbox.expire(new Date(0))).toBe(0)
      expect(await inbox.expire(new Date())).toBe(1)
      expect(await inbox.expire(new Date())).toBe(0)
      expect((await inbox.waiting(RUN)).map(({ id }) => id)).toEqual([waits])
    })
  })
}

function steer(words: string): InboxMessage {
  return { kind: 'steer', by: 'ann', words }
}
