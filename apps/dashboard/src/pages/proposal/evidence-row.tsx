import { type ReactNode, useState } from 'react'
import { type Command, CommandOutput, howItEnded } from '../../log/command-output.tsx'
import { Button } from '../../ui/button.tsx'

export const CELL = 'border-b border-line px-3 py-2 text-left align-top'

type Side = 'before' | 'after'
type Ran = Readonly<Partial<Record<Side, Command | undefined>>>

interface EvidenceRowProps {
  readonly what: ReactNode
  readonly before: ReactNode
  readonly after: ReactNode
  readonly ran: Ran
}

/** What was seen on both sides; each unfolds to what the tests really printed. */
export function EvidenceRow({ what, before, after, ran }: EvidenceRowProps) {
  const [open, setOpen] = useState<Side>()
  const shown = open && ran[open]
  const sides = { before, after }
  return (
    <>
      <tr>
        <th scope="row" className={`${CELL} break-words font-normal`}>
          {what}
        </th>
        {(['before', 'after'] as const).map((side) => (
          <td key={side} className={`${CELL} break-words`}>
            {sides[side]}
            {ran[side] && (
              <div className="-ml-2.5">
                <Button look="ghost" aria-expanded={open === side} onClick={() => setOpen(open === side ? undefined : side)}>
                  <span className="sr-only">{side === 'before' ? 'Before: ' : 'After: '}</span>
                  {open === side ? 'Hide the output' : 'Output'}
                </Button>
              </div>
            )}
          </td>
        ))}
      </tr>
      {shown && (
        <tr>
          <td colSpan={3} className={CELL}>
            <p className="break-all text-xs text-quiet">
              <code>{shown.argv.join(' ')}</code> {howItEnded(shown)}
            </p>
            <CommandOutput key={shown.outputDigest} command={shown} />
          </td>
        </tr>
      )}
    </>
  )
}

/** The first command of each side, where its output was kept. */
export function ranOn(commands: readonly Command[] = []): Ran {
  return { before: commands.find(({ on }) => on === 'base'), after: commands.find(({ on }) => on === 'patch') }
}
