import { ArrowDown, ArrowUp, ChevronsDown, ChevronsUp, Columns2, Rows2 } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import type { ViewType } from 'react-diff-view'
import { Button } from '../ui/button.tsx'
import { changedFiles } from './changed-files.ts'
import { DiffFile } from './diff-file.tsx'
import { useViewedFiles } from './viewed-files.ts'

/** A longer one is shown by its size first. */
const COLLAPSED_FROM = 400
/** What stands still at the top of the page. */
const HEADER_PX = 130

interface DiffFilesProps {
  readonly patch: string
  /** What was viewed is remembered under it. */
  readonly digest: string
  readonly view: ViewType
  readonly onView: (view: ViewType) => void
  readonly file: string | undefined
  readonly onFile: (file: string) => void
}

/** A patch by file: what was viewed, how it is drawn, and the keys to walk through it. */
export function DiffFiles({ patch, digest, view, onView, file, onFile }: DiffFilesProps) {
  const files = useMemo(() => changedFiles(patch), [patch])
  const { viewed, mark } = useViewedFiles(digest)
  const [toggled, setToggled] = useState<Readonly<Record<string, boolean>>>({})
  const list = useRef<HTMLDivElement>(null)
  const current = Math.max(
    0,
    files.findIndex(({ path }) => path === file),
  )

  const goTo = (index: number) => {
    const next = files[Math.min(Math.max(index, 0), files.length - 1)]
    if (next === undefined) return
    onFile(next.path)
    show([...(list.current?.querySelectorAll<HTMLElement>('[data-file]') ?? [])].find((each) => each.dataset.file === next.path))
  }
  const goToHunk = (direction: 1 | -1) => {
    const hunks = [...(list.current?.querySelectorAll<HTMLElement>('[data-hunk]') ?? [])]
    const at = (hunk: HTMLElement) => hunk.getBoundingClientRect().top - HEADER_PX
    show(direction === 1 ? hunks.find((hunk) => at(hunk) > 4) : hunks.findLast((hunk) => at(hunk) < -4))
  }
  const otherView = view === 'split' ? 'unified' : 'split'

  return (
    <div ref={list} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-1">
        <span className="mr-auto text-sm text-quiet">
          {files.length} {files.length === 1 ? 'file' : 'files'}, {files.filter(({ path }) => viewed.includes(path)).length} viewed
        </span>
        <Button look="ghost" label="Next file" hotkey="j" icon={<ChevronsDown size={15} aria-hidden />} onClick={() => goTo(current + 1)} />
        <Button look="ghost" label="Previous file" hotkey="k" icon={<ChevronsUp size={15} aria-hidden />} onClick={() => goTo(current - 1)} />
        <Button look="ghost" label="Next change" hotkey="n" icon={<ArrowDown size={15} aria-hidden />} onClick={() => goToHunk(1)} />
        <Button look="ghost" label="Previous change" hotkey="p" icon={<ArrowUp size={15} aria-hidden />} onClick={() => goToHunk(-1)} />
        <Button
          look="ghost"
          label={view === 'split' ? 'One column' : 'Two columns'}
          hotkey="s"
          icon={view === 'split' ? <Rows2 size={15} aria-hidden /> : <Columns2 size={15} aria-hidden />}
          onClick={() => onView(otherView)}
        />
      </div>
      {files.map((each, index) => {
        const isViewed = viewed.includes(each.path)
        const open = toggled[each.path] ?? (!isViewed && each.added + each.removed <= COLLAPSED_FROM)
        return (
          <DiffFile
            key={each.path}
            file={each}
            view={view}
            open={open}
            onToggle={() => setToggled({ ...toggled, [each.path]: !open })}
            viewed={isViewed}
            onViewed={(seen) => {
              mark(each.path, seen)
              setToggled({ ...toggled, [each.path]: !seen })
              if (seen && index < files.length - 1) goTo(index + 1)
            }}
            current={index === current}
          />
        )
      })}
    </div>
  )
}

function show(element: HTMLElement | undefined): void {
  element?.scrollIntoView({ block: 'start' })
  element?.focus({ preventScroll: true })
}
