import { InMemoryHost, SteppingClock } from '@fixpoint/testkit'
import { expect, test } from 'vitest'
import { pullStates } from './pull-states.ts'

const HEAD = 'a'.repeat(40)

function opened() {
  const host = new InMemoryHost()
  const url = 'https://host.example/acme/shop/pull/7'
  host.repository.pulls.set(7, { number: 7, state: 'open', draft: true, branch: 'fixpoint/x', head: HEAD, merged: undefined, url })
  host.repository.ci.set(HEAD, [{ name: 'test', state: 'pending', url: undefined }])
  const clock = new SteppingClock()
  return { host, clock, url, of: pullStates(host, clock) }
}

test('a pull request and its checks are asked for, and remembered for some seconds', async () => {
  const { host, clock, url, of } = opened()
  expect(await of('acme/shop', 7)).toEqual({ number: 7, url, state: 'open', draft: true, checks: [{ name: 'test', state: 'pending', url: undefined }] })
  host.repository.ci.set(HEAD, [{ name: 'test', state: 'passed', url: undefined }])
  expect((await of('acme/shop', 7))?.checks).toMatchObject([{ state: 'pending' }])
  clock.advance(21_000)
  expect((await of('acme/shop', 7))?.checks).toMatchObject([{ state: 'passed' }])
})

test('a folder has none, and a failure is not remembered', async () => {
  const { host, of } = opened()
  expect(await of('till', 7)).toBeUndefined()
  expect(await of('acme/shop', 8)).toBeUndefined()
  host.gone = true
  await expect(of('acme/shop', 7)).rejects.toThrow()
  host.gone = false
  expect(await of('acme/shop', 7)).toMatchObject({ state: 'open' })
})
