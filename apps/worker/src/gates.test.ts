import { type Digest, RunId, type StoredReport } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'
import { type GateFacts, passGates, repositoryOf, revisionsOf } from './gates.ts'
import { WorkerSettings } from './settings.ts'

const NOW = new Date('2026-03-04T12:00:00Z')
const run = RunId.parse(`run_${'1'.padStart(26, '0')}`)

const settings = WorkerSettings.parse({
  services: { checkout: { repo: 'shop', path: 'services/checkout', environment: 'production' }, mail: { repo: 'mail' } },
  gates: { runsPerDay: 5, runsPerDayPerRepository: 2, sources: { grafana: { severity: 'fatal' } } },
})

function aReport(more: Partial<StoredReport> = {}): StoredReport {
  return {
    ...{
      id: 'rep_1',
      groupKey: 'g',
      title: 'TypeError',
      state: 'new',
      reason: undefined,
      wantedBy: undefined,
      askedBy: undefined,
      severity: 'error',
      source: 'sentry',
    },
    ...{ repository: undefined, service: 'checkout', environment: 'production', release: undefined, commit: undefined, url: undefined, missing: [] },
    ...{ report: 'a'.repeat(64) as Digest, sightings: 1, firstSeen: NOW, lastSeen: NOW, fix: undefined, runs: [] },
    ...more,
  }
}

function facts(report: Partial<StoredReport> = {}, more: Partial<GateFacts> = {}): GateFacts {
  return { report: aReport(report), now: NOW, lastRun: undefined, runsToday: 0, runsTodayHere: 0, stopped: false, paused: false, wanted: false, ...more }
}

const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000)

describe('gates', () => {
  it.each<[string, GateFacts, string, RegExp]>([
    ['no trace', facts({ state: 'needs-trace', missing: ['Add {{ log }} to the message.'] }), 'trace', /needs a trace: Add \{\{ log \}\} to the message/],
    ['no trace and no advice', facts({ state: 'needs-trace' }), 'trace', /sent no stack trace/],
    ['a person muted it', facts({ state: 'muted', reason: 'noise' }), 'state', /noise/],
    ['a run is under way', facts({ state: 'running', runs: [run] }), 'state', /running/],
    ['it was confirmed', facts({ state: 'confirmed' }), 'state', /confirmed/],
    ['its run was parked', facts({ state: 'held', reason: 'parked: its worker died 3 times' }), 'state', /parked/],
    ['not bad enough', facts({ severity: 'warning' }), 'severity', /severity warning is below error/],
    ['not bad enough for this source', facts({ source: 'grafana' }), 'severity', /below fatal/],
    ['no service', facts({ service: undefined }), 'repository', /names neither/],
    ['an unknown service', facts({ service: 'toString' }), 'repository', /"toString" is not in the settings/],
    ['another environment', facts({ environment: 'staging' }), 'environment', /"staging" is not "production"/],
    ['too soon', facts({ runs: [run] }, { lastRun: { openedAt: hoursAgo(23), outcome: 'abandoned' } }), 'cool-down', /before 2026-03-04T13:00/],
    ['fixed before', facts({ state: 'settled', runs: [run] }, { lastRun: { openedAt: hoursAgo(100), outcome: 'delivered' } }), 'outcome', /delivered/],
    ['declined before', facts({ state: 'settled', runs: [run] }, { lastRun: { openedAt: hoursAgo(100), outcome: 'declined' } }), 'outcome', /declined/],
    ['many runs on this repository', facts({}, { runsToday: 2, runsTodayHere: 2 }), 'cap-repository', /2 runs on this repository/],
    ['many runs', facts({}, { runsToday: 5 }), 'cap', /5 runs in 24 hours/],
    ['the emergency stop', facts({}, { stopped: true }), 'stopped', /emergency stop/],
    ['a paused repository', facts({}, { paused: true }), 'paused', /is paused/],
  ])('%s', (_, given, gate, reason) => {
    const admission = passGates(given, settings)
    expect(admission).toMatchObject({ admitted: false, gate })
    if (!admission.admitted) expect(admission.reason).toMatch(reason)
  })

  it.each<[string, GateFacts]>([
    ['a new report', facts()],
    ['one that a gate held before', facts({ state: 'held', reason: 'daily cap: 5 runs in 24 hours' })],
    ['one that came back', facts({ state: 'reopened', runs: [run] }, { lastRun: { openedAt: hoursAgo(25), outcome: 'merged' } })],
    ['one that was given up a day ago', facts({ state: 'settled', runs: [run] }, { lastRun: { openedAt: hoursAgo(25), outcome: 'abandoned' } })],
    ['no word of the environment', facts({ environment: undefined })],
    ['all that a person may waive', facts({ severity: 'info', environment: 'staging', state: 'muted' }, { wanted: true, runsToday: 99, runsTodayHere: 99 })],
    [
      'a parked one that a person wants',
      facts({ state: 'held', reason: 'parked: x', runs: [run] }, { wanted: true, lastRun: { openedAt: NOW, outcome: undefined } }),
    ],
  ])('lets %s through', (_, given) => {
    expect(passGates(given, settings)).toEqual({ admitted: true, target: { repository: 'shop', path: 'services/checkout', revisions: [] } })
  })

  it.each<[string, GateFacts]>([
    ['without a trace', facts({ state: 'needs-trace' }, { wanted: true })],
    ['without a repository', facts({ service: undefined }, { wanted: true })],
    ['while the emergency stop is on', facts({}, { wanted: true, stopped: true })],
    ['on a paused repository', facts({}, { wanted: true, paused: true })],
    ['while a run is under way', facts({ state: 'running' }, { wanted: true })],
  ])('not even a person gets one %s', (_, given) => {
    expect(passGates(given, settings).admitted).toBe(false)
  })

  it('a settled report stays settled, whatever keeps it from another run', () => {
    expect(passGates(facts({ state: 'settled' }, { lastRun: { openedAt: hoursAgo(1), outcome: 'abandoned' } }), settings)).toMatchObject({ leave: true })
    expect(passGates(facts({ severity: 'info' }), settings)).not.toHaveProperty('leave')
  })

  it('what the alert names goes before the mapping of its service, whose folder then means nothing', () => {
    expect(repositoryOf({ repository: 'other', service: 'checkout' }, settings)).toBe('other')
    expect(passGates(facts({ repository: 'other' }), settings)).toMatchObject({ target: { repository: 'other', path: undefined } })
    expect(repositoryOf({ service: 'constructor' }, settings)).toBeUndefined()
  })

  it.each<[string | undefined, string | undefined, readonly string[]]>([
    [undefined, undefined, []],
    ['abcdef0', undefined, ['abcdef0']],
    [undefined, '1.4.2', ['1.4.2', 'v1.4.2']],
    [undefined, 'v1.4.2', ['v1.4.2', '1.4.2']],
    ['abcdef0', 'web@1.4.2+build.7', ['abcdef0', 'web@1.4.2+build.7', '1.4.2', 'v1.4.2', 'web-1.4.2+build.7']],
    [undefined, '--upload-pack=x', []],
    [undefined, 'a..b', []],
    [undefined, 'HEAD@{1}', []],
  ])('commit %s and release %s may be %j', (commit, release, revisions) => {
    expect(revisionsOf({ commit, release })).toEqual(revisions)
  })
})
