import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { GitHubApp } from './github-app.ts'

const reply = () => Object.defineProperty(Response.json({ id: 1, login: 'ann' }), 'url', { value: 'https://api.github.com/user' })

/** What Node keeps of signals that were made of this one. */
function dependants(signal: AbortSignal): number {
  const kept = Object.getOwnPropertySymbols(signal).find((symbol) => symbol.description === 'kDependantSignals')
  return kept === undefined ? 0 : (Reflect.get(signal, kept)?.size ?? 0)
}

it('a signal that lives as long as the process holds nothing of the requests that are done, and one listener for all that are under way', async () => {
  const stop = new AbortController()
  const app = new GitHubApp({ credentials: { kind: 'personal-token', token: 't'.repeat(40) }, fetch: async () => reply(), stop: stop.signal })
  const asked = Array.from({ length: 50 }, () => app.whoAmI())
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1)
  await Promise.all(asked)
  expect([getEventListeners(stop.signal, 'abort').length, dependants(stop.signal)]).toEqual([1, 0])
})

it('a stop ends what is under way and what waits for its turn, and later requests at once', async () => {
  const stop = new AbortController()
  const never = (_: string, { signal }: RequestInit) =>
    new Promise<Response>((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
  const app = new GitHubApp({ credentials: { kind: 'personal-token', token: 't'.repeat(40) }, fetch: never, stop: stop.signal })
  const asked = Promise.allSettled(Array.from({ length: 12 }, () => app.whoAmI()))
  const reason = new Error('the service is stopping')
  stop.abort(reason)
  expect(new Set((await asked).map((each) => (each.status === 'rejected' ? each.reason : undefined)))).toEqual(new Set([reason]))
  await expect(app.whoAmI()).rejects.toBe(reason)
})

it('an answer that takes too long is none', async () => {
  const never = (_: string, { signal }: RequestInit) =>
    new Promise<Response>((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
  const app = new GitHubApp({ credentials: { kind: 'personal-token', token: 't'.repeat(40) }, fetch: never, pace: { timeout: 5, second: 1 } })
  await expect(app.whoAmI()).rejects.toMatchObject({ code: 'host-unreachable', message: expect.stringContaining('no answer in time') })
})
