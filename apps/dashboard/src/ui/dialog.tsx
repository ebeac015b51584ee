import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

interface DialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  /** What it is about, in a sentence under the title. */
  readonly about?: ReactNode
  readonly children: ReactNode
  /** Whether the title is drawn; it is read out in any case. */
  readonly untitled?: boolean
  readonly wide?: boolean
}

/** Over the page: keeps the focus, gives it back, closes with Escape. Without Radix's overlay, which needs a style element. */
export function Dialog({ open, onClose, title, about, children, untitled = false, wide = false }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={(opens) => !opens && onClose()}>
      <Radix.Portal>
        <div aria-hidden className="fixed inset-0 z-40 bg-[rgb(0_0_0/0.45)]" />
        <Radix.Content
          {...(about === undefined && { 'aria-describedby': undefined })}
          className={classes(
            'fixed inset-x-3 top-[12vh] z-50 mx-auto max-h-[80vh] overflow-auto rounded-lg border border-line bg-raised shadow-2xl focus:outline-none',
            wide ? 'max-w-3xl' : 'max-w-lg',
          )}
        >
          <div className={untitled ? 'sr-only' : 'border-b border-line px-4 py-3'}>
            <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
            {about !== undefined && <Radix.Description className="mt-0.5 text-sm text-muted">{about}</Radix.Description>}
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
