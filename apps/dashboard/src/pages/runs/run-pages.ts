import type { InfiniteData } from '@tanstack/react-query'
import type { paths } from '../../api/schema.ts'
import type { RunsSearch } from './search.ts'

export type RunPage = paths['/api/runs']['get']['responses'][200]['content']['application/json']
export type ListedRun = RunPage['items'][number]

/** The pages, with this run as it is now: in its place, or gone when it is none of those that were asked for any more. */
export function withRun<Param>(known: InfiniteData<RunPage, Param>, run: ListedRun, search: RunsSearch): InfiniteData<RunPage, Param> {
  const isListed = known.pages.some(({ items }) => items.some(({ id }) => id === run.id))
  const belongs = isAskedFor(run, search)
  if (!isListed && !belongs) return known
  const place = known.pages.findIndex(({ items, next }) => next === null || (items.at(-1)?.id ?? '') < run.id)
  const pages = known.pages.map((page, index) => {
    const listed = page.items.findIndex(({ id }) => id === run.id)
    if (listed >= 0) return { ...page, items: belongs ? page.items.with(listed, run) : page.items.toSpliced(listed, 1) }
    if (isListed || index !== place) return page
    const at = page.items.findIndex(({ id }) => id < run.id)
    return { ...page, items: page.items.toSpliced(at < 0 ? page.items.length : at, 0, run) }
  })
  return { ...known, pages }
}

function isAskedFor(run: ListedRun, { phase, outcome, awaiting, repository, source, text }: RunsSearch): boolean {
  return (
    (phase === undefined || run.phase === phase) &&
    (outcome === undefined || run.outcome === outcome) &&
    (awaiting === undefined || run.awaiting === (awaiting === 'yes')) &&
    (repository === undefined || run.owner?.repository === repository) &&
    (source === undefined || run.owner?.source === source) &&
    (text === undefined || run.owner?.title.toLowerCase().includes(text.trim().toLowerCase()) === true)
  )
}
