import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowDownToLine, ArrowUp } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { useKey } from '../shell/keyboard.tsx'
import { Button } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { spansOf } from './ansi.ts'
import { type Lines, linesWith, MOST_FOUND } from './lines.ts'

interface LogViewProps {
  readonly label: string
  readonly lines: Lines
  /** More lines may come. */
  readonly live?: boolean
  /** One of several on a page: its search has no key. */
  readonly embedded?: boolean
  /** The line that the address names, from 1. */
  readonly line?: number | undefined
  readonly onLine?: (line: number) => void
}

const LINE_PX = 20
/** Of one line; the rest is counted. */
const LONGEST_LINE = 3000
const AT_END_PX = 30

/** Lines of any number: only those on screen are drawn. */
export function LogView({ label, lines, live = false, embedded = false, line, onLine }: LogViewProps) {
  const scroller = useRef<HTMLElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const [follow, setFollow] = useState(live && line === undefined)
  const [words, setWords] = useState('')
  const sought = useDeferredValue(words)
  const found = useMemo(() => linesWith(lines, sought), [lines, sought])
  const [at, setAt] = useState(0)
  const rows = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => LINE_PX, overscan: 20 })
  const goTo = (index: number) => {
    setFollow(false)
    rows.scrollToIndex(index, { align: 'center' })
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: to the line of the address when it is there, and not again
  useEffect(() => {
    if (line !== undefined && line <= lines.length) goTo(line - 1)
  }, [line, lines.length === 0])
  useEffect(() => {
    if (follow && lines.length > 0) rows.scrollToIndex(lines.length - 1, { align: 'end' })
  }, [follow, lines.length, rows])
  // biome-ignore lint/correctness/useExhaustiveDependencies: words that are new begin at their first line; lines that came do not
  useEffect(() => {
    setAt(0)
    if (found[0] !== undefined) goTo(found[0])
  }, [sought])
  useKey(embedded ? undefined : '/', 'Search the log', () => field.current?.focus())

  const step = (by: 1 | -1) => {
    if (found.length === 0) return
    const next = (at + by + found.length) % found.length
    setAt(next)
    goTo(found[next] ?? 0)
  }

  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-hidden rounded-md border border-line">
      <div className="flex flex-wrap items-center gap-1 border-b border-line bg-sunken px-2 py-1">
        <input
          ref={field}
          type="search"
          aria-label="Search the log"
          placeholder={embedded ? 'Search' : 'Search the log (/)'}
          value={words}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') step(event.shiftKey ? -1 : 1)
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
          className="min-h-7 w-52 rounded-md border border-line-strong bg-raised px-2 text-sm placeholder:text-quiet"
        />
        <Button look="ghost" label="Next line found" icon={<ArrowDown size={14} aria-hidden />} onClick={() => step(1)} />
        <Button look="ghost" label="Line found before" icon={<ArrowUp size={14} aria-hidden />} onClick={() => step(-1)} />
        <span role="status" className="text-xs text-quiet">
          {sought !== '' && (found.length === 0 ? 'nothing found' : `${at + 1} of ${found.length}${found.length === MOST_FOUND ? ' or more' : ''}`)}
        </span>
        <span className="ml-auto text-xs text-quiet">
          {lines.length.toLocaleString('en')} {lines.length === 1 ? 'line' : 'lines'}
        </span>
        {live && (
          <Button
            look={follow ? 'secondary' : 'ghost'}
            label="Follow what comes"
            hotkey="f"
            aria-pressed={follow}
            icon={<ArrowDownToLine size={14} aria-hidden />}
            onClick={() => setFollow(!follow)}
          >
            Follow
          </Button>
        )}
      </div>
      <section
        ref={scroller}
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled with keys
        tabIndex={0}
        onWheel={({ deltaY }) => deltaY < 0 && setFollow(false)}
        onKeyDown={({ key }) => ['ArrowUp', 'PageUp', 'Home'].includes(key) && setFollow(false)}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          if (live && !follow && words === '' && scrollHeight - scrollTop - clientHeight < AT_END_PX) setFollow(true)
        }}
        className={classes('flex-1 overflow-auto bg-raised font-mono text-xs/5 -outline-offset-2', !embedded && 'min-h-60')}
      >
        <div className="relative w-max min-w-full" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => (
            <Line
              key={index}
              number={index + 1}
              text={lines.at(index) ?? ''}
              top={start}
              look={classes(index + 1 === line && 'bg-selected', sought !== '' && index === found[at] && 'bg-warn-soft')}
              onLine={onLine}
            />
          ))}
        </div>
      </section>
    </div>
  )
}

interface LineProps {
  readonly number: number
  readonly text: string
  readonly top: number
  readonly look: string
  readonly onLine: ((line: number) => void) | undefined
}

function Line({ number, text, top, look, onLine }: LineProps) {
  const rest = text.length - LONGEST_LINE
  return (
    <div style={{ transform: `translateY(${top}px)`, height: LINE_PX }} className={classes('absolute top-0 left-0 flex w-max min-w-full hover:bg-hover', look)}>
      {onLine === undefined ? (
        <span className="w-16 shrink-0 pr-3 text-right text-quiet select-none">{number}</span>
      ) : (
        <a
          href={`#L${number}`}
          tabIndex={-1}
          aria-label={`Line ${number}`}
          onClick={(event) => {
            event.preventDefault()
            onLine(number)
          }}
          className="w-16 shrink-0 pr-3 text-right text-quiet select-none hover:text-text"
        >
          {number}
        </a>
      )}
      <span className="pr-4 whitespace-pre">
        {spansOf(text.slice(0, LONGEST_LINE)).map(({ text: piece, look: colours }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a line never change places
          <span key={index} className={colours}>
            {piece}
          </span>
        ))}
        {rest > 0 && <span className="text-quiet"> … {rest.toLocaleString('en')} more characters</span>}
      </span>
    </div>
  )
}
