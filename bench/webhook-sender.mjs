// A thread that posts webhooks with Standard Webhooks signatures, as many as are answered over connections that stay.
import { createHmac } from 'node:crypto'
import { Agent, request } from 'node:http'
import { parentPort } from 'node:worker_threads'

parentPort.on('message', async (job) => parentPort.postMessage(await send(job)))

/** Until `ms` are over or `count` were answered. `times`: of each answer, in milliseconds, ascending. */
async function send({ port, path, secret, body, ms = Number.POSITIVE_INFINITY, count = Number.POSITIVE_INFINITY, connections }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const end = performance.now() + ms
  const prefix = process.hrtime.bigint()
  const times = []
  const statuses = {}
  let begun = 0
  const lane = async () => {
    while (performance.now() < end && begun < count) {
      begun += 1
      const started = performance.now()
      const status = await post({ agent, port, path }, signed(`msg-${prefix}-${begun}`, secret, body), body)
      times.push(performance.now() - started)
      statuses[status] = (statuses[status] ?? 0) + 1
    }
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: connections }, lane))
  agent.destroy()
  return { ms: performance.now() - started, statuses, times: times.sort((a, b) => a - b) }
}

function signed(id, secret, body) {
  const time = Math.floor(Date.now() / 1000)
  const signature = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(`${id}.${time}.${body}`)
    .digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(time), 'webhook-signature': `v1,${signature}` }
}

function post({ agent, port, path }, signature, body) {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...signature }
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
