import { useState } from 'react'
import { useDecidingRefusal } from '../../api/session.ts'
import { Button } from '../../ui/button.tsx'
import { Actions } from './actions.tsx'
import { DecisionDialog } from './decision-dialog.tsx'
import type { Decision, ShownProposal } from './proposal.ts'

interface DecisionBarProps {
  readonly proposal: ShownProposal
  /** Another one has taken its place. */
  readonly changed: boolean
  readonly onDecided: (decision: Decision) => void
  readonly onLookAgain: () => void
}

/** What people do with a proposal: in the header, and on a phone at the thumb. */
export function DecisionBar({ proposal, changed, onDecided, onLookAgain }: DecisionBarProps) {
  const [deciding, setDeciding] = useState<Decision>()
  const mayNot = useDecidingRefusal()
  const refusal = mayNot ?? (changed ? 'It changed: look at the new one first' : proposal.awaiting ? undefined : 'No decision is waited for')
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
