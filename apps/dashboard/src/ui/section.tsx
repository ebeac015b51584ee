import type { ReactNode } from 'react'

/** A part of a page under a heading. */
export function Section({ title, aside, children }: { readonly title: string; readonly aside?: ReactNode; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="text-sm font-semibold">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}

/** A box that scrolls, also with keys. */
export function Scrolling({ label, look, children }: { readonly label: string; readonly look: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled with keys
    <div role="group" aria-label={label} tabIndex={0} className={look}>
      {children}
    </div>
  )
}

/** Text of strangers, as they wrote it. */
export function Quoted({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <Scrolling label={label} look="max-h-96 overflow-auto rounded-md border border-line bg-sunken px-3 py-2">
      <pre className="text-xs/5 break-words whitespace-pre-wrap">{text}</pre>
    </Scrolling>
  )
}

/** A name and what it is, a line each. */
export function Facts({ items }: { readonly items: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
      {items
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-quiet">{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
    </dl>
  )
}
