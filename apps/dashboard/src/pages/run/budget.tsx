import { duration } from '../../ui/time.tsx'
import type { Details } from './run.ts'
import { isWait } from './step-lines.ts'

/** What the run took of what it may take. */
export function Budget({ details: { policy, spent, attempts, steps }, now }: { readonly details: Details; readonly now: number }) {
  const budget = policy?.budget
  const worked = steps
    .filter((step) => !isWait(step))
    .reduce((sum, { startedAt, endedAt }) => sum + Math.max(0, (endedAt === undefined ? now : Date.parse(endedAt)) - Date.parse(startedAt)), 0)
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-2 text-sm">
      <Part name="Attempts" used={attempts.length} most={budget?.attempts} show={String} />
      <Part name="Work" used={worked / 60_000} most={budget?.minutes} show={(minutes) => duration(minutes * 60_000)} />
      <Part name="Tokens" used={spent.tokens} most={budget?.tokens} show={compact} />
      <Part name="Money" used={spent.money} most={budget?.money} show={(dollars) => `$${dollars.toFixed(2)}`} />
    </dl>
  )
}

interface PartProps {
  readonly name: string
  readonly used: number
  /** Zero: nothing may be taken. */
  readonly most: number | undefined
  readonly show: (amount: number) => string
}

function Part({ name, used, most, show }: PartProps) {
  return (
    <div className="flex flex-col gap-0.5">
      <dt className="text-xs text-quiet">{name}</dt>
      <dd className="whitespace-nowrap">
        {show(used)} {most !== undefined && most > 0 && <span className="text-quiet">of {show(most)}</span>}
        {most !== undefined && most > 0 && (
          <span aria-hidden className="mt-0.5 block h-1 w-24 overflow-hidden rounded-full bg-hover">
            <span className={`block h-full ${used >= most ? 'bg-bad' : 'bg-accent'}`} style={{ width: `${Math.min(100, (used / most) * 100)}%` }} />
          </span>
        )}
      </dd>
    </div>
  )
}

function compact(amount: number): string {
  return amount < 1000 ? String(amount) : amount < 1_000_000 ? `${(amount / 1000).toFixed(1)}k` : `${(amount / 1_000_000).toFixed(1)}M`
}
