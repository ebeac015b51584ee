import { Chip, type Tone } from '../../ui/chip.tsx'

const STATES = {
  new: { words: 'New', tone: 'plain', means: 'It waits to be worked on.' },
  'needs-trace': { words: 'Needs a trace', tone: 'warn', means: 'Its source has to send more before anybody can work on it.' },
  held: { words: 'Held', tone: 'warn', means: 'A gate keeps it from a run.' },
  running: { words: 'Running', tone: 'plain', means: 'A run works on it.' },
  settled: { words: 'Settled', tone: 'plain', means: 'Its run came to rest.' },
  reopened: { words: 'Seen again', tone: 'bad', means: 'It was seen in a release that contains the fix.' },
  confirmed: { words: 'Fixed', tone: 'good', means: 'It was not seen for a week after its fix.' },
  muted: { words: 'Muted', tone: 'plain', means: 'Sightings are counted, and nothing is started.' },
} as const satisfies Record<string, { words: string; tone: Tone; means: string }>

export type ReportState = keyof typeof STATES
export const REPORT_STATES = Object.entries(STATES).map(([state, { words }]) => [state, words] as [ReportState, string])

export function reportState(state: ReportState): string {
  return STATES[state].words
}

export function ReportChip({ state, reason }: { readonly state: ReportState; readonly reason?: string | undefined }) {
  const { words, tone, means } = STATES[state]
  return (
    <Chip tone={tone} title={[means, reason].filter(Boolean).join(' ')}>
      {state === 'running' && <span aria-hidden className="size-1.5 animate-pulse rounded-full bg-accent" />}
      {words}
    </Chip>
  )
}

const SEVERITIES = { info: 'text-quiet', warning: 'text-warn', error: 'text-bad', fatal: 'font-semibold text-bad' } as const

export function Severity({ severity }: { readonly severity: keyof typeof SEVERITIES }) {
  return <span className={SEVERITIES[severity]}>{severity}</span>
}
