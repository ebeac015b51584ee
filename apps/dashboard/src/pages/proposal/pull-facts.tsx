import { useQuery } from '@tanstack/react-query'
import { Chip, type Tone } from '../../ui/chip.tsx'
import { pullQuery, type ShownProposal } from './proposal.ts'

const STATES = {
  pending: ['…', 'runs', 'text-quiet'],
  passed: ['✔', 'passed', 'text-good'],
  failed: ['✘', 'failed', 'text-bad'],
  skipped: ['–', 'skipped', 'text-quiet'],
} as const
const TONES: Readonly<Record<string, Tone>> = { open: 'plain', merged: 'good', closed: 'warn' }

/** Where the pull request stands, and what its checks say. */
export function PullFacts({ proposal }: { readonly proposal: ShownProposal }) {
  const { data: pull, error } = useQuery(pullQuery(proposal))
  if (error) return <p className="text-sm text-quiet">{error.message}.</p>
  if (pull === undefined) return null
  return (
    <section aria-label="Checks" className="flex flex-col gap-1">
      <h2 className="flex items-center gap-2 text-xs font-medium text-quiet">
        Checks <Chip tone={TONES[pull.state] ?? 'plain'}>{pull.state === 'open' && pull.draft ? 'draft' : pull.state}</Chip>
      </h2>
      {pull.checks.length === 0 && <p className="text-sm text-quiet">None has begun.</p>}
      <ul className="flex flex-col gap-0.5">
        {pull.checks.map(({ name, state, url }) => (
          <li key={name} className="flex min-h-6 items-baseline gap-2">
            <span aria-hidden className={STATES[state][2]}>
              {STATES[state][0]}
            </span>
            {url?.startsWith('https://') ? (
              <a href={url} target="_blank" rel="noreferrer noopener" className="min-w-0 break-words text-link hover:underline">
                {name}
              </a>
            ) : (
              <span className="min-w-0 break-words">{name}</span>
            )}
            <span className="ml-auto text-xs text-quiet">{STATES[state][1]}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
