import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { proposalChanges } from './proposal-changes.ts'
import { keys } from './queries.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** An inbox that is on screen, and its questions: each is answered when the test says so. */
function shownInbox() {
  const client = new QueryClient()
  const questions: ((...runs: string[]) => void)[] = []
  const queryFn = () =>
    new Promise<{ items: { run: string }[] }>((resolve) => {
      questions.push((...runs) => resolve({ items: runs.map((run) => ({ run })) }))
    })
  const observer = new QueryObserver(client, { queryKey: [...keys.proposals, {}], queryFn })
  observer.subscribe(() => undefined)
  const answer = async (...runs: string[]) => {
    questions.at(-1)?.(...runs)
    await vi.advanceTimersByTimeAsync(0)
  }
  const tell = proposalChanges(client)
  return {
    questions,
    answer,
    rest: () => vi.advanceTimersByTimeAsync(1000),
    /** What happens to a run, as the stream says it. */
    async tell(...told: Parameters<typeof tell>) {
      tell(...told)
      await vi.advanceTimersByTimeAsync(0)
    },
  }
}

test('a new proposal is asked for at once; a storm of them is one more question, after a rest', async () => {
  const { questions, answer, rest, tell } = shownInbox()
  await answer('run_1')
  await tell({ id: 'run_2', phase: 'proposing' })
  expect(questions).toHaveLength(2)
  for (let storm = 0; storm < 10; storm += 1) await tell({ id: `run_3${storm}`, phase: 'proposing' })
  expect(questions, 'one at a time').toHaveLength(2)
  await answer('run_1', 'run_2')
  await tell({ id: 'run_40', phase: 'proposing' })
  expect(questions, 'not without a rest').toHaveLength(2)
  await rest()
  expect(questions).toHaveLength(3)
  await answer('run_1', 'run_2', 'run_30')
  await rest()
  expect(questions).toHaveLength(3)
})

test('what happens to a run that is not listed is no reason to ask, to one that is listed it is', async () => {
  const { questions, answer, tell } = shownInbox()
  await answer('run_1')
  await tell({ id: 'run_2', phase: 'drafted' })
  expect(questions).toHaveLength(1)
  await tell({ id: 'run_1', phase: 'proposed' })
  expect(questions).toHaveLength(2)
})

test('what happens while a page asks by itself may be missing in its answer: it is let come, and asked again', async () => {
  const { questions, answer, rest, tell } = shownInbox()
  await tell({ id: 'run_1', phase: 'settled' })
  await tell({ id: 'run_2', phase: 'drafted' })
  expect(questions).toHaveLength(1)
  await answer('run_1')
  expect(questions, 'the answer lists a run that was settled meanwhile').toHaveLength(2)
  await answer()
  await rest()
  expect(questions).toHaveLength(2)
  await tell()
  expect(questions, 'any may have changed').toHaveLength(3)
})
