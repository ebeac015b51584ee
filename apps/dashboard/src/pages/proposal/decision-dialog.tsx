import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ApiProblem } from '../../api/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { WordsField } from '../../ui/field.tsx'
import { strengthMeans } from '../../ui/proposal-words.tsx'
import { type Decision, decide, type ShownProposal } from './proposal.ts'

const WORDS = {
  approve: { title: 'Approve this patch', about: 'Exactly the patch that you see is published.', act: 'Approve', ask: undefined, hint: undefined },
  'request-changes': {
    title: 'Request changes',
    about: 'Another attempt is made with your words in mind, and judged like the first.',
    act: 'Request changes',
    ask: 'What should be different',
    hint: 'It is read by whoever drafts the next patch.',
  },
  reject: {
    title: 'Reject this proposal',
    about: 'The run ends without a patch.',
    act: 'Reject',
    ask: 'Why',
    hint: 'It is kept with the run, and counted among the reasons.',
  },
} as const

interface DecisionDialogProps {
  readonly proposal: ShownProposal
  readonly decision: Decision
  readonly onClose: () => void
  readonly onDecided: () => void
  readonly onLookAgain: () => void
}

export function DecisionDialog({ proposal, decision, onClose, onDecided, onLookAgain }: DecisionDialogProps) {
  const { title, about, act, ask, hint } = WORDS[decision]
  const [words, setWords] = useState('')
  const telling = useMutation({ mutationFn: () => decide(proposal, decision, words), onSuccess: onDecided })
  const changed = telling.error instanceof ApiProblem && telling.error.status === 409
  const submit = (event: FormEvent) => {
    event.preventDefault()
    telling.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={title} about={about}>
      <form onSubmit={submit} className="flex flex-col gap-3 p-4">
        {decision === 'approve' && <Concerns proposal={proposal} />}
        {ask && <WordsField label={ask} hint={hint} value={words} onChange={setWords} />}
        <div role="alert" className="text-sm text-bad empty:hidden">
          {telling.error && (changed ? `${telling.error.message}. Nothing was decided: look again.` : telling.error.message)}
        </div>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          {changed ? (
            <Button look="primary" onClick={onLookAgain}>
              Look again
            </Button>
          ) : (
            <Button
              look={decision === 'reject' ? 'danger' : 'primary'}
              type="submit"
              autoFocus={ask === undefined}
              refusal={ask !== undefined && words.trim() === '' ? 'Say it in words first' : telling.isPending ? 'It is being told' : undefined}
            >
              {act}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  )
}

/** What whoever approves takes upon themselves. */
function Concerns({ proposal: { strength, gates, risks } }: Pick<DecisionDialogProps, 'proposal'>) {
  const open = gates.filter(({ status }) => status !== 'passed')
  return (
    <ul className="flex list-disc flex-col gap-1 pl-5 text-sm text-muted">
      <li>{strengthMeans(strength)}</li>
      {risks.map(({ kind, words }) => (
        <li key={kind}>{words}</li>
      ))}
      {open.map(({ gate, status, summary }) => (
        <li key={gate}>
          {gate} {status === 'failed' ? 'failed' : 'could not be applied'}: {summary}
        </li>
      ))}
    </ul>
  )
}
