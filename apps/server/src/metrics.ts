import type { ServiceNumbers } from '@fixpoint/core'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { HookOutcome } from './hooks/receive.ts'

/** What the server counts. Labels are names of ours, never a stranger's: they cannot grow. */
export class ServerMetrics {
  readonly registry = new Registry()
  readonly #requests: Histogram<'method' | 'route' | 'status'>
  readonly #deliveries: Counter<'source' | 'outcome'>
  readonly #bytes: Counter<'source'>
  readonly #reports: Gauge
  readonly #runs: Gauge
  readonly #fixes: Gauge
  readonly #decisions: Gauge
  readonly #numbers: () => Promise<ServiceNumbers>

  constructor({ followers, numbers }: { readonly followers: () => number; readonly numbers: () => Promise<ServiceNumbers> }) {
    const registers = [this.registry]
    const prefix = 'fixpoint_server_'
    collectDefaultMetrics({ register: this.registry, prefix: 'fixpoint_' })
    this.#requests = new Histogram({
      name: `${prefix}request_seconds`,
      help: 'Time to answer a request, by route',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    })
    this.#deliveries = new Counter({
      name: `${prefix}deliveries_total`,
      help: 'Deliveries, by what became of them',
      labelNames: ['source', 'outcome'],
      registers,
    })
    this.#bytes = new Counter({ name: `${prefix}delivered_bytes_total`, help: 'Bytes of deliveries that were declared', labelNames: ['source'], registers })
    new Gauge({
      name: `${prefix}followers`,
      help: 'Readers of the event stream',
      registers,
      collect() {
        this.set(followers())
      },
    })
    this.#numbers = numbers
    const gauge = (name: string, help: string, label: string) => new Gauge({ name, help, labelNames: [label], registers })
    this.#reports = gauge('fixpoint_reports', 'Reports, by where they stand', 'state')
    this.#runs = gauge('fixpoint_runs_settled', 'Settled runs, by how they came to rest', 'outcome')
    this.#fixes = gauge('fixpoint_fixes', 'Fixes, by what became of them', 'became')
    this.#decisions = gauge('fixpoint_decisions', 'What people said to proposals', 'said')
  }

  answered(method: string, route: string, status: number, ms: number): void {
    this.#requests.observe({ method, route, status: String(status) }, ms / 1000)
  }

  delivered(source: string, outcome: HookOutcome, bytes: number): void {
    this.#deliveries.inc({ source, outcome })
    if (Number.isFinite(bytes)) this.#bytes.inc({ source }, bytes)
  }
  /** As Prometheus reads it. What the store counts is left out when it cannot be asked: a scrape does not fail for it. */
  async text(): Promise<string> {
    const told = await this.#numbers().catch(() => undefined)
    show(this.#reports, 'state', told?.reports)
    show(this.#runs, 'outcome', told?.runs)
    show(this.#fixes, 'became', told?.fixes)
    show(this.#decisions, 'said', told?.decisions)
    return this.registry.metrics()
  }
}

function show(gauge: Gauge, label: string, counts: Readonly<Partial<Record<string, number>>> = {}): void {
  gauge.reset()
  for (const [name, count] of Object.entries(counts)) if (count !== undefined) gauge.set({ [label]: name }, count)
}
