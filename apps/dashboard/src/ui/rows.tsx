import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { ChevronDown, ChevronUp } from 'lucide-react'
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Button } from './button.tsx'
import { classes } from './classes.ts'

interface Column {
  readonly name: string
  readonly end?: boolean
}

interface RowsProps<T> {
  /** What the rows are, for who hears them: “Runs”. */
  readonly label: string
  /** What one row is, for keys: “run”. */
  readonly what: string
  readonly items: readonly T[]
  readonly idOf: (item: T) => string
  readonly columns: readonly Column[]
  /** The widths of the columns, where there is room for columns. */
  readonly grid: string
  /** The cells: `<td>`s. One of them holds the link that `j` and `k` go to, with `data-row`. */
  readonly children: (item: T) => ReactNode
  /** The one that is open beside the rows. */
  readonly current?: string | undefined
  /** The end came near: ask for more, if there is more. */
  readonly onEnd?: (() => void) | undefined
}

const ROW_PX = 45
/** Rows from the end at which more are asked for. */
const NEAR_END = 20
const ROW = '@3xl:grid @3xl:items-center @3xl:gap-x-3'

/** A table of any length: what is far from the screen is not drawn. `j` and `k` walk through it, Enter opens. */
export function Rows<T>({ label, what, items, idOf, columns, grid, children, current, onEnd }: RowsProps<T>) {
  const body = useRef<HTMLTableSectionElement>(null)
  const [margin, setMargin] = useState(0)
  useLayoutEffect(() => {
    const top = body.current?.getBoundingClientRect().top
    if (top !== undefined) setMargin(Math.round(top + window.scrollY))
  }, [])
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => idOf(items[index] as T),
    overscan: 12,
    scrollMargin: margin,
    scrollPaddingStart: 90,
    scrollPaddingEnd: 16,
  })
  const drawn = rows.getVirtualItems()
  const last = drawn.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= items.length - NEAR_END) onEnd?.()
  }, [last, items.length, onEnd])

  const walked = useRef<string>(undefined)
  const walk = (by: 1 | -1) => {
    const focused = document.activeElement?.closest<HTMLElement>('[data-id]')?.dataset.id
    const at = items.findIndex((item) => idOf(item) === (focused ?? walked.current ?? current))
    const index = Math.min(Math.max(at + by, 0), items.length - 1)
    const item = items[index]
    if (item === undefined) return
    walked.current = idOf(item)
    rows.scrollToIndex(index, { align: 'auto' })
    focusWhenDrawn(() => body.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(idOf(item))}"] [data-row]`))
  }

  return (
    <div className="@container">
      <table aria-label={label} aria-rowcount={items.length + 1} className="block w-full text-sm">
        <thead className="sticky top-12 z-10 block border-b border-line bg-canvas text-xs text-quiet md:top-0 @max-3xl:sr-only">
          <tr className={classes(ROW, grid, 'px-4 md:px-6')}>
            {columns.map(({ name, end }, index) => (
              <th key={name} scope="col" className={classes('flex min-h-8 items-center gap-1 whitespace-nowrap font-medium', end && 'justify-end')}>
                {name}
                {index === 0 && (
                  <>
                    <Button look="ghost" label={`Next ${what}`} hotkey="j" icon={<ChevronDown size={14} aria-hidden />} onClick={() => walk(1)} />
                    <Button look="ghost" label={`Previous ${what}`} hotkey="k" icon={<ChevronUp size={14} aria-hidden />} onClick={() => walk(-1)} />
                  </>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body} className="relative block" style={{ height: rows.getTotalSize() }}>
          {drawn.map(({ index, key, start }) => {
            const item = items[index] as T
            const isCurrent = current !== undefined && idOf(item) === current
            return (
              <tr
                key={key}
                ref={rows.measureElement}
                data-index={index}
                data-id={idOf(item)}
                aria-rowindex={index + 2}
                aria-current={isCurrent ? 'true' : undefined}
                style={{ transform: `translateY(${start - margin}px)` }}
                className={classes(
                  ROW,
                  grid,
                  'absolute inset-x-0 top-0 border-b border-line px-4 py-2 focus-within:bg-selected hover:bg-hover md:px-6',
                  '@max-3xl:flex @max-3xl:flex-wrap @max-3xl:items-center @max-3xl:gap-x-3 @max-3xl:gap-y-1',
                  isCurrent && 'bg-selected',
                )}
              >
                {children(item)}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** A row that was scrolled to is drawn a moment later. */
function focusWhenDrawn(find: () => HTMLElement | null | undefined, frames = 10): void {
  const element = find()
  if (element) element.focus({ preventScroll: true })
  else if (frames > 0) requestAnimationFrame(() => focusWhenDrawn(find, frames - 1))
}
