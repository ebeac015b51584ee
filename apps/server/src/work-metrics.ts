import { Gauge, type Registry } from 'prom-client'
import { aliveWorkers } from './api/workers.ts'
import type { ServerHands } from './hands.ts'

/** How the work goes, asked anew at every scrape. What does not answer is left out: a missing number is an alarm, a wrong one is not. */
export function workMetrics(
  registry: Registry,
  { roster, jobs, stop, ledger, clock }: Pick<ServerHands, 'roster' | 'jobs' | 'stop' | 'ledger' | 'clock'>,
): void {
  const registers = [registry]
  new Gauge({
    name: 'fixpoint_workers',
    help: 'Workers that live, by what they are about',
    labelNames: ['state'],
    registers,
    async collect() {
      this.reset()
      const workers = await roster.seen().catch(() => undefined)
      if (workers === undefined) return
      for (const state of ['working', 'paused', 'draining'] as const)
        this.set({ state }, aliveWorkers(workers).filter((worker) => worker.state === state).length)
    },
  })
  new Gauge({
    name: 'fixpoint_runs_driven',
    help: 'Runs that workers drive now',
    registers,
    async collect() {
      this.reset()
      const workers = await roster.seen().catch(() => undefined)
      if (workers !== undefined) this.set(aliveWorkers(workers).reduce((sum, { runs }) => sum + runs.length, 0))
      else this.remove()
    },
  })
  new Gauge({
    name: 'fixpoint_jobs',
    help: 'Jobs of the queue, by kind and state',
    labelNames: ['job', 'state'],
    registers,
    async collect() {
      this.reset()
      for (const [job, counts] of Object.entries(await jobs().catch(() => ({})))) {
        for (const [state, count] of Object.entries(counts)) this.set({ job, state }, count)
      }
    },
  })
  for (const [kind, unit, help] of [
    ['money', 'dollars', 'US dollars'],
    ['tokens', 'tokens', 'Tokens'],
  ] as const) {
    new Gauge({
      name: `fixpoint_spent_today_${unit}`,
      help: `${help} that models took today (UTC), by repository; what is reserved counts`,
      labelNames: ['repository'],
      registers,
      async collect() {
        this.reset()
        for (const { repository, spent, reserved } of await ledger.since(clock.now()).catch(() => [])) this.set({ repository }, spent[kind] + reserved[kind])
      },
    })
  }
  new Gauge({
    name: 'fixpoint_emergency_stop',
    help: '1 while the emergency stop is on',
    registers,
    async collect() {
      const stopped = await stop.get().catch(() => undefined)
      if (stopped === undefined) this.remove()
      else this.set(stopped.stopped ? 1 : 0)
    },
  })
}
