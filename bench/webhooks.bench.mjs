// Signed webhooks of 10 KB, kept in memory, against a route that reads as much and does nothing; the sender is a thread of its own.
import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { createRequire } from 'node:module'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { createServer } from '../apps/server/dist/index.js'
import { alertSources } from '../packages/intake/dist/index.js'
import { median, row, showTable } from './measured.mjs'

const fastify = createRequire(new URL('../apps/server/package.json', import.meta.url))('fastify')
const TURNS = 5
const MS = 3000
const CONNECTIONS = 32
const SECRET = 'sentry-client-secret-0123456789'

if (isMainThread) await measure()
else parentPort.on('message', async ({ port, path }) => parentPort.postMessage(await send(port, path)))

async function measure() {
  const kept = new Set()
  const key = { id: 'key_1', name: 'bench', source: 'sentry', signed: true, signingSecret: SECRET, createdAt: new Date() }
  const never = () => Promise.reject(new Error('not in this benchmark'))
  const nothing = async () => {}
  const server = await createServer(
    {
      sources: alertSources,
      deliveries: {
        accept: async ({ deliveryId }) => {
          const fresh = !kept.has(deliveryId)
          kept.add(deliveryId)
          return { id: deliveryId, fresh }
        },
        refuse: never,
      },
      tokens: { ingestKey: async () => key },
      wake: { deliveries: nothing, report: nothing, run: nothing },
      clock: { now: () => new Date(), monotonic: () => performance.now(), sleep: nothing },
      hash: (bytes) => createHash('sha256').update(bytes).digest('hex'),
      log: { info() {}, warn() {}, error() {} },
      checks: [],
      effectiveSettings: () => ({}),
    },
    { hooks: { rate: { perSecond: 1e6, burst: 1e6 } } },
  )
  const idle = fastify()
  idle.removeAllContentTypeParsers()
  idle.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null))
  idle.post('/', async (_request, reply) => reply.code(202).send(''))
  await server.listen({ host: '127.0.0.1', port: 0 })
  await idle.listen({ host: '127.0.0.1', port: 0 })

  const sender = new Worker(new URL(import.meta.url))
  const ask = async (app, path) => {
    sender.postMessage({ port: app.server.address().port, path })
    const [answered] = await once(sender, 'message')
    return answered
  }
  const turns = { signed: [], idle: [] }
  const hook = `/hooks/sentry/fpk_${'a'.repeat(43)}`
  await ask(server, hook)
  await ask(idle, '/')
  const before = process.memoryUsage.rss()
  for (let turn = 0; turn < TURNS; turn += 1) {
    turns.signed.push(await ask(server, hook))
    turns.idle.push(await ask(idle, '/'))
  }
  const grown = process.memoryUsage.rss() - before
  await sender.terminate()
  await Promise.all([server.close(), idle.close()])

  const rate = (all) => median(all.map(({ answered }) => (answered / MS) * 1000))
  const p99 = (all) => median(all.map(({ times }) => times[Math.floor(times.length * 0.99)]))
  const failed = [...turns.signed, ...turns.idle].reduce((sum, turn) => sum + turn.failed, 0)
  row('webhooks, signed, 10 KB, in memory', `${rate(turns.signed).toFixed(0)}/s`, '500/s, aim 1,000/s', rate(turns.signed) >= 500)
  row('a route that does nothing', `${rate(turns.idle).toFixed(0)}/s`, '', undefined)
  row('of a route that does nothing', `${((100 * rate(turns.signed)) / rate(turns.idle)).toFixed(0)} %`, '', undefined)
  row('p99 of a webhook, of nothing', `${p99(turns.signed).toFixed(0)} ms, ${p99(turns.idle).toFixed(0)} ms`, '250 ms', p99(turns.signed) < 250)
  row('answers that were no 202', String(failed), '0', failed === 0)
  row('memory grown meanwhile', `${(grown / 1_048_576).toFixed(0)} MB`, '', undefined)
  showTable()
}

/** As many as can be answered in a while, over connections that stay. */
async function send(port, path) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const pad = 'x'.repeat(10_000)
  const end = performance.now() + MS
  const times = []
  let failed = 0
  const lane = async (number) => {
    for (let i = 0; performance.now() < end; i += 1) {
      const event = { event_id: `${process.hrtime.bigint()}-${number}-${i}`, title: 'TypeError: x', pad }
      const body = JSON.stringify({ action: 'triggered', data: { event } })
      const started = performance.now()
      const status = await post(agent, port, path, body)
      times.push(performance.now() - started)
      if (status !== 202) failed += 1
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, number) => lane(number)))
  agent.destroy()
  return { answered: times.length, failed, times: times.sort((a, b) => a - b) }
}

function post(agent, port, path, body) {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'sentry-hook-resource': 'event_alert',
    'sentry-hook-signature': createHmac('sha256', SECRET).update(body).digest('hex'),
  }
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
