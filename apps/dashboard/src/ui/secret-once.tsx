import { Button } from './button.tsx'
import { CopyButton } from './copy.tsx'
import { Dialog } from './dialog.tsx'

interface SecretOnceProps {
  /** Undefined: nothing to show. */
  readonly secret: string | undefined
  readonly title: string
  readonly about: string
  readonly onClose: () => void
}

/** A secret that the server tells this once. */
export function SecretOnce({ secret, title, about, onClose }: SecretOnceProps) {
  return (
    <Dialog open={secret !== undefined} onClose={onClose} title={title} about={about}>
      <div className="flex flex-col gap-3 px-4 py-3">
        <code className="rounded-md border border-line bg-sunken px-3 py-2 text-sm break-all select-all">{secret}</code>
        <p className="text-sm text-warn">It is shown this once, and kept nowhere in clear.</p>
        <div className="flex justify-end gap-2">
          <CopyButton look="secondary" text={secret ?? ''} label="Copy it">
            Copy
          </CopyButton>
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
