import type { Baseline, TestId, TestRun } from '@fixpoint/core'

/** What some runs of one tree say together. A test that is missing from a run, or ends differently, is flaky. */
export function baselineFrom(runs: readonly TestRun[]): Baseline {
  const reported = runs.filter((run) => run.reported)
  const statuses = new Map<TestId, Set<string>>()
  for (const run of reported)
    for (const test of run.tests) {
      const seen = statuses.get(test.id) ?? new Set()
      statuses.set(test.id, seen.add(test.status))
    }
  const count = new Map<TestId, number>()
  for (const run of reported) for (const test of run.tests) count.set(test.id, (count.get(test.id) ?? 0) + 1)

  const baseline: Baseline = { runs: runs.length, passing: [], failing: [], flaky: [], skipped: [], durationMs: slowest(runs) }
  for (const [id, seen] of statuses) {
    const [status] = seen
    if (seen.size > 1 || count.get(id) !== reported.length) baseline.flaky.push(id)
    else if (status === 'passed') baseline.passing.push(id)
    else if (status === 'failed') baseline.failing.push(id)
    else baseline.skipped.push(id)
  }
  const broken = runs.find((run) => !run.reported)
  const problem = broken?.problem ?? (runs.length === 0 ? 'the suite never ran' : statuses.size === 0 ? 'the suite has no tests' : undefined)
  return problem === undefined ? baseline : { ...baseline, problem }
}

/** Passed in one run and failed (or was missing) in another. */
export function isFlaky(baseline: Baseline, id: TestId): boolean {
  return baseline.flaky.includes(id)
}

function slowest(runs: readonly TestRun[]): number {
  return runs.reduce((longest, run) => Math.max(longest, run.durationMs), 0)
}
