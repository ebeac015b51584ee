import { type FormEvent, type ReactNode, useState } from 'react'
import { ApiProblem } from '../api/problem.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

interface FormDialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly about?: ReactNode
  /** What the button does: “Issue”. */
  readonly action: string
  readonly danger?: boolean
  /** Closes the dialog when it comes through; what it throws is shown. */
  readonly onSubmit: (given: FormData) => Promise<unknown>
  readonly children?: ReactNode
}

/** Asks for what something needs, or whether it is meant, and does it. */
export function FormDialog({ open, onClose, title, about, action, danger = false, onSubmit, children }: FormDialogProps) {
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Error>()
  const close = () => {
    setRefusal(undefined)
    onClose()
  }
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    try {
      await onSubmit(new FormData(event.currentTarget))
      close()
    } catch (cause) {
      setRefusal(cause instanceof Error ? cause : new Error('It failed'))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog open={open} onClose={close} title={title} about={about}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3 px-4 py-3">
        {children}
        <div role="alert" className="text-sm text-bad">
          {refusal && <Refusal error={refusal} />}
        </div>
        <div className="flex justify-end gap-2">
          <Button onClick={close}>Cancel</Button>
          <Button look={danger ? 'danger' : 'primary'} type="submit" refusal={busy ? 'The server was asked.' : undefined}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function Refusal({ error }: { readonly error: Error }) {
  const { detail, hint } = error instanceof ApiProblem ? error : {}
  return <p>{[error.message, detail, hint].filter(Boolean).join('. ')}</p>
}
