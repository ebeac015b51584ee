import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import { keys } from '../../api/queries.ts'
import { useDecidingRefusal } from '../../api/session.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { WordsField } from '../../ui/field.tsx'
import type { ListedProposal } from './kept-rows.ts'

/** Rejects several proposals for one reason: each as it was listed, so that one that changed meanwhile stays. */
export function Dismissal({ proposals, onClose }: { readonly proposals: readonly ListedProposal[]; readonly onClose: () => void }) {
  const client = useQueryClient()
  const refusal = useDecidingRefusal()
  const [words, setWords] = useState('')
  const [refused, setRefused] = useState<readonly string[]>([])
  const close = () => {
    setWords('')
    setRefused([])
    onClose()
  }
  const dismiss = async (event: FormEvent) => {
    event.preventDefault()
    const answers = await Promise.allSettled(
      proposals.map(({ run, proposal }) => answerOf(api.POST('/api/proposals/{run}/reject', { params: { path: { run } }, body: { proposal, words } }))),
    )
    await client.invalidateQueries({ queryKey: keys.proposals })
    const failures = answers.flatMap((answer, index) =>
      answer.status === 'rejected' ? [`${proposals[index]?.title ?? proposals[index]?.run}: ${(answer.reason as Error).message}`] : [],
    )
    if (failures.length === 0) close()
    else setRefused(failures)
  }
  return (
    <Dialog
      open={proposals.length > 0}
      onClose={close}
      title={`Dismiss ${proposals.length} ${proposals.length === 1 ? 'proposal' : 'proposals'}`}
      about="Their runs end without a patch. The reason is kept with each."
    >
      <form onSubmit={(event) => void dismiss(event)} className="flex flex-col gap-3 p-4">
        <WordsField label="Why" value={words} onChange={setWords} />
        {refused.length > 0 && (
          <ul role="alert" className="text-sm text-bad">
            {refused.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={close}>{refused.length === 0 ? 'Cancel' : 'Close'}</Button>
          <Button look="danger" type="submit" refusal={refusal ?? (words.trim() === '' ? 'Say why first' : undefined)}>
            Dismiss
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
