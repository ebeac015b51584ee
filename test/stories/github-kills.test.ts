import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { startsService } from './github-service.ts'
import { CRASH } from './small-repository.ts'

const KILLS = 20
const SEED = Number(process.env['FIXPOINT_KILL_SEED'] ?? Math.floor(Math.random() * 1_000_000))

const service = startsService()

it('a service that is killed twenty times at moments of chance opens one pull request, writes one comment and makes one check of a commit', {
  timeout: 1_800_000,
}, async () => {
  const at = service()
  const ann = at.github.as('ann')
  const issue = await ann.opensIssue(at.shop, { title: 'last() crashes', body: CRASH })
  await ann.labels(issue, 'fixpoint')
  const random = seeded(SEED)
  let hits = 0
  for (let kill = 0; kill < KILLS; kill += 1) {
    // Longer each time: the first ones hit the acknowledgement, the last ones what comes after the pull request.
    await sleep(random() * (500 + kill * 1000))
    if (at.commentOn(issue)?.includes('proposes a fix') !== true) hits += 1
    await at.kill('SIGKILL')
    await at.serve()
  }
  console.log(`seed ${SEED}: ${hits} of ${KILLS} kills came before all was said and done (FIXPOINT_KILL_SEED repeats it)`)
  await at.until('a pull request is open', () => at.pulls()[0])
  await at.says(issue, 'proposes a fix')
  expect(at.pulls()).toHaveLength(1)
  expect(at.github.requests.filter(({ method, path, status }) => method === 'POST' && /\/pulls$/.test(path) && status === 201)).toHaveLength(1)
  const checks = at.github.checkRuns(at.shop, 'fixpoint').map(({ headSha }) => headSha)
  expect(new Set(checks).size).toBe(checks.length)
})

/** Chance that can be repeated. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}
