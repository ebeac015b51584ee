import type { Certificate } from '@fixpoint/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { artifactQuery } from '../api/artifact.ts'
import { ApiProblem } from '../api/problem.ts'
import { Answer } from '../ui/states.tsx'
import { duration } from '../ui/time.tsx'
import { linesOf } from './lines.ts'
import { LogView } from './log-view.tsx'

export type Command = Certificate['verdict']['gates'][number]['commands'][number]

const HIGHEST_PX = 360
const LINE_PX = 20
/** What is above the lines, and around them. */
const BAR_PX = 64

const TREES = { base: 'on the base', patch: 'with the patch' } as const

/** Commands that were really run; each unfolds to what it printed. */
export function Commands({ commands }: { readonly commands: readonly Command[] }) {
  return (
    <ul className="flex flex-col gap-1 text-xs">
      {commands.map((command, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same command may have run three times
        <li key={index}>
          <CommandLine command={command} />
        </li>
      ))}
    </ul>
  )
}

function CommandLine({ command }: { readonly command: Command }) {
  const [open, setOpen] = useState(false)
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="flex min-h-6 flex-wrap items-center gap-x-2 hover:bg-hover" title="What it printed">
        <span aria-hidden>{open ? '▾' : '▸'}</span>
        <code className="min-w-0 break-all">{command.argv.join(' ')}</code>
        <span className="text-quiet">{howItEnded(command)}</span>
      </summary>
      {open && <CommandOutput command={command} />}
    </details>
  )
}

/** What a command printed, asked for when somebody looks. */
export function CommandOutput({ command }: { readonly command: Command }) {
  const query = useQuery(artifactQuery(command.outputDigest))
  if (query.error instanceof ApiProblem && query.error.status === 404)
    return (
      <p role="status" className="py-1 text-sm text-quiet">
        What it printed is not kept any more, or never was: earlier versions kept no output.
      </p>
    )
  return (
    <Answer query={query} what="what it printed">
      {(text) => <Printed text={text} label={`What ${command.argv.join(' ')} printed`} />}
    </Answer>
  )
}

/** As high as its lines, up to where it scrolls. */
function Printed({ text, label }: { readonly text: string; readonly label: string }) {
  const lines = useMemo(() => linesOf(text), [text])
  if (!/\S/.test(text)) return <p className="py-1 text-sm text-quiet">It printed nothing.</p>
  return (
    <div className="flex flex-col py-1" style={{ height: Math.min(HIGHEST_PX, BAR_PX + lines.length * LINE_PX) }}>
      <LogView label={label} lines={lines} embedded />
    </div>
  )
}

export function howItEnded({ exitCode, durationMs, on }: Command): string {
  const ended = exitCode === null ? 'did not end' : `exit code ${exitCode}`
  return [on && TREES[on], ended, durationMs < 1000 ? `${Math.round(durationMs)} ms` : duration(durationMs)].filter(Boolean).join(', ')
}
