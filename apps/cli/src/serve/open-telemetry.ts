import { createHash, randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { JournalEntry, Progress, RunId } from '@fixpoint/core'
import { type Context, DiagLogLevel, diag, ROOT_CONTEXT, type Span, SpanStatusCode, TraceFlags, type Tracer, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, type IdGenerator, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import type { DriveTrace, RunTraces } from './run-traces.ts'
import { TracedSandboxes } from './traced-sandboxes.ts'

const FLUSH_MS = 2_000

/** OpenTelemetry over OTLP/HTTP. Attributes are ids, kinds and numbers; nothing of a report or a repository. Headers and names are as its own variables say. */
export function openTelemetry(endpoint: string, warn: (message: string) => void): RunTraces {
  // A collector that is away is worth a word, and no more.
  const silent = () => undefined
  diag.setLogger(
    { error: (message) => warn(`traces: ${message.slice(0, 200)}`), warn: silent, info: silent, debug: silent, verbose: silent },
    DiagLogLevel.ERROR,
  )
  const ids = new RunIds()
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'fixpoint' }))
      .merge(detectResources({ detectors: [envDetector] })),
    idGenerator: ids,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` }))],
  })
  const tracer = provider.getTracer('fixpoint')
  const driven = new Map<RunId, Drive>()
  return {
    drive(run, waitedMs) {
      const drive = new Drive(run, waitedMs, tracer, ids, () => driven.delete(run.id))
      driven.set(run.id, drive)
      return drive
    },
    of: (run) => driven.get(run),
    // What a collector that is away does not take in time is lost: going home does not wait for it.
    [Symbol.asyncDispose]: () => Promise.race([provider.shutdown().catch(silent), setTimeout(FLUSH_MS, undefined, { ref: false })]),
  }
}

/** The trace of a run, and the span that is all of it, follow from its id: many processes write one trace. */
class RunIds implements IdGenerator {
  #next: { traceId: string; spanId: string } | undefined

  of(run: RunId): { traceId: string; spanId: string } {
    const digest = createHash('sha256').update(`fixpoint trace ${run}`).digest('hex')
    return { traceId: digest.slice(0, 32), spanId: digest.slice(32, 48) }
  }

  /** The spans that `make` starts have the ids of the run. */
  as<T>(run: RunId, make: () => T): T {
    this.#next = this.of(run)
    try {
      return make()
    } finally {
      this.#next = undefined
    }
  }

  generateTraceId = (): string => this.#next?.traceId ?? randomBytes(16).toString('hex')
  generateSpanId = (): string => this.#next?.spanId ?? randomBytes(8).toString('hex')
}

class Drive implements DriveTrace {
  readonly #run: Parameters<RunTraces['drive']>[0]
  readonly #tracer: Tracer
  readonly #ids: RunIds
  readonly #ended: () => void
  readonly #drive: Span
  readonly #inDrive: Context
  #step: Span | undefined
  #inStep: Context

  constructor(run: Parameters<RunTraces['drive']>[0], waitedMs: number, tracer: Tracer, ids: RunIds, ended: () => void) {
    this.#run = run
    this.#tracer = tracer
    this.#ids = ids
    this.#ended = ended
    const inRun = trace.setSpanContext(ROOT_CONTEXT, { ...ids.of(run.id), traceFlags: TraceFlags.SAMPLED, isRemote: true })
    const now = Date.now()
    // What was done before it was woken again was no waiting.
    const wokenAt = Math.min(now, Math.max(now - waitedMs, run.updatedAt.getTime()))
    tracer.startSpan('queue-wait', { startTime: wokenAt, attributes: { 'fixpoint.run': run.id } }, inRun).end(now)
    this.#drive = tracer.startSpan('drive-run', { startTime: now, attributes: { 'fixpoint.run': run.id } }, inRun)
    this.#inDrive = trace.setSpan(inRun, this.#drive)
    this.#inStep = this.#inDrive
  }

  readonly progress = (progress: Progress): void => {
    switch (progress.kind) {
      case 'step-started':
        this.#endStep()
        this.#step = this.#tracer.startSpan(progress.step, { attributes: { 'fixpoint.run': this.#run.id } }, this.#inDrive)
        this.#inStep = trace.setSpan(this.#inDrive, this.#step)
        return
      case 'fact':
        this.#recorded(progress.entry)
        return
      case 'step-note':
        return
      default:
        progress satisfies never
    }
  }

  readonly sandboxes = (inner: ConstructorParameters<typeof TracedSandboxes>[0]) =>
    new TracedSandboxes(inner, (name) => this.#tracer.startSpan(name, { attributes: { 'fixpoint.run': this.#run.id } }, this.#inStep))

  readonly end = (): void => {
    this.#endStep()
    this.#drive.end()
    this.#ended()
  }

  #recorded({ event, seq }: JournalEntry): void {
    const span = this.#step ?? this.#drive
    span.addEvent(event.kind, { 'fixpoint.seq': seq })
    if (event.kind === 'step-failed') span.setAttribute('fixpoint.failure', event.code).setStatus({ code: SpanStatusCode.ERROR, message: event.code })
    if (event.kind === 'run-stopped') span.setAttribute('fixpoint.reason', event.reason).setStatus({ code: SpanStatusCode.ERROR, message: event.reason })
    if (event.kind === 'patch-judged') span.setAttribute('fixpoint.verdict', event.verdict)
    this.#endStep()
    if (event.kind === 'run-settled') this.#settled(event.outcome)
  }

  /** Only now is it known how long all of it took. */
  #settled(outcome: string): void {
    const { id, openedAt } = this.#run
    const attributes = { 'fixpoint.run': id, 'fixpoint.outcome': outcome }
    this.#ids.as(id, () => this.#tracer.startSpan('run', { root: true, startTime: openedAt, attributes })).end()
  }

  #endStep(): void {
    this.#step?.end()
    this.#step = undefined
    this.#inStep = this.#inDrive
  }
}
