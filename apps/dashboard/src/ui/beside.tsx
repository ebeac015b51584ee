import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'

interface BesideProps {
  readonly list: ReactNode
  /** What is open beside the list; on a phone in its place. */
  readonly pane: ReactNode | undefined
  /** What the pane shows: “Report”. */
  readonly label: string
  readonly onClose: () => void
}

/** A list, and what is open of it. Escape closes. */
export function Beside({ list, pane, label, onClose }: BesideProps) {
  if (pane === undefined) return list
  return (
    <div className="grid lg:grid-cols-[minmax(0,1fr)_minmax(24rem,2fr)]">
      <div className="min-w-0 max-lg:hidden">{list}</div>
      <section aria-label={label} className="min-w-0 border-line lg:sticky lg:top-0 lg:h-dvh lg:overflow-auto lg:border-l">
        <div className="flex justify-end px-2 pt-2">
          <Button look="ghost" label={`Close the ${label.toLowerCase()}`} hotkey="Escape" icon={<X size={15} aria-hidden />} onClick={onClose} />
        </div>
        <div className="-mt-6 flex flex-col gap-5 px-4 pb-6 md:px-6">{pane}</div>
      </section>
    </div>
  )
}
