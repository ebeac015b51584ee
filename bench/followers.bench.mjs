// Appends to the journal in PostgreSQL, and people who watch a run that does nothing: what they cost, and how soon all of them hear the next fact.
import { Agent, get } from 'node:http'
import { Policy, RunId } from '../packages/core/dist/index.js'
import { openDatabase, PostgresJournal } from '../packages/store/dist/index.js'
import { median, row, showTable, timed } from './measured.mjs'
import { withService } from './service-at-hand.mjs'

const FOLLOWERS = 500
const RUNS = 20
const APPENDS = 25

await withService(async (service) => {
  const database = await openDatabase(service.postgres.url, { connections: 4 })
  const journal = new PostgresJournal(database)
  const digest = 'a'.repeat(64)
  const entry = (seq, event) => ({ v: 1, seq, at: new Date().toISOString(), event })
  const opened = entry(0, { kind: 'run-opened', report: digest, workspace: digest, base: 'b'.repeat(40), policy: Policy.parse({ budget: {} }) })
  const failed = (seq) => entry(seq, { kind: 'step-failed', step: 'reproduce-bug', code: 'room-lost', detail: digest })

  await database.query('CREATE TABLE fixpoint.bench (word text)')
  const times = []
  const bare = []
  for (let run = 0; run < RUNS; run += 1) {
    const lease = await journal.lease(runOf(run))
    await lease.append(opened)
    for (let seq = 1; seq <= APPENDS; seq += 1) {
      times.push((await timed(() => lease.append(failed(seq)))).ms)
      bare.push((await timed(() => database.query('INSERT INTO fixpoint.bench VALUES ($1)', [digest]))).ms)
    }
  }
  row('append to the journal, p50', `${median(times).toFixed(1)} ms`, '', undefined)
  row('of the insert of one row', `${(median(times) / median(bare)).toFixed(1)} ×`, '', undefined)

  const watched = runOf(RUNS)
  const lease = await journal.lease(watched)
  await lease.append(opened)
  const before = service.memory()
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
  let heard = 0
  let tellAll = () => {}
  const open = await Promise.all(Array.from({ length: FOLLOWERS }, follow))
  await until(() => heard === FOLLOWERS)
  const each = (service.memory() - before) / FOLLOWERS / 1024
  heard = 0
  const latency = await timed(async () => {
    await lease.append(failed(1))
    await until(() => heard === FOLLOWERS)
  })
  row(`people who watch, and heard the next fact`, `${FOLLOWERS}, ${heard} in ${latency.ms.toFixed(0)} ms`, 'all', heard === FOLLOWERS)
  row('memory of each', `${each.toFixed(0)} KB`, '', undefined)
  const answer = await timed(() => fetch(`${service.address}/api/runs`, { headers: { authorization: `Bearer ${service.token}` } }).then((list) => list.json()))
  row('list of runs meanwhile', `${answer.ms.toFixed(0)} ms`, '', undefined)

  for (const stream of open) stream.destroy()
  agent.destroy()
  await database.close()

  function follow() {
    const options = { agent, headers: { authorization: `Bearer ${service.token}`, accept: 'text/event-stream' } }
    return new Promise((resolve, reject) => {
      const request = get(`${service.address}/api/runs/${watched}/journal/events`, options, (response) => {
        if (response.statusCode !== 200) reject(new Error(`a follower was answered with ${response.statusCode}`))
        response.setEncoding('utf8').on('data', (text) => {
          heard += text.split('\nid:').length - 1 || Number(text.startsWith('id:'))
          tellAll()
        })
        response.on('error', () => {})
        resolve(response)
      })
      request.on('error', reject)
    })
  }

  function until(done) {
    return new Promise((resolve) => {
      tellAll = () => done() && resolve()
      tellAll()
    })
  }
})
showTable()

function runOf(number) {
  return RunId.parse(`run_${String(number).padStart(26, '0')}`)
}
