import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { chance } from './chance.ts'
import { Ground } from './ground.ts'
import { comesToProposals, keepsItsPromises } from './promises.ts'
import { RoomsCounted } from './rooms-counted.ts'
import type { ServiceProcess } from './service-process.ts'

/** `npm run test:faults -- --chaos <minutes> --seed <number>` sets them. */
const MINUTES = Number(process.env.FAULTS_CHAOS_MINUTES ?? 10)
const SEED = Number(process.env.FAULTS_CHAOS_SEED ?? Math.floor(Math.random() * 1e9))
const BETWEEN_MS = 12_000
const PAUSE_MS = 12_000
/** One more defect begins to be told of in each of these. */
const NEW_DEFECT_MS = 90_000

it(`${MINUTES} minutes of chaos, seed ${SEED}`, async () => {
  const defects = Array.from({ length: Math.max(2, Math.ceil((MINUTES * 60_000) / NEW_DEFECT_MS)) }, (_, number) => `defect${number}`)
  await using ground = await Ground.open({ defects, redis: true })
  await using counted = new RoomsCounted()
  await ground.makeKey()
  const random = chance(SEED)
  const injected = new Map<string, number>()
  let server = await ground.server('--no-worker')
  const workers: ServiceProcess[] = [await ground.worker('worker-0'), await ground.worker('worker-1')]
  const person = await ground.makePerson()
  const [postgres, redis] = [ground.postgres, ground.redis]

  const faults: Readonly<Record<string, (one: number) => Promise<void>>> = {
    'worker killed': async (one) => {
      await workers[one]?.ended('SIGKILL')
      workers[one] = await ground.worker(`worker-${one}`)
    },
    'worker told to stop': async (one) => {
      expect(await workers[one]?.ended('SIGTERM'), workers[one]?.said).toBe(0)
      workers[one] = await ground.worker(`worker-${one}`)
    },
    'worker paused': async (one) => {
      workers[one]?.signal('SIGSTOP')
      await sleep(PAUSE_MS)
      workers[one]?.signal('SIGCONT')
    },
    'server killed': async () => {
      await server.ended('SIGKILL')
      server = await ground.server('--no-worker')
    },
    'PostgreSQL killed': async () => {
      await postgres.kill()
      await sleep(random() * 3_000)
      await postgres.startAgain()
    },
    'PostgreSQL frozen': async () => {
      await postgres.freeze()
      await sleep(random() * 10_000)
      await postgres.thaw()
    },
    'Redis killed': async () => {
      await redis?.kill()
      await sleep(random() * 3_000)
      await redis?.startAgain()
    },
    'Redis emptied': async () => redis?.flush(),
    'Redis frozen': async () => {
      redis?.freeze()
      await sleep(random() * 10_000)
      redis?.thaw()
    },
  }

  const begun = performance.now()
  const elapsed = () => performance.now() - begun
  const over = () => elapsed() > MINUTES * 60_000
  const alerts = (async () => {
    const mine = chance(SEED + 1)
    for (let count = 0; !over(); count += 1) {
      const known = Math.min(defects.length, 1 + Math.floor(elapsed() / NEW_DEFECT_MS))
      // Some are sent twice, as sources do.
      const id = mine() < 0.1 ? `alert-${Math.floor(mine() * count)}` : `alert-${count}`
      await ground.post(id, ground.accepted.get(id) ?? defects[Math.floor(mine() * known)])
      await sleep(mine() * 400)
    }
  })()
  const names = Object.keys(faults)
  while (!over()) {
    await sleep(BETWEEN_MS * (0.5 + random()))
    const name = names[Math.floor(random() * names.length)] ?? ''
    console.log(`${(elapsed() / 1000).toFixed(0).padStart(4)} s  ${name}`)
    await faults[name]?.(Math.floor(random() * workers.length))
    injected.set(name, (injected.get(name) ?? 0) + 1)
  }
  await alerts

  // A run that its worker died of three times waits for a person.
  const released = new Set<string>()
  const releasing = new AbortController()
  const releases = (async () => {
    for (; !releasing.signal.aborted; await sleep(2_000)) {
      const parked = await ground.ask<{ run: string }>(
        "SELECT run FROM fixpoint.reports report JOIN fixpoint.report_runs owned ON owned.report = report.id WHERE state = 'held' AND reason LIKE '%died%'",
      )
      for (const { run } of parked) if ((await person('POST', `/api/runs/${run}/retry`)).status === 201) released.add(run)
    }
  })()
  const interruptions = [...injected.values()].reduce((sum, times) => sum + times, 0)
  let violation: unknown
  try {
    await comesToProposals(ground)
    await keepsItsPromises(ground, counted, { interruptions: interruptions * workers.length })
  } catch (error) {
    violation = error
  }
  releasing.abort()
  await releases
  const [counts = {}] = await ground.ask<Record<string, string>>(
    `SELECT (SELECT count(*) FROM fixpoint.deliveries) AS deliveries, (SELECT count(*) FROM fixpoint.reports) AS reports,
     (SELECT count(*) FROM fixpoint.runs) AS runs, (SELECT count(*) FROM fixpoint.runs WHERE awaiting) AS proposals`,
  )
  const rows = { ...Object.fromEntries(injected), 'alerts accepted': ground.accepted.size, ...counts, 'parked and released': released.size }
  const table = Object.entries({ ...rows, violations: violation === undefined ? 0 : 1 }).map(([what, count]) => `${what.padEnd(24)}${count}`)
  console.log([`seed ${SEED}, ${MINUTES} minutes, ${interruptions} faults`, ...table].join('\n'))
  if (violation !== undefined) throw violation
})
