import type { Certificate } from '@fixpoint/core'
import { Commands } from '../../log/command-output.tsx'
import { InlineCode } from '../../ui/inline-code.tsx'
import { GateMark } from '../../ui/proposal-words.tsx'
import { More, Section } from '../../ui/section.tsx'

type Gate = Certificate['verdict']['gates'][number]

/** Calls that are shown at once. */
const FIRST = 4

/** Each check of the patch, with what it found and the commands that were really run. */
export function Gates({ gates }: { readonly gates: readonly Gate[] }) {
  return (
    <Section title="Gates" aside="asked in this order, in a fresh sandbox">
      <ul className="flex flex-col divide-y divide-line rounded-md border border-line bg-raised">
        {gates.map((gate) => (
          <li key={gate.gate} className="flex gap-3 px-3 py-2">
            <GateMark status={gate.status} />
            <div className="min-w-0 flex-1 text-sm">
              <p className="break-words">
                <span className="font-medium">{gate.gate}</span>
                <span className="sr-only"> {gate.status}</span>{' '}
                <span className="text-muted">
                  <InlineCode text={gate.summary} />
                </span>
              </p>
              <Differences differences={gate.differences} />
              {gate.findings.length + gate.commands.length > 0 && <Found gate={gate} />}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function Found({ gate: { findings, commands } }: { readonly gate: Gate }) {
  return (
    <More
      summary={[findings.length > 0 && counted(findings.length, 'finding'), commands.length > 0 && counted(commands.length, 'command')]
        .filter(Boolean)
        .join(', ')}
    >
      <ul className="flex flex-col gap-0.5 text-xs text-muted">
        {findings.map((finding) => (
          <li key={finding} className="break-words">
            {finding}
          </li>
        ))}
      </ul>
      <Commands commands={commands} />
    </More>
  )
}

/** Those that surprise come first; of the others, a few. */
function Differences({ differences }: Pick<Gate, 'differences'>) {
  const ordered = [...differences].sort((one, other) => Number(one.expected) - Number(other.expected))
  const first = Math.max(FIRST, ordered.filter(({ expected }) => !expected).length)
  if (ordered.length === 0) return null
  return (
    <>
      <Calls calls={ordered.slice(0, first)} />
      {ordered.length > first && (
        <More summary={`${counted(ordered.length - first, 'more call')} that ${ordered.length - first === 1 ? 'ends' : 'end'} differently`}>
          <Calls calls={ordered.slice(first)} />
        </More>
      )}
    </>
  )
}

function Calls({ calls }: { readonly calls: Gate['differences'] }) {
  return (
    <div className="overflow-x-auto">
      <table className="my-1 w-full min-w-[32rem] table-fixed text-xs">
        <thead className="text-quiet">
          <tr>
            <th className="w-1/4 py-0.5 pr-3 text-left font-medium">Call</th>
            <th className="py-0.5 pr-3 text-left font-medium">Before</th>
            <th className="py-0.5 text-left font-medium">After</th>
          </tr>
        </thead>
        <tbody>
          {calls.map(({ call, before, after, expected }) => (
            <tr key={call} className="align-top">
              <td className="break-words py-0.5 pr-3 font-mono">{call}</td>
              <td className="break-words py-0.5 pr-3">{before}</td>
              <td className="break-words py-0.5">
                {after}
                {!expected && <span className="text-warn"> (elsewhere than where it failed)</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
