import { Check, Minus, X } from 'lucide-react'
import { Chip } from './chip.tsx'
import { classes } from './classes.ts'
import { type Term, TermChip } from './terms.tsx'

const STRENGTHS = {
  verified: { tone: 'good', means: 'A test states what should happen; it failed before and passes now.' },
  implicit: { tone: 'plain', means: 'All that is known is that the failure is gone: no test states what should happen instead.' },
  choice: { tone: 'warn', means: 'More than one behaviour is defensible: choose.' },
  suggestion: { tone: 'warn', means: 'The evidence does not carry more than a suggestion.' },
} as const satisfies Record<string, Omit<Term, 'words'>>

export type Strength = keyof typeof STRENGTHS

/** What the evidence amounts to. */
export function StrengthChip({ strength }: { readonly strength: Strength }) {
  return <TermChip term={{ words: strength, ...STRENGTHS[strength] }} />
}

export function strengthMeans(strength: Strength): string {
  return STRENGTHS[strength].means
}

const GATES = {
  passed: { icon: Check, look: 'bg-good-soft text-good' },
  failed: { icon: X, look: 'bg-bad-soft text-bad' },
  'not-applicable': { icon: Minus, look: 'bg-hover text-muted' },
} as const

interface Gate {
  readonly gate: string
  readonly status: keyof typeof GATES
}

export function GateMark({ status }: { readonly status: Gate['status'] }) {
  const { icon: Icon, look } = GATES[status]
  return (
    <span className={classes('inline-flex size-5 items-center justify-center rounded', look)}>
      <Icon size={13} strokeWidth={2.5} aria-hidden />
    </span>
  )
}

/** A mark for each gate, in the order in which they are asked. */
export function GateMarks({ gates }: { readonly gates: readonly Gate[] }) {
  return (
    <ul className="flex gap-0.5" aria-label="Gates">
      {gates.map(({ gate, status }) => (
        <li key={gate} title={`${gate}: ${said(status)}`} className="leading-none">
          <GateMark status={status} />
          <span className="sr-only">
            {gate} {said(status)}
          </span>
        </li>
      ))}
    </ul>
  )
}

function said(status: Gate['status']): string {
  return status === 'not-applicable' ? 'could not be applied' : status
}

export function RiskChip({ words, kind }: { readonly words: string; readonly kind: string }) {
  return (
    <Chip tone="warn" title={words}>
      {kind.replaceAll('-', ' ')}
    </Chip>
  )
}

/** What models took. Where no price is known: a dash. */
export function Cost({ spent: { money, tokens } }: { readonly spent: { readonly money: number; readonly tokens: number } }) {
  if (tokens === 0) return <span title="No model was asked">free</span>
  const dollars = money === 0 ? '–' : money < 0.01 ? '< $0.01' : `$${money.toFixed(2)}`
  return <span title={`${tokens.toLocaleString('en')} tokens`}>{dollars}</span>
}
