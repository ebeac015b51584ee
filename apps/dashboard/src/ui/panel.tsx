import { type ReactNode, useId } from 'react'

interface PanelProps {
  readonly title: ReactNode
  /** What it is about, in a sentence under the title. */
  readonly about?: ReactNode
  /** What can be done with it. */
  readonly aside?: ReactNode
  /** A place that an address leads to: `#people`. */
  readonly id?: string
  readonly children: ReactNode
}

/** A framed part of a page. */
export function Panel({ title, about, aside, id, children }: PanelProps) {
  const heading = useId()
  return (
    <section id={id} aria-labelledby={heading} className="min-w-0 scroll-mt-16 rounded-lg border border-line bg-raised md:scroll-mt-4">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2.5">
        <div className="min-w-0 flex-1 basis-56">
          <h2 id={heading} className="text-base font-semibold tracking-tight">
            {title}
          </h2>
          {about !== undefined && <p className="text-sm text-muted">{about}</p>}
        </div>
        {aside}
      </header>
      {children}
    </section>
  )
}

/** Words in a panel that has no table. */
export function PanelText({ children }: { readonly children: ReactNode }) {
  return <div className="px-4 py-3 text-sm text-muted">{children}</div>
}
