import {
  type Baseline,
  type BugReport,
  type Candidate,
  type Dossier,
  type FileEdit,
  type GateResult,
  type JournalEntry,
  type Patch,
  Policy,
  type Project,
  type Reproduction,
  type RunEvent,
  type TestResult,
  type TestRun,
  untrusted,
  type Verdict,
} from '@fixpoint/core'

const BASE = 'b'.repeat(40)

export function aPolicy(changes: Partial<Policy> = {}): Policy {
  return { ...Policy.parse({ budget: {} }), ...changes }
}

/** A crash of `price` in `src/price.js`. */
export function aReport(changes: Partial<BugReport> = {}): BugReport {
  const message = "Cannot read properties of undefined (reading 'amount')"
  return {
    title: untrusted(`TypeError: ${message}`),
    text: untrusted(`TypeError: ${message}\n    at price (/app/src/price.js:2:15)\n`),
    traces: [
      {
        language: 'javascript',
        errorType: 'TypeError',
        message,
        frames: [{ function: 'price', file: '/app/src/price.js', line: 2, column: 15, async: false, place: 'code' }],
        causes: [],
      },
    ],
    checks: [],
    origin: 'file',
    groupKey: 'group-1',
    redactions: 0,
    ...changes,
  }
}

export function aProject(changes: Partial<Project> = {}): Project {
  return {
    toolchain: 'node',
    runner: 'node:test',
    runnerArguments: [],
    runnerEnvironment: {},
    testFiles: ['test/price.test.js'],
    protectedFiles: ['test/price.test.js'],
    staticChecks: [],
    because: ['built by a test'],
    ...changes,
  }
}

export function aTestResult(changes: Partial<TestResult> = {}): TestResult {
  return { id: 'test/price.test.js > prices an order', file: 'test/price.test.js', path: ['prices an order'], status: 'passed', durationMs: 1, ...changes }
}

export function aTestRun(tests: readonly TestResult[] = [aTestResult()], changes: Partial<TestRun> = {}): TestRun {
  const failed = tests.some((test) => test.status === 'failed')
  return {
    reported: true,
    tests: [...tests],
    argv: ['node', '--test'],
    exitCode: failed ? 1 : 0,
    timedOut: false,
    oomKilled: false,
    durationMs: 10,
    output: '',
    ...changes,
  }
}

export function aBaseline(changes: Partial<Baseline> = {}): Baseline {
  return { runs: 3, passing: ['test/price.test.js > prices an order'], failing: [], flaky: [], skipped: [], durationMs: 30, ...changes }
}

export function aReproduction(changes: Partial<Reproduction> = {}): Reproduction {
  return {
    source: 'matching-test',
    tests: [{ id: 'test/price.test.js > prices an order without items', file: 'test/price.test.js', path: ['prices an order without items'] }],
    files: [],
    failure: { errorType: 'TypeError', message: "Cannot read properties of undefined (reading 'amount')", stack: '    at price (src/price.js:2:15)' },
    oracle: 'specified',
    because: ['built by a test'],
    probes: [],
    ...changes,
  }
}

export function aDossier(changes: Partial<Dossier> = {}): Dossier {
  return {
    suspects: [
      { path: 'src/price.js', function: 'price', lines: [1, 3], hotLine: 2, score: 1, why: [{ lane: 'frames', weight: 1, evidence: 'innermost frame' }] },
    ],
    excerpts: [],
    relatedTests: [],
    history: [],
    excluded: [],
    tokens: 0,
    ...changes,
  }
}

/** `diff` is made up: a test that reads it passes its own. */
export function aPatch(edits: readonly FileEdit[] = [{ path: 'src/price.js', content: 'export const price = 1\n' }], changes: Partial<Patch> = {}): Patch {
  const diff = edits.map((edit) => `diff --git a/${edit.path} b/${edit.path}\n`).join('')
  return { base: BASE, diff, edits: [...edits], ...changes }
}

export function aCandidate(patch: Patch = aPatch(), origin: Partial<Candidate['origin']> = {}): Candidate {
  return { patch, origin: { drafter: 'scripted', kind: 'comparison', summary: 'turns < into <=', symptomOnly: false, score: 1, ...origin } }
}

export function aGateResult(changes: Partial<GateResult> = {}): GateResult {
  return { gate: 'applies', status: 'passed', summary: 'it applies', findings: [], commands: [], differences: [], ...changes }
}

export function aVerdict(changes: Partial<Verdict> = {}): Verdict {
  return { name: 'fixed', gates: [aGateResult()], strength: 'verified', testsBefore: [], testsAfter: [], ...changes }
}

/** Entries 0, 1, 2, … one second apart. */
export function someEntries(events: readonly RunEvent[], start = '2026-01-02T03:04:05.000Z'): JournalEntry[] {
  return events.map((event, seq) => ({ v: 1, seq, at: new Date(Date.parse(start) + seq * 1000).toISOString(), event }))
}
