import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { MessageSquare, RotateCcw, Square } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { api } from '../../api/client.ts'
import { ApiProblem, answerOf } from '../../api/problem.ts'
import { keys } from '../../api/queries.ts'
import { useDecidingRefusal } from '../../api/session.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { WordsField } from '../../ui/field.tsx'
import type { Run } from './run.ts'

/** What somebody who may decide can do with a run, and what the server said to it. */
export function Actions({ run }: { readonly run: Run }) {
  const [asking, setAsking] = useState<'cancel' | 'steer'>()
  const [words, setWords] = useState('')
  const refusal = useDecidingRefusal()
  const client = useQueryClient()
  const navigate = useNavigate()
  const path = { params: { path: { run: run.id } } }
  const settled = run.phase === 'settled'
  const over = settled ? 'The run is settled: retry it to open a new one.' : undefined

  const told = useMutation({
    mutationFn: async (what: 'cancel' | 'steer' | 'retry') => {
      if (what === 'cancel') await answerOf(api.POST('/api/runs/{run}/cancel', path))
      if (what === 'steer') await answerOf(api.POST('/api/runs/{run}/steer', { ...path, body: { words } }))
      if (what !== 'retry') return what === 'cancel' ? 'Told: it ends before its next step.' : 'Told: the next attempt knows it.'
      const { run: opened } = await answerOf(api.POST('/api/runs/{run}/retry', path))
      if (opened !== run.id) void navigate({ to: '/runs/$run', params: { run: opened } })
      return opened === run.id ? 'It goes on.' : 'This is the new run.'
    },
    onSuccess: () => {
      setAsking(undefined)
      setWords('')
      for (const queryKey of [keys.run(run.id), keys.details(run.id)]) void client.invalidateQueries({ queryKey })
    },
  })
  const close = () => {
    setAsking(undefined)
    told.reset()
  }
  const answer = told.error === null ? told.data : said(told.error)
  const submit = (what: 'cancel' | 'steer') => (event: FormEvent) => {
    event.preventDefault()
    told.mutate(what)
  }

  return (
    <>
      <span role="status" className={`text-sm empty:absolute ${told.error === null ? 'text-muted' : 'text-bad'}`}>
        {asking === undefined ? answer : ''}
      </span>
      <Button
        label="Tell the next attempt something"
        hotkey="c"
        refusal={refusal ?? over}
        icon={<MessageSquare size={14} aria-hidden />}
        onClick={() => setAsking('steer')}
      >
        Steer
      </Button>
      <Button
        label="A new run on its report; a parked one goes on"
        hotkey="R"
        refusal={refusal ?? (settled || run.parked ? undefined : 'The run is under way: cancel it first, or wait until it is settled.')}
        icon={<RotateCcw size={14} aria-hidden />}
        onClick={() => told.mutate('retry')}
      >
        Retry
      </Button>
      <Button
        look="danger"
        label="End the run where it stands"
        hotkey="x"
        refusal={refusal ?? over}
        icon={<Square size={14} aria-hidden />}
        onClick={() => setAsking('cancel')}
      >
        Cancel
      </Button>

      <Dialog
        open={asking === 'cancel'}
        onClose={close}
        title="Cancel this run?"
        about="It ends where it stands. What it spent is spent; a retry begins a new run."
      >
        <form onSubmit={submit('cancel')} className="flex flex-wrap justify-end gap-2 px-4 py-3">
          <Answered answer={answer} />
          <Button onClick={close}>Let it run</Button>
          <Button look="primary" type="submit">
            Cancel the run
          </Button>
        </form>
      </Dialog>
      <Dialog
        open={asking === 'steer'}
        onClose={close}
        title="Steer this run"
        about="The next attempt reads your words. They are kept in its journal with your name."
      >
        <form onSubmit={submit('steer')} className="flex flex-col gap-3 px-4 py-3">
          <WordsField label="What should it know?" value={words} onChange={setWords} />
          <div className="flex flex-wrap justify-end gap-2">
            <Answered answer={answer} />
            <Button onClick={close}>Close</Button>
            <Button look="primary" type="submit" refusal={words.trim() === '' ? 'Say something first.' : undefined}>
              Send
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  )
}

function Answered({ answer }: { readonly answer: string | undefined }) {
  return (
    <p role="alert" className="mr-auto min-w-0 flex-1 text-sm text-bad">
      {answer}
    </p>
  )
}

function said(error: Error): string {
  return [error.message, error instanceof ApiProblem ? error.hint : undefined].filter(Boolean).join('. ')
}
