import { useState } from 'react'
import { useDecidingRefusal } from '../../api/session.ts'
import { Button } from '../../ui/button.tsx'
import { Actions } from './actions.tsx'
import { DecisionDialog } from './decision-dialog.tsx'
import type { Decision, ShownProposal } from './proposal.ts'

interface DecisionBarProps {
  readonly proposal: ShownProposal
  /** Why nothing can be decided now. */
  readonly refusal: string | undefined
  readonly onDecided: (decision: Decision) => void
  readonly onLookAgain: () => void
}

/** Why nothing can be decided about it now. `changed`: another one has taken its place. */
export function useRefusal({ awaiting }: ShownProposal, changed: boolean): string | undefined {
  const mayNot = useDecidingRefusal()
  return mayNot ?? (changed ? 'It changed: look at the new one first' : awaiting ? undefined : 'No decision is waited for')
}

/** What people do with a proposal: in the header, and on a phone at the thumb. */
export function DecisionBar({ proposal, refusal, onDecided, onLookAgain }: DecisionBarProps) {
  const [deciding, setDeciding] = useState<Decision>()
  const mayNot = useDecidingRefusal()
  return (
    <div className="flex flex-wrap items-center gap-2 max-md:fixed max-md:inset-x-0 max-md:bottom-0 max-md:z-20 max-md:border-t max-md:border-line max-md:bg-raised max-md:p-2">
      <Button look="primary" label="Approve" hotkey="a" refusal={refusal} onClick={() => setDeciding('approve')} className="max-md:flex-1">
        Approve
      </Button>
      <Button label="Request changes" hotkey="r" refusal={refusal} onClick={() => setDeciding('request-changes')}>
        Request changes
      </Button>
      <Button look="danger" label="Reject" hotkey="x" refusal={refusal} onClick={() => setDeciding('reject')}>
        Reject
      </Button>
      <Actions proposal={proposal} />
      {refusal !== undefined && mayNot !== undefined && <span className="text-xs text-quiet max-md:hidden">You may look only</span>}
      {deciding && (
        <DecisionDialog
          proposal={proposal}
          decision={deciding}
          onClose={() => setDeciding(undefined)}
          onDecided={() => {
            setDeciding(undefined)
            onDecided(deciding)
          }}
          onLookAgain={() => {
            setDeciding(undefined)
            onLookAgain()
          }}
        />
      )}
    </div>
  )
}
