import type { Exhausted, Outcome, ReportState, Severity, StoredReport } from '@fixpoint/core'
import type { WorkerSettings } from './settings.ts'

/** What the gates look at. They read no clock and ask nobody. */
export interface GateFacts {
  readonly report: StoredReport
  readonly now: Date
  /** Of the newest run of this report, if it has one. */
  readonly lastRun: { readonly openedAt: Date; readonly outcome: Outcome | undefined } | undefined
  /** Runs begun in the last 24 hours. */
  readonly runsToday: number
  readonly runsTodayHere: number
  readonly stopped: boolean
  /** Somebody lets no run begin on its repository. */
  readonly paused: boolean
  /** The ceiling of today's spending that is reached. */
  readonly spent?: Exhausted | undefined
  /** A person wants it: what is a matter of taste, time and thrift is waived. */
  readonly wanted: boolean
}

/** What a run is to be opened on. */
export interface RunTarget {
  /** A name of the operator's repositories. */
  readonly repository: string
  readonly path: string | undefined
  /** What may name the commit that failed, best first: a commit, a tag. Without any, the tip of the default branch. */
  readonly revisions: readonly string[]
}

export type GateName =
  | 'state'
  | 'trace'
  | 'severity'
  | 'repository'
  | 'environment'
  | 'outcome'
  | 'cool-down'
  | 'cap-repository'
  | 'cap'
  | 'spending'
  | 'stopped'
  | 'paused'

export type Admission =
  | { readonly admitted: true; readonly target: RunTarget }
  /** `leave`: where the report stands is right as it is. */
  | { readonly admitted: false; readonly gate: GateName; readonly reason: string; readonly leave?: true }

const WORST_LAST: readonly Severity[] = ['info', 'warning', 'error', 'fatal']
const HOUR = 3_600_000

/** Reports in these states may be opened a run for. */
export const OPEN_STATES: readonly ReportState[] = ['new', 'held', 'reopened', 'settled']

/** How the reason of a report begins whose run the queue gave up: only a person begins another one. */
export const PARKED = 'parked: '

/** Whether time may open the gate that gave this reason. */
export function isPassing(reason: string | undefined): boolean {
  return reason === undefined || /^(daily cap|cool-down|the emergency stop|the repository is paused)/.test(reason)
}

type Gate = (facts: GateFacts, settings: WorkerSettings) => string | undefined

/** In order; the first that says no is the one that is told. What cannot be mended by waiting comes first. */
const GATES: readonly { readonly name: GateName; readonly waivable?: true; readonly says: Gate }[] = [
  { name: 'severity', waivable: true, says: severity },
  { name: 'repository', says: repository },
  { name: 'environment', waivable: true, says: environment },
  { name: 'outcome', waivable: true, says: outcome },
  { name: 'cool-down', waivable: true, says: coolDown },
  { name: 'stopped', says: ({ stopped }) => (stopped ? 'the emergency stop is on' : undefined) },
  { name: 'paused', says: ({ paused }) => (paused ? 'the repository is paused' : undefined) },
  { name: 'spending', says: spending },
  { name: 'cap-repository', waivable: true, says: capHere },
  { name: 'cap', waivable: true, says: cap },
]

/** Whether a run may be opened for a report, and on what. */
export function passGates(facts: GateFacts, settings: WorkerSettings): Admission {
  const { report } = facts
  if (report.state === 'needs-trace') return { admitted: false, gate: 'trace', reason: needsTrace(report), leave: true }
  if (!OPEN_STATES.includes(report.state) && !(facts.wanted && report.state !== 'running')) {
    return { admitted: false, gate: 'state', reason: report.reason ?? `the report is ${report.state}`, leave: true }
  }
  if (report.state === 'held' && report.reason?.startsWith(PARKED) === true && !facts.wanted) {
    return { admitted: false, gate: 'state', reason: report.reason, leave: true }
  }
  for (const { name, waivable, says } of GATES) {
    if (waivable && facts.wanted) continue
    const reason = says(facts, settings)
    // A settled report that is seen again stays settled: its history is not overwritten by the reason why nothing is done.
    if (reason !== undefined) return { admitted: false, gate: name, reason, ...(report.state === 'settled' && { leave: true }) }
  }
  return { admitted: true, target: targetOf(report, settings) }
}

