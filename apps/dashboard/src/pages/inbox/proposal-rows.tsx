import { Link } from '@tanstack/react-router'
import { ChevronDown, ChevronUp } from 'lucide-react'
import { type Dispatch, memo, type SetStateAction, useCallback, useDeferredValue, useRef } from 'react'
import { Size } from '../../diff/size.tsx'
import { useKey } from '../../shell/keyboard.tsx'
import { Button } from '../../ui/button.tsx'
import { Cost, GateMarks, RiskChip, StrengthChip } from '../../ui/proposal-words.tsx'
import { Time } from '../../ui/time.tsx'
import type { ListedProposal } from './kept-rows.ts'

interface ProposalRowsProps {
  readonly proposals: readonly ListedProposal[]
  readonly selected: readonly string[]
  readonly onSelect: Dispatch<SetStateAction<readonly string[]>>
}

/** Rows that are drawn at once; those below come when there is time. */
const FIRST_SCREEN = 25

const HEAD = 'px-2 py-1.5 text-left font-medium whitespace-nowrap'

export function ProposalRows({ proposals, selected, onSelect }: ProposalRowsProps) {
  const rows = useRef<HTMLTableSectionElement>(null)
  const drawn = useDeferredValue(proposals, proposals.slice(0, FIRST_SCREEN))
  const links = () => [...(rows.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
  const current = () => links().findIndex((link) => link.closest('tr')?.contains(document.activeElement))
  const move = (by: 1 | -1) => {
    const all = links()
    const next = all[Math.min(Math.max(current() + by, 0), all.length - 1)]
    next?.focus()
    next?.scrollIntoView({ block: 'nearest' })
  }
  const toggle = useCallback(
    (run: string) => onSelect((before) => (before.includes(run) ? before.filter((each) => each !== run) : [...before, run])),
    [onSelect],
  )
  useKey('x', 'Select this proposal', () => {
    const run = links()[current()]?.dataset.row
    if (run !== undefined) toggle(run)
  })
  const all = proposals.every(({ run }) => selected.includes(run))

  return (
    <table className="w-full text-sm max-md:block">
      <thead className="text-xs text-quiet max-md:hidden">
        <tr className="border-b border-line">
          <th className="w-8 py-1 pl-4 text-left md:pl-6">
            <input
              type="checkbox"
              aria-label="Select all"
              title="Select all"
              checked={all}
              onChange={() => onSelect(all ? [] : proposals.map(({ run }) => run))}
              className="size-4 align-middle accent-(--accent)"
            />
          </th>
          <th className={HEAD}>
            <span className="inline-flex items-center gap-1">
              Proposal
              <Button look="ghost" label="Next proposal" hotkey="j" icon={<ChevronDown size={14} aria-hidden />} onClick={() => move(1)} />
              <Button look="ghost" label="Previous proposal" hotkey="k" icon={<ChevronUp size={14} aria-hidden />} onClick={() => move(-1)} />
            </span>
          </th>
          <th className={HEAD}>Evidence</th>
          <th className={HEAD}>Gates</th>
          <th className={HEAD}>Risks</th>
          <th className={`${HEAD} text-right`}>Size</th>
          <th className={`${HEAD} text-right`}>Cost</th>
          <th className={`${HEAD} pr-4 text-right md:pr-6`}>Age</th>
        </tr>
      </thead>
      <tbody ref={rows} className="max-md:block">
        {drawn.map((proposal) => (
          <Row key={proposal.run} proposal={proposal} selected={selected.includes(proposal.run)} onToggle={toggle} />
        ))}
      </tbody>
    </table>
  )
}

const CELL = 'px-2 py-2 max-md:inline-block max-md:px-1 max-md:py-0.5 max-md:empty:hidden'

interface RowProps {
  readonly proposal: ListedProposal
  readonly selected: boolean
  readonly onToggle: (run: string) => void
}

/** Drawn again only when it says something else: a proposal that comes is one row, and not a hundred. */
const Row = memo(({ proposal, selected, onToggle }: RowProps) => {
  const { run, title, strength, gates, risks, files, repository, source, drafter, spent } = proposal
  const about = [repository, source, drafter].filter((word) => word !== undefined)
  return (
    <tr className="border-b border-line focus-within:bg-selected hover:bg-hover max-md:block max-md:px-3 max-md:py-2">
      <td className="w-8 py-2 pl-4 align-top max-md:hidden md:pl-6">
        <input
          type="checkbox"
          aria-label={`Select ${title ?? run}`}
          title="Select (x)"
          checked={selected}
          onChange={() => onToggle(run)}
          className="size-4 align-middle accent-(--accent)"
        />
      </td>
      <td className={`${CELL} max-md:!block`}>
        <Link to="/proposals/$run" params={{ run }} data-row={run} title="Open (Enter)" className="break-words font-medium hover:underline">
          {title ?? 'This proposal has expired'}
        </Link>
        <div className="text-xs text-quiet">
          {about.join(' · ')}
          {about.length > 0 && ' · '}
          <code>…{run.slice(-6)}</code>
        </div>
      </td>
      <td className={CELL}>{strength && <StrengthChip strength={strength} />}</td>
      <td className={CELL}>{gates.length > 0 && <GateMarks gates={gates} />}</td>
      <td className={CELL}>
        {risks.length > 0 && (
          <span className="flex flex-wrap gap-1">
            {risks.map(({ kind, words }) => (
              <RiskChip key={kind} kind={kind} words={words} />
            ))}
          </span>
        )}
      </td>
      <td className={`${CELL} text-right`} title={files.map(({ path }) => path).join('\n')}>
        {files.length > 0 && <Size files={files} />}
      </td>
      <td className={`${CELL} text-right text-muted`}>
        <Cost spent={spent} />
      </td>
      <td className={`${CELL} pr-4 text-right text-muted md:pr-6`}>
        <Time at={proposal.openedAt} short />
      </td>
    </tr>
  )
})
