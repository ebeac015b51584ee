// What the tests of this package share, and those in a browser. Nothing else imports it, and it is not built.
import { createHash } from 'node:crypto'
import type { Artifacts, Change, Clock, Deliveries, Digest, Inbox, InsightReport, Reports, RunId, RunSummary, Scope, StopState, Tokens } from '@fixpoint/core'
import type { AlertSource } from '@fixpoint/intake'
import type { FastifyInstance } from 'fastify'
import { createServer } from './create-server.ts'
import type { ServerHands } from './hands.ts'
import type { ServerSettingsInput } from './settings.ts'
import { WatchedRuns } from './testing/watched-runs.ts'

export interface Fakes {
  readonly deliveries: Deliveries
  readonly reports: Reports
  readonly inbox: Inbox
  readonly artifacts: Artifacts
  readonly tokens: Tokens
}

export interface Desk {
  readonly app: FastifyInstance
  readonly hands: ServerHands
  /** What was logged, as JSON lines. */
  readonly lines: string[]
  readonly woken: string[]
  readonly runs: WatchedRuns
  /** A header per scope. */
  readonly as: (...scopes: readonly Scope[]) => Promise<{ host: string; authorization: string }>
}

const NOTHING_OBSERVED = { withheld: 0, identical: 0, sameLines: 0, sameFiles: 0, untouched: 0, unknown: 0, seenAgain: 0 }
const NOTHING_COUNTED: InsightReport = {
  funnel: { reports: 0, runs: 0, reproduced: 0, patched: 0, verified: 0, proposed: 0, merged: 0, surviving: 0 },
  decided: { merged: 0, delivered: 0, declined: 0, waiting: 0 },
  ...{ retention: [], perMerged: undefined, steps: [], failures: [], byRepository: [], byDrafter: [], byModel: [] },
}

export const hash = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')

export const wallClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: async () => {},
}

/** A server on fakes. `changes`: hands to use instead. */
export async function aDesk(fakes: Fakes, settings: ServerSettingsInput = {}, changes: Partial<ServerHands> = {}): Promise<Desk> {
  const lines: string[] = []
  const woken: string[] = []
  const runs = new WatchedRuns()
  let stop: StopState = { stopped: false }
  const changed: Change[] = []
  const paused = new Map<string, StopState>()
  const say = (level: string) => (fields: object, message: string) => {
    lines.push(JSON.stringify({ level, ...fields, message }))
  }
  const hands: ServerHands = {
    ...fakes,
    sources: new Map([[signedSource.name, signedSource]]),
    journal: runs,
    runIndex: runs,
    observed: async (since, until) => ({ since, until, counts: NOTHING_OBSERVED, proposals: [] }),
    changes: {
      add: async (change) => void changed.unshift({ id: `chg_${changed.length}`, at: new Date(), ...change }),
      list: async ({ limit, before }) => changed.filter(({ id }) => before === undefined || id < before).slice(0, limit),
    },
    pauses: {
      of: async (repository) => paused.get(repository) ?? { stopped: false },
      set: async (repository, pause) => {
        paused.set(repository, { ...pause, since: new Date() })
        return { ...pause, since: new Date() }
      },
    },
    repositories: async () => [],
    code: { search: async () => undefined, project: async () => undefined },
    models: { lanes: () => ({ lanes: [] }), try: async () => undefined },
    doctor: async () => [],
    insights: { between: async () => NOTHING_COUNTED },
    ledger: { since: async () => [] },
    spending: { perRun: {}, perRepositoryPerDay: {}, perDay: {} },
    outbox: { list: async () => [], resend: async () => false },
    wake: {
      deliveries: async () => void woken.push('deliveries'),
      report: async (id) => void woken.push(id),
      run: async (id) => void woken.push(id),
      outbound: async (id) => void woken.push(id),
    },
    sourceMaps: { put: async () => undefined, find: async () => [] },
    retry: async () => runId(99),
    parked: async () => [],
    numbers: async () => ({
      reports: { reopened: 2 },
      runs: { delivered: 3 },
      fixes: { proposed: 3, landed: 2, reopened: 1, confirmed: 1 },
      decisions: { approved: 3, changesRequested: 2, rejected: 0 },
    }),
    stop: {
      get: async () => stop,
      set: async (changed) => {
        stop = { ...changed, since: new Date() }
        return stop
      },
    },
    roster: { seen: async () => [] },
    jobs: async () => ({}),
    checks: [],
    effectiveSettings: () => ({}),
    clock: wallClock,
    hash,
    log: { info: say('info'), warn: say('warn'), error: say('error') },
    ...changes,
  }
  const app = await createServer(hands, settings)
  let issued = 0
  const as: Desk['as'] = async (...scopes) => {
    issued += 1
    const { secret } = await fakes.tokens.issueApiToken({ name: `person ${issued}`, scopes })
    return { host: 'localhost', authorization: `Bearer ${secret}` }
  }
  return { app, hands, lines, woken, runs, as }
}

/** Takes `x-signature: <SHA-256 of secret and body>`; alerts are objects. */
export const signedSource: AlertSource = {
  name: 'signed',
  title: 'A source for tests',
  contentTypes: ['application/json', 'text/plain'],
  unsigned: false,
  secret: 'required',
  async verify({ headers, body, secret }) {
    const mac = hash(Buffer.concat([Buffer.from(secret ?? ''), body]))
    return secret !== undefined && headers['x-signature'] === mac ? { verified: true } : { verified: false, why: 'the signature does not hold' }
  },
  deliveryId: (headers, body, digest) => headers['x-delivery'] ?? digest(body),
  normalise: () => ({ malformed: 'The body is not JSON.' }),
}

export const SECRET = 'a secret of a signed source'
export const signature = (body: string | Uint8Array) => hash(Buffer.concat([Buffer.from(SECRET), Buffer.from(body)]))

export const runId = (number: number) => `run_${String(number).padStart(26, '0')}` as RunId
export const digest = (text: string) => hash(text) as Digest

export function summary(number: number, changes: Partial<RunSummary> = {}): RunSummary {
  return {
    id: runId(number),
    phase: 'opened',
    awaiting: false,
    outcome: undefined,
    report: digest('report'),
    proposal: undefined,
    owner: undefined,
    spent: { money: 0, tokens: 0 },
    entries: 1,
    openedAt: new Date('2026-01-02T03:04:05Z'),
    updatedAt: new Date('2026-01-02T03:04:06Z'),
    ...changes,
  }
}
