import { ChevronDown, ChevronRight, CircleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { duration } from '../../ui/time.tsx'
import type { Details } from './run.ts'
import { isWait, type StepLine, stepLines, stepWords, waterfallLines } from './step-lines.ts'

interface WaterfallProps {
  readonly details: Details
  readonly now: number
  /** The number of a step; undefined: the run as a whole. */
  readonly selected: number | undefined
  readonly onSelect: (step: number | undefined) => void
}

/** The steps of a run, one under the other, each as long as it took. */
export function Waterfall({ details: { steps, attempts }, now, selected, onSelect }: WaterfallProps) {
  const [opened, setOpened] = useState<readonly number[]>([])
  const lines = stepLines(steps, attempts, now)
  const within = lines.find(({ number }) => number === selected)?.attempt?.number
  const open = within === undefined ? opened : [...opened, within]
  const walk = (by: 1 | -1) => {
    const next = (selected ?? 0) + by
    if (next >= 0 && next <= steps.length) onSelect(next === 0 ? undefined : next)
  }
  return (
    <nav aria-label="Steps" className="flex flex-col py-2">
      <div className="flex items-center gap-1 px-4 pb-1 text-xs text-quiet md:px-6">
        <span className="mr-auto">
          {steps.length} {steps.length === 1 ? 'step' : 'steps'}
        </span>
        <Button look="ghost" label="Next step" hotkey="j" icon={<ChevronDown size={14} aria-hidden />} onClick={() => walk(1)} />
        <Button look="ghost" label="Previous step" hotkey="k" icon={<ChevronDown size={14} aria-hidden className="rotate-180" />} onClick={() => walk(-1)} />
      </div>
      <ul>
        <li>
          <button
            type="button"
            aria-current={selected === undefined ? 'true' : undefined}
            onClick={() => onSelect(undefined)}
            className={look(selected === undefined)}
          >
            The whole run
          </button>
        </li>
        {waterfallLines(lines, open).map((line) =>
          line.kind === 'step' ? (
            <li key={`step ${line.line.number}`}>
              <StepButton line={line.line} selected={line.line.number === selected} onSelect={onSelect} />
            </li>
          ) : (
            <li key={`attempt ${line.lines[0]?.number}`}>
              <AttemptButton
                lines={line.lines}
                open={open.includes(line.lines[0]?.attempt?.number ?? -1)}
                onToggle={(attempt) => setOpened(opened.includes(attempt) ? opened.filter((each) => each !== attempt) : [...opened, attempt])}
              />
            </li>
          ),
        )}
      </ul>
    </nav>
  )
}

function look(selected: boolean): string {
  return classes(
    'grid min-h-8 w-full grid-cols-[minmax(0,11rem)_minmax(0,1fr)_3.5rem] items-center gap-3 px-4 text-left text-sm hover:bg-hover md:px-6',
    selected && 'bg-selected font-medium',
  )
}

function StepButton({ line, selected, onSelect }: { readonly line: StepLine; readonly selected: boolean; readonly onSelect: (step: number) => void }) {
  const { step, number, attempt, ms } = line
  const ref = useSeen(selected)
  const verdict = step.step === 'judge-patch' && attempt !== undefined && !step.failed ? attempt.verdict : undefined
  return (
    <button ref={ref} type="button" aria-current={selected ? 'true' : undefined} onClick={() => onSelect(number)} className={look(selected)}>
      <span className="flex min-w-0 items-center gap-1.5">
        {step.failed && <CircleAlert size={13} aria-label="failed" className="shrink-0 text-bad" />}
        <span className="truncate">{stepWords(step.step)}</span>
        {verdict && <span className={classes('truncate text-xs font-normal', verdict === 'fixed' ? 'text-good' : 'text-quiet')}>{verdict}</span>}
      </span>
      <Bar lines={[line]} />
      <span className="text-right text-xs font-normal text-quiet">{step.endedAt === undefined ? `${duration(ms)}…` : took(ms)}</span>
    </button>
  )
}

interface AttemptButtonProps {
  readonly lines: readonly StepLine[]
  readonly open: boolean
  readonly onToggle: (attempt: number) => void
}

function AttemptButton({ lines, open, onToggle }: AttemptButtonProps) {
  const attempt = lines[0]?.attempt
  if (attempt === undefined) return undefined
  return (
    <button type="button" aria-expanded={open} onClick={() => onToggle(attempt.number)} className={look(false)}>
      <span className="flex min-w-0 items-center gap-1">
        {open ? <ChevronDown size={13} aria-hidden /> : <ChevronRight size={13} aria-hidden />}
        <span className="truncate">
          Attempt {attempt.number} <span className="text-xs text-quiet">{attempt.verdict}</span>
        </span>
      </span>
      <Bar lines={lines} />
      <span className="text-right text-xs text-quiet">{took(lines.reduce((sum, { ms }) => sum + ms, 0))}</span>
    </button>
  )
}

function Bar({ lines }: { readonly lines: readonly StepLine[] }) {
  return (
    <span aria-hidden className="relative block h-2.5 overflow-hidden rounded-sm">
      {lines.map(({ number, step, offset, width }) => (
        <span
          key={number}
          style={{ left: `${offset * 100}%`, width: `${width * 100}%` }}
          className={classes(
            'absolute inset-y-0 min-w-0.5 rounded-sm',
            isWait(step) ? 'hatched' : step.failed ? 'bg-bad' : 'bg-accent',
            step.endedAt === undefined && !isWait(step) && 'animate-pulse',
          )}
        />
      ))}
    </span>
  )
}

/** What is walked to is brought into view. */
function useSeen(selected: boolean) {
  const [element, setElement] = useState<HTMLButtonElement | null>(null)
  useEffect(() => {
    if (selected) element?.scrollIntoView({ block: 'nearest' })
  }, [selected, element])
  return setElement
}

function took(ms: number): string {
  return ms < 1000 ? `${ms} ms` : duration(ms)
}
