import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type HeldJob, HeldJobs } from './held-jobs.ts'
import type { Turnstile } from './turnstile.ts'

const open: Turnstile = {
  enter: async () => undefined,
  stay: async () => true,
  leave: async () => undefined,
  died: async () => ({ deaths: 1, agoMs: 0 }),
  lived: async () => undefined,
  park: async () => undefined,
  isParked: async () => false,
  parked: async () => [],
  release: async () => false,
  once: async () => true,
}

function held(ended: (signal: AbortSignal) => Promise<unknown>): HeldJob {
  const controller = new AbortController()
  return { jobId: 'one', name: 'sweep', controller, keys: [], holder: 'h', renewedAt: performance.now(), done: ended(controller.signal) }
}

test('a job that was taken while others were sent home has as long as they', async () => {
  const jobs = new HeldJobs(
    open,
    () => 8_000,
    () => undefined,
  )
  const first = held(async (signal) => {
    await sleep(50)
    expect(signal.aborted).toBe(true)
    await jobs.letGo(first)
  })
  jobs.take(first)
  const late = held(async () => {
    await sleep(2_400)
    await jobs.letGo(late)
  })
  const home = jobs.sendHome(10_000)
  jobs.take(late)
  await home
  expect(jobs.ids).toEqual([])
})

test('nobody is waited for longer than said', async () => {
  const jobs = new HeldJobs(
    open,
    () => 8_000,
    () => undefined,
  )
  jobs.take(held(() => new Promise(() => undefined)))
  const began = performance.now()
  await jobs.sendHome(100)
  expect(performance.now() - began).toBeLessThan(1_500)
  expect(jobs.ids).toEqual(['one'])
})
