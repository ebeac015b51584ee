import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type JournalEntry, RunId } from '@fixpoint/core'
import { MemorySnapshot, UnconfinedSandboxes } from '@fixpoint/testkit'
import { afterEach, expect, test } from 'vitest'
import { openRunTraces, type RunTraces } from './run-traces.ts'

const RUN = RunId.parse(`run_${'1'.padStart(26, '0')}`)
const OTHER = RunId.parse(`run_${'2'.padStart(26, '0')}`)
const never = new AbortController().signal

interface SpanSent {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: { key: string; value: Record<string, unknown> }[]
  readonly events: { name: string }[]
  readonly status: { code?: number; message?: string }
}

let collector: Server | undefined
afterEach(() => collector?.close())

/** A collector that takes OTLP in JSON, as real ones do. */
async function aCollector(): Promise<{ endpoint: string; spans: SpanSent[]; text: () => string }> {
  const bodies: string[] = []
  const spans: SpanSent[] = []
  collector = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    if (request.url !== '/v1/traces' || request.headers['content-type'] !== 'application/json') return void response.writeHead(404).end()
    bodies.push(body)
    for (const resource of JSON.parse(body).resourceSpans) for (const scope of resource.scopeSpans) spans.push(...scope.spans)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => collector?.listen(0, '127.0.0.1', resolve))
  return { endpoint: `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`, spans, text: () => bodies.join('\n') }
}

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000)
const fact = (seq: number, event: JournalEntry['event']) =>
  ({ kind: 'fact', entry: { v: 1, seq, at: new Date().toISOString(), event }, durationMs: 1 }) as const
const digest = 'a'.repeat(64) as never

async function aRoom(traces: RunTraces, run: RunId): Promise<void> {
  const sandboxes = traces.of(run)?.sandboxes(new UnconfinedSandboxes())
  if (sandboxes === undefined) throw new Error('nobody drives it')
  const source = new MemorySnapshot({})
  const environment = await sandboxes.prepare({ recipe: { way: 'none', manifests: [], directories: [] } as never, source, runId: run }, never, () => undefined)
  await using room = await sandboxes.open({ runId: run, environment, source }, never)
  await room.exec({ argv: ['sh', '-c', 'exit 3 # PLANTED'], timeoutMs: 10_000 }, never)
}

test('a run that two processes drove is one trace: waiting, steps, time in rooms, and the whole of it when it is settled', async () => {
  const { endpoint, spans, text } = await aCollector()
  const [first, second] = await Promise.all([openRunTraces(endpoint, () => undefined), openRunTraces(endpoint, () => undefined)])
  if (first === undefined || second === undefined) throw new Error('no traces')

  const one = first.drive({ id: RUN, openedAt: minutesAgo(10), updatedAt: minutesAgo(9) }, 60_000)
  one.progress({ kind: 'step-started', step: 'reproduce-bug' })
  one.progress({ kind: 'step-note', step: 'reproduce-bug', message: 'PLANTED' })
  await aRoom(first, RUN)
  one.progress(fact(1, { kind: 'step-failed', step: 'reproduce-bug', code: 'room-lost', detail: digest }))
  one.progress({ kind: 'step-started', step: 'reproduce-bug' })
  one.end()
  expect(first.of(RUN)).toBeUndefined()
  await first[Symbol.asyncDispose]()

  const two = second.drive({ id: RUN, openedAt: minutesAgo(10), updatedAt: minutesAgo(2) }, 20 * 60_000)
  two.progress({ kind: 'step-started', step: 'judge-patch' })
  two.progress(fact(2, { kind: 'patch-judged', verdict: 'fixed', judgement: digest }))
  two.progress(fact(3, { kind: 'run-settled', outcome: 'delivered' }))
  two.end()
  second.drive({ id: OTHER, openedAt: minutesAgo(1), updatedAt: minutesAgo(1) }, 0).end()
  await second[Symbol.asyncDispose]()

  const [root] = spans.filter(({ name }) => name === 'run')
  const named = (name: string) => spans.filter((span) => span.name === name && span.traceId === root?.traceId)
  const millis = ({ startTimeUnixNano, endTimeUnixNano }: SpanSent) => Number((BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)) / 1_000_000n)
  expect(root?.parentSpanId).toBeUndefined()
  expect(Math.round(millis(root as SpanSent) / 60_000)).toBe(10)
  expect(root?.attributes).toContainEqual({ key: 'fixpoint.outcome', value: { stringValue: 'delivered' } })
  expect(new Set(spans.map(({ traceId }) => traceId)).size, 'a trace per run').toBe(2)

  const drives = named('drive-run')
  expect([...drives, ...named('queue-wait')].map(({ parentSpanId }) => parentSpanId)).toEqual(Array(4).fill(root?.spanId))
  expect(
    named('queue-wait').map((span) => Math.round(millis(span) / 60_000)),
    'work that was done before is no waiting',
  ).toEqual([1, 2])
  const steps = named('reproduce-bug')
  expect(steps.map(({ parentSpanId }) => parentSpanId)).toEqual([drives[0]?.spanId, drives[0]?.spanId])
  expect(steps[0]).toMatchObject({ status: { code: 2, message: 'room-lost' }, events: [{ name: 'step-failed' }] })
  for (const name of ['prepare-environment', 'open-room', 'run-command', 'close-room'])
    expect(
      named(name).map(({ parentSpanId }) => parentSpanId),
      name,
    ).toEqual([steps[0]?.spanId])
  expect(named('run-command')[0]?.attributes).toContainEqual({ key: 'fixpoint.exit_code', value: { intValue: 3 } })
  expect(named('judge-patch')[0]?.parentSpanId).toBe(drives[1]?.spanId)
  expect(text()).not.toContain('PLANTED')
})

test('nobody is told anything when no collector is named, and one that is away holds nobody up', async () => {
  expect(await openRunTraces(undefined, () => undefined)).toBeUndefined()
  const traces = await openRunTraces('http://127.0.0.1:9', () => undefined)
  traces?.drive({ id: RUN, openedAt: minutesAgo(1), updatedAt: minutesAgo(1) }, 0).end()
  await traces?.[Symbol.asyncDispose]()
})
