import { type ReactNode, useEffect } from 'react'

/** The first line of a page: what it is, and what can be done with all of it. It also names the tab. */
export function PageHeader({ title, tab, children }: { readonly title: ReactNode; readonly tab: string; readonly children?: ReactNode }) {
  useEffect(() => {
    document.title = `${tab} · Fixpoint`
  }, [tab])
  return (
    <header className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2 md:px-6">
      <h1 className="mr-auto min-w-0 text-lg font-semibold tracking-tight">{title}</h1>
      {children}
    </header>
  )
}
