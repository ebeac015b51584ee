import { type InsightReport, inert } from '@fixpoint/core'
import type { Env } from '../env.ts'
import { ExitCode } from '../exit-codes.ts'
import { momentOf } from '../moment.ts'
import type { Screen } from '../present/terminal.ts'
import { openStores } from '../serve/open-stores.ts'

export interface InsightsOptions {
  readonly since: string
  readonly until?: string
  readonly repo?: string
  readonly json?: boolean
}

/** How far runs came, what people did with proposals, and how much of what was merged still stands. */
export async function insights(options: InsightsOptions, env: Env, screen: Screen): Promise<ExitCode> {
  const [since, until] = [momentOf('--since', options.since), momentOf('--until', options.until ?? '0d')]
  await using stores = await openStores(env, (message) => screen.line(screen.colors.dim(message)))
  const report = await stores.insights.between(since, until, options.repo)
  process.stdout.write(options.json ? `${JSON.stringify({ since, until, ...report })}\n` : `${insightLines(report).join('\n')}\n`)
  return ExitCode.delivered
}

/** In plain numbers. */
export function insightLines({ funnel, decided, retention, perMerged, byRepository }: InsightReport): readonly string[] {
  const { reports, runs, reproduced, verified, proposed } = funnel
  // Where nobody reports back, and where nobody has said anything yet, nothing is known of acceptance.
  const judged = decided.merged + decided.declined
  return [
    `runs        ${runs} of ${reports} reports: ${reproduced} reproduced, ${verified} with a patch that passed every gate, ${proposed} proposed`,
    `accepted    ${judged === 0 ? 'nobody has decided yet' : `${share(decided.merged / judged)} of what people decided on: ${decided.merged} merged, ${decided.declined} declined`}; ${decided.waiting} waiting, ${decided.delivered} handed over`,
    ...retention.map(
      ({ days, measured, share: stands }) =>
        `${`after ${days} d`.padEnd(12)}${measured === 0 ? 'not measured yet' : `${share(stands)} of the lines stand, of ${measured} merged patch${measured === 1 ? '' : 'es'}`}`,
    ),
    ...(perMerged === undefined
      ? []
      : [`a merge     ${Math.round(perMerged.medianMinutes)} minutes from the run to it, $${perMerged.money.toFixed(2)}, ${perMerged.tokens} tokens`]),
    ...byRepository.map(({ name, runs: all, merged, declined }) => `  ${inert(name, 60).padEnd(30)} ${all} runs, ${merged} merged, ${declined} declined`),
  ]
}

function share(part: number): string {
  return `${Math.round(part * 100)} %`
}
