// The dashboard in a browser, on the real service with 10,000 runs: how soon people see something, and whether long things scroll.
import { createHash } from 'node:crypto'
import { chromium } from 'playwright-core'
import { Policy, RunId } from '../packages/core/dist/index.js'
import { openDatabase, PostgresArtifacts, PostgresJournal } from '../packages/store/dist/index.js'
import { aBaseline, aCandidate, aGateResult, aPolicy, aProject, aReproduction, aVerdict } from '../packages/testkit/dist/index.js'
import { chromiumPath } from './chromium-path.mjs'
import { median, row, showTable } from './measured.mjs'
import { drawnAt, longestFrame, noteEndOfPatch, noteRows, seenAt } from './page-notes.mjs'
import { withService } from './service-at-hand.mjs'

const RUNS = 10_000
const WAITING = 300
const TURNS = 3
const EVENTS = 7
const LOG_BYTES = 20_000_000
const LOG_LINE = '\u001b[32mok\u001b[0m 12345 - settles a tab among six friends, and nobody pays a cent too much (3 ms)\n'
const FILES = 10
const LINES_A_FILE = 300
const BASE = 'b'.repeat(40)
const GATES = ['applies', 'integrity', 'reproduction', 'regression', 'static', 'necessity', 'behaviour']

await withService(async (service) => {
  const database = await openDatabase(service.postgres.url, { connections: 4 })
  const artifacts = new PostgresArtifacts(database)
  const put = (value) => artifacts.put(new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)))
  const log = await put(LOG_LINE.repeat(Math.ceil(LOG_BYTES / LOG_LINE.length)))
  await seed(database, (run) => put(aProposal(`Fix BalanceError in split, ${run.slice(-6)}`, aDiff(2, 6), log)))
  const long = runOf(RUNS + 1)
  await open(database, put, long, aProposal('A long patch', aDiff(FILES, LINES_A_FILE), log))

  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu'] })
  const inbox = []
  const firstWords = []
  const inboxWork = []
  for (let turn = 0; turn < TURNS; turn += 1) {
    const page = await signedIn(browser, service)
    const work = await workOf(page)
    await page.addInitScript(noteRows)
    await page.goto(`${service.address}/`)
    inbox.push(await drawnAt(page))
    inboxWork.push(await work())
    firstWords.push(await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"))
    await page.context().close()
  }
  row(`inbox with ${RUNS} runs, nothing in the cache: first paint`, ms(median(firstWords)), '< 1000 ms', median(firstWords) < 1000)
  row('… its rows', ms(median(inbox)), '< 1000 ms', median(inbox) < 1000)
  row(`… its rows for whoever asks first after a start, when ${WAITING} proposals are read`, ms(inbox[0] ?? 0), '', undefined)
  row('… computing time of the page until then', ms(median(inboxWork)), '', undefined)

  const diff = []
  const diffWork = []
  for (let turn = 0; turn < TURNS; turn += 1) {
    const page = await signedIn(browser, service)
    const work = await workOf(page)
    await page.addInitScript(noteEndOfPatch, { files: FILES, words: `line ${LINES_A_FILE - 1} of file ${FILES - 1}` })
    await page.goto(`${service.address}/proposals/${long}`)
    diff.push(await drawnAt(page))
    diffWork.push(await work())
    await page.context().close()
  }
  row(`patch of ${FILES * LINES_A_FILE} lines: opened, and its last line seen`, ms(median(diff)), '< 2000 ms', median(diff) < 2000)
  row('… computing time of the page until then', ms(median(diffWork)), '', undefined)

  const page = await signedIn(browser, service)
  await page.goto(`${service.address}/`)
  await page.locator('[data-row]').first().waitFor()
  const onInbox = []
  for (let event = 0; event < EVENTS; event += 1) {
    const title = `Seen in the inbox ${event}`
    const seen = page.evaluate(seenAt, title)
    // The riskiest comes first: the others are below what a screen shows.
    const at = await open(database, put, runOf(RUNS + 100 + event), aProposal(title, aDiff(20, 30), log, 'suggestion'))
    onInbox.push((await seen) - at)
  }
  row('event to screen on the inbox, p50', ms(median(onInbox)), '< 500 ms', median(onInbox) < 500)
  row('… the slowest', ms(Math.max(...onInbox)), '< 500 ms', Math.max(...onInbox) < 500)
  await page.goto(`${service.address}/runs`)
  await page.locator('[data-row]').first().waitFor()
  const onRuns = []
  for (let event = 0; event < EVENTS; event += 1) {
    const id = runOf(RUNS + 200 + event)
    const seen = page.evaluate(seenAt, id.slice(-6))
    const at = await open(database, put, id, aProposal('Seen among the runs', aDiff(1, 2), log))
    onRuns.push((await seen) - at)
  }
  row('event to screen on the list of runs, p50', ms(median(onRuns)), '< 500 ms', median(onRuns) < 500)

  await page.goto(`${service.address}/proposals/${long}`)
  const opened = Date.now()
  await page.getByRole('button', { name: 'After: Output' }).first().click()
  const shown = page.locator('section.overflow-auto').first()
  await shown.getByText('ok', { exact: true }).first().waitFor()
  row('log of 20 MB: opened', ms(Date.now() - opened), '', undefined)
  const frames = await shown.evaluate(longestFrame)
  row('… scrolled to its end, the longest frame', ms(frames), '< 200 ms', frames < 200)

  await browser.close()
  await database.close()
})
showTable()

function ms(time) {
  return `${time.toFixed(0)} ms`
}

