import { type ReactNode, useId } from 'react'
import { plainOf } from '../log/ansi.ts'

/** A part of a page under its heading. */
export function Section({
  title,
  id,
  aside,
  children,
}: {
  readonly title: string
  readonly id?: string
  readonly aside?: ReactNode
  readonly children: ReactNode
}) {
  const heading = useId()
  return (
    <section id={id} aria-labelledby={heading} className="flex scroll-mt-28 flex-col gap-2">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <h2 id={heading} className="text-base font-semibold tracking-tight">
          {title}
        </h2>
        {aside && <span className="text-sm text-quiet">{aside}</span>}
      </div>
      {children}
    </section>
  )
}

/** More of it, for whoever wants to know. */
export function More({ summary, children }: { readonly summary: ReactNode; readonly children: ReactNode }) {
  return (
    <details className="group">
      <summary className="flex min-h-6 items-center gap-1.5 text-sm text-muted marker:content-none hover:text-text">
        <span aria-hidden className="inline-block transition-transform group-open:rotate-90">
          ›
        </span>
        {summary}
      </summary>
      <div className="mt-1 flex flex-col gap-2 pl-3">{children}</div>
    </details>
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

/** What a program printed. Its colours are left out. */
export function Output({ text, label }: { readonly text: string; readonly label: string }) {
  return <Quoted text={text.split('\n').map(plainOf).join('\n')} label={label} />
}

/** A name and what it is, a line each. */
export function Facts({ items }: { readonly items: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="grid items-baseline grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
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
