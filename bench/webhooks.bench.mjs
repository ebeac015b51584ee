// Signed webhooks of 10 KB, durable before they are answered, against a route that reads as much and does nothing, in turns; then a storm
// of one alert. The service is a process of its own, the sender a thread.
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { median, row, showTable } from './measured.mjs'
import { withService } from './service-at-hand.mjs'

const fastify = createRequire(new URL('../apps/server/package.json', import.meta.url))('fastify')
const TURNS = 6
const MS = 10_000
const CONNECTIONS = 32
const COPIES = 10_000

await withService(async (service) => {
  const idle = fastify()
  idle.removeAllContentTypeParsers()
  idle.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null))
  idle.post('/', async (_request, reply) => reply.code(202).send(''))
  await idle.listen({ host: '127.0.0.1', port: 0 })

  const sender = new Worker(new URL('webhook-sender.mjs', import.meta.url))
  const send = async (job) => {
    sender.postMessage({ secret: service.secret, connections: CONNECTIONS, ...job })
    return (await once(sender, 'message'))[0]
  }
  const toService = (job) => send({ port: service.port, path: service.path, ...job })
  const toNothing = (job) => send({ port: idle.server.address().port, path: '/', ...job })
  const alert = (name, pad = 0) =>
    JSON.stringify({
      title: `${name} failed`,
      service: 'checkout',
      stacktrace: `TypeError: Cannot read properties of undefined (reading 'name')\n    at ${name} (file:///srv/app/src/${name}.js:2:30)\n`,
      pad: 'x'.repeat(pad),
    })

  await toService({ body: alert('warm', 9800), ms: 2000 })
  await toNothing({ body: alert('warm', 9800), ms: 500 })
  await drained(service)
  const before = { kept: await service.count('SELECT count(*) FROM fixpoint.deliveries'), memory: service.memory() }
  const turns = { durable: [], nothing: [] }
  const memory = []
  for (let turn = 0; turn < TURNS; turn += 1) {
    turns.durable.push(await toService({ body: alert('load', 9800), ms: MS }))
    memory.push(service.memory())
    turns.nothing.push(await toNothing({ body: alert('load', 9800), ms: MS / 5 }))
  }
  const answered = (all) => all.reduce((sum, { statuses }) => sum + (statuses[202] ?? 0), 0)
  const others = turns.durable.reduce((sum, { times }) => sum + times.length, 0) - answered(turns.durable)
  const kept = (await service.count('SELECT count(*) FROM fixpoint.deliveries')) - before.kept
  const rate = (all) => median(all.map(({ statuses, ms }) => (1000 * (statuses[202] ?? 0)) / ms))
  const p99 = (all) => median(all.map(({ times }) => times[Math.floor(times.length * 0.99)]))
  const grown = (memory.at(-1) - memory[0]) / 1_048_576
  row('webhooks a second, signed, 10 KB, durable', `${rate(turns.durable).toFixed(0)}`, '500, aim 1,000', rate(turns.durable) >= 500)
  row('of a route that does nothing', `${((100 * rate(turns.durable)) / rate(turns.nothing)).toFixed(0)} %`, '', undefined)
  row('p99, and of nothing', `${p99(turns.durable).toFixed(0)} ms, ${p99(turns.nothing).toFixed(0)} ms`, '250 ms', p99(turns.durable) < 250)
  row(
    `answered with 202 in ${(TURNS * MS) / 1000} s, and lost`,
    `${answered(turns.durable)}, ${answered(turns.durable) - kept}`,
    '0 lost',
    kept >= answered(turns.durable),
  )
  row('answered otherwise (429: slow down)', String(others), '', undefined)
  row(
    'memory of the service, first turn to last',
    `${(memory[0] / 1_048_576).toFixed(0)} MB, ${grown < 0 ? '' : '+'}${grown.toFixed(0)} MB`,
    'flat',
    grown < 50,
  )

  const settled = await drained(service)
  row('until all of them were looked at', `${(settled / 1000).toFixed(1)} s`, '', undefined)

  const storm = await toService({ body: alert('storm'), count: COPIES })
  await drained(service)
  const seen = (await service.database.query("SELECT id, sightings FROM fixpoint.reports WHERE title LIKE '%storm%'")).rows
  const runs = await service.count(
    "SELECT count(*) FROM fixpoint.report_runs JOIN fixpoint.reports ON reports.id = report_runs.report WHERE title LIKE '%storm%'",
  )
  const told = `${seen.length} report, seen ${seen[0]?.sightings} times, ${runs} run`
  row(`${COPIES} copies of one alert, in ${(storm.ms / 1000).toFixed(1)} s`, told, '1 run', seen.length === 1 && seen[0].sightings === COPIES && runs === 1)

  await sender.terminate()
  await idle.close()
})
showTable()

/** Waits until every delivery was looked at; how long that took. */
async function drained(service) {
  const started = performance.now()
  while ((await service.count("SELECT count(*) FROM fixpoint.deliveries WHERE state = 'accepted'")) > 0)
    await new Promise((resolve) => setTimeout(resolve, 200))
  return performance.now() - started
}