/** Somebody with an empty cache. */
async function signedIn(browser, { address, token }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
  const issued = await fetch(`${address}/api/login-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'bench', scopes: ['read', 'decide', 'admin'] }),
  })
  const { path } = await issued.json()
  await context.request.get(`${address}${path}`)
  return context.newPage()
}

/** Milliseconds that the page itself has computed: the same on a machine that others use too. */
async function workOf(page) {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    return 1000 * metrics.find(({ name }) => name === 'TaskDuration').value
  }
}

/** Runs that are over, and some that wait for a person; each with a report of its own, and those that wait with a proposal. */
async function seed(database, proposalOf) {
  await database.query(
    `INSERT INTO fixpoint.runs (id, phase, awaiting, outcome, report, proposal, entries, opened_at, updated_at)
     SELECT 'run_' || lpad(n::text, 26, '0'), CASE WHEN n % $2 = 0 THEN 'proposing' ELSE 'settled' END, n % $2 = 0, CASE WHEN n % $2 = 0 THEN NULL ELSE 'delivered' END,
       $3, NULL, 12, now() - n * interval '1 minute', now() - n * interval '1 minute'
     FROM generate_series(1, $1::integer) AS n`,
    [RUNS, Math.floor(RUNS / WAITING), 'a'.repeat(64)],
  )
  const { rows: waiting } = await database.query('SELECT id FROM fixpoint.runs WHERE awaiting')
  for (const { id } of waiting) await database.query('UPDATE fixpoint.runs SET proposal = $2 WHERE id = $1', [id, await proposalOf(id)])
  await database.query(
    `INSERT INTO fixpoint.reports (id, group_key, title, state, severity, source, repository, report, first_seen, last_seen)
     SELECT 'rep_' || n, 'group ' || n, 'BalanceError: shares of tab ' || n || ' do not add up', 'settled', 'error', 'sentry', 'shop', $2, now(), now() FROM generate_series(1, $1::integer) AS n`,
    [RUNS, 'a'.repeat(64)],
  )
  await database.query(
    `INSERT INTO fixpoint.report_runs (report, run, repository) SELECT 'rep_' || n, 'run_' || lpad(n::text, 26, '0'), 'shop' FROM generate_series(1, $1::integer) AS n`,
    [RUNS],
  )
  await database.query('ANALYZE')
}

/** A run that comes to a proposal. When that was durable. */
async function open(database, put, run, planned) {
  const journal = new PostgresJournal(database)
  const lease = await journal.lease(run)
  const digest = await put(planned)
  const some = createHash('sha256').update(run).digest('hex')
  const facts = [
    { kind: 'run-opened', report: some, workspace: some, base: BASE, policy: Policy.parse({ approval: 'person', budget: {} }) },
    { kind: 'bug-reproduced', reproduction: some, baseline: some, source: 'named-test' },
    { kind: 'dossier-gathered', dossier: some },
    { kind: 'patch-drafted', drafter: 'patterns', candidate: some, pending: [] },
    { kind: 'patch-minimised', candidate: some, patch: some },
    { kind: 'patch-judged', verdict: 'fixed', judgement: some },
    { kind: 'patch-chosen', candidate: some, judgement: some, verdict: 'fixed' },
    { kind: 'proposal-planned', proposal: digest, strength: 'verified' },
  ]
  for (const [seq, event] of facts.entries()) await lease.append({ v: 1, seq, at: new Date().toISOString(), event })
  return Date.now()
}

function aProposal(title, diff, log, strength = 'verified') {
  const commands = [{ argv: ['npm', 'test'], exitCode: 0, outputDigest: log, durationMs: 1200, on: 'patch' }]
  const gates = GATES.map((gate) => aGateResult({ gate, summary: 'passes', status: 'passed', commands: gate === 'reproduction' ? commands : [] }))
  const certificate = {
    ...{ schema: 'https://fixpoint.dev/schema/certificate-1.json', version: 1, runId: runOf(1), issuedAt: '2026-01-02T03:04:05Z', strength },
    ...{ report: { title, groupKey: 'group-1' }, base: { commit: BASE, tree: BASE }, project: aProject(), policy: aPolicy(), baseline: aBaseline() },
    environment: { recipe: { toolchain: 'node', install: [] }, key: 'k', image: 'i', imageId: 'i', manifests: {} },
    patch: { diff, origin: aCandidate({ base: BASE, diff, edits: [] }, { drafter: 'patterns', summary: 'change round to floor' }).origin },
    reproduction: aReproduction({
      tests: [{ id: 'splits', file: 'test/split.test.js', path: ['splits'] }],
      failure: { errorType: 'BalanceError', message: 'shares do not add up', stack: '' },
    }),
    ...{
      protectedFiles: {},
      verdict: aVerdict({ gates, testsBefore: [{ id: 'splits', status: 'failed' }], testsAfter: [{ id: 'splits', status: 'passed' }] }),
    },
    ...{ rejected: [], asked: [] },
  }
  return { strength, branch: 'fixpoint/split', base: BASE, title, body: title, diff, certificate: JSON.stringify(certificate) }
}

function aDiff(files, lines) {
  return Array.from({ length: files }, (_, file) => {
    const added = Array.from(
      { length: lines },
      (_, line) => `+export const share${line} = (cents) => Math.floor(cents / ${line + 1}) // line ${line} of file ${file}\n`,
    )
    return `diff --git a/src/file-${file}.ts b/src/file-${file}.ts\nnew file mode 100644\n--- /dev/null\n+++ b/src/file-${file}.ts\n@@ -0,0 +1,${lines} @@\n${added.join('')}`
  }).join('')
}

function runOf(number) {
  return RunId.parse(`run_${String(number).padStart(26, '0')}`)
}
