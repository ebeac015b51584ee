import { RunId } from '@fixpoint/core'
import { z } from 'zod'

/** Which of two jobs with the same payload is one too many. `by`: jobs that give the same text wait once, and once more while one is being worked on. */
interface JobKind<Schema extends z.ZodType> {
  readonly schema: Schema
  /** Tries, when the handler throws. */
  readonly attempts: number
  /** First pause after a throw; it doubles with each. */
  readonly backoffMs: number
  /** A worker that did not renew for so long is taken for dead. Renewed four times in this time, looked at four times too. */
  readonly lockMs: number
  readonly oneBy: (payload: z.output<Schema>) => string | undefined
}

const nothing = z.strictObject({})
const kind = <Schema extends z.ZodType>(of: JobKind<Schema>): JobKind<Schema> => of

/** Every job there is. A payload is an address, never a memory: whatever is lost here is found again by a sweep. */
export const catalogue = {
  /** Drive this run. The lock decides how soon a killed worker's run goes on: at most lock and a quarter after its last sign of life. */
  'run-wake-up': kind({
    schema: z.object({ run: RunId, group: z.string().min(1).max(300).optional() }),
    attempts: 3,
    backoffMs: 1_000,
    lockMs: 8_000,
    oneBy: ({ run }) => run,
  }),
  /** Wake every run with a due step; end what orphans left. */
  sweep: kind({ schema: nothing, attempts: 1, backoffMs: 1_000, lockMs: 20_000, oneBy: () => 'sweep' }),
  /** Look at accepted deliveries. */
  deliveries: kind({ schema: nothing, attempts: 3, backoffMs: 1_000, lockMs: 8_000, oneBy: () => 'deliveries' }),
  /** Show people that they were heard, before anything else is done about it. */
  acknowledgements: kind({ schema: nothing, attempts: 1, backoffMs: 1_000, lockMs: 8_000, oneBy: () => 'acknowledgements' }),
  /** Let go of what has been kept long enough. */
  retention: kind({ schema: nothing, attempts: 2, backoffMs: 60_000, lockMs: 30_000, oneBy: () => 'retention' }),
  /** Tell one subscriber of one thing; the message itself lies in the store under this id. */
  outbound: kind({ schema: z.object({ message: z.string().min(1).max(200) }), attempts: 8, backoffMs: 5_000, lockMs: 20_000, oneBy: ({ message }) => message }),
} as const

export type JobName = keyof typeof catalogue
export type Payload<Name extends JobName> = z.output<(typeof catalogue)[Name]['schema']>
export const jobNames = Object.keys(catalogue) as readonly JobName[]