/** Where the code lies that an alert tells of: what it says itself, or the mapping of its service. */
export function repositoryOf(
  told: { readonly repository?: string | undefined; readonly service?: string | undefined },
  settings: WorkerSettings,
): string | undefined {
  return told.repository ?? serviceOf(told, settings)?.repo
}

/** `web@1.4.2`, `1.4.2`: what the tag of a release is usually called. */
export function revisionsOf({ commit, release }: { readonly commit?: string | undefined; readonly release?: string | undefined }): readonly string[] {
  if (release === undefined) return commit === undefined ? [] : [commit]
  const version = release.slice(release.lastIndexOf('@') + 1).replace(/\+.*$/, '')
  const names = [release, version, version.startsWith('v') ? version.slice(1) : `v${version}`, release.replace('@', '-')]
  const tags = names.filter((name) => /^[A-Za-z0-9][A-Za-z0-9._/@+-]{0,199}$/.test(name) && !name.includes('..') && !name.includes('@{'))
  return [...new Set([...(commit === undefined ? [] : [commit]), ...tags])]
}

function needsTrace(report: StoredReport): string {
  return report.missing.length > 0 ? `needs a trace: ${report.missing.join('; ')}` : 'needs a trace: the source sent no stack trace that names a file'
}

function severity({ report }: GateFacts, { gates }: WorkerSettings): string | undefined {
  const floor = gates.sources[report.source]?.severity ?? gates.severity
  return WORST_LAST.indexOf(report.severity) < WORST_LAST.indexOf(floor) ? `severity ${report.severity} is below ${floor}` : undefined
}

function repository({ report }: GateFacts, settings: WorkerSettings): string | undefined {
  if (repositoryOf(report, settings) !== undefined) return
  return report.service === undefined
    ? 'no repository: the alert names neither a service nor a repository'
    : `no repository: the service ${JSON.stringify(report.service)} is not in the settings (services)`
}

function environment({ report }: GateFacts, settings: WorkerSettings): string | undefined {
  const wanted = serviceOf(report, settings)?.environment
  if (wanted === undefined || report.environment === undefined || report.environment === wanted) return
  return `environment ${JSON.stringify(report.environment)} is not ${JSON.stringify(wanted)}`
}

/** What was fixed, or what a person decided, is not begun again by itself. */
function outcome({ report, lastRun }: GateFacts): string | undefined {
  if (report.state !== 'settled' || lastRun?.outcome === 'abandoned') return
  return lastRun?.outcome === undefined ? 'its run has not come to rest' : `its run was ${lastRun.outcome}`
}

function coolDown({ now, lastRun }: GateFacts, { gates }: WorkerSettings): string | undefined {
  if (lastRun === undefined) return
  const until = new Date(lastRun.openedAt.getTime() + gates.coolDownHours * HOUR)
  return now < until ? `cool-down: no second run before ${until.toISOString()}` : undefined
}

/** Money is the operator's: no wish of a reviewer opens this gate. */
function spending({ spent }: GateFacts): string | undefined {
  if (spent === undefined) return
  const amount = (value: number) => (spent.kind === 'money' ? `$${value.toFixed(2)}` : `${value} tokens`)
  const where = spent.scope === 'repository' ? 'on this repository' : 'on all repositories'
  const until = spent.until === undefined ? '' : `; it goes on at ${spent.until.toISOString()}`
  return `daily cap: ${amount(spent.spent)} of ${amount(spent.ceiling)} are spent ${where} today${until}`
}

function capHere({ runsTodayHere }: GateFacts, { gates }: WorkerSettings): string | undefined {
  return runsTodayHere >= gates.runsPerDayPerRepository ? `daily cap: ${runsTodayHere} runs on this repository in 24 hours` : undefined
}

function cap({ runsToday }: GateFacts, { gates }: WorkerSettings): string | undefined {
  return runsToday >= gates.runsPerDay ? `daily cap: ${runsToday} runs in 24 hours` : undefined
}

function targetOf(report: StoredReport, settings: WorkerSettings): RunTarget {
  const name = repositoryOf(report, settings)
  if (name === undefined) throw new TypeError('a report without a repository passed its gate')
  const service = serviceOf(report, settings)
  return { repository: name, path: service?.repo === name ? service.path : undefined, revisions: revisionsOf(report) }
}

function serviceOf({ service }: { readonly service?: string | undefined }, { services }: WorkerSettings) {
  return service !== undefined && Object.hasOwn(services, service) ? services[service] : undefined
}
