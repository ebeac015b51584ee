import { ChevronDown, ChevronRight } from 'lucide-react'
import { useId } from 'react'
import type { ViewType } from 'react-diff-view'
import { Button } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { CopyButton } from '../ui/copy.tsx'
import type { ChangedFile } from './changed-files.ts'
import { Hunks } from './hunks.tsx'
import { Size } from './size.tsx'

const KINDS = { added: 'new', deleted: 'deleted', renamed: 'moved', changed: undefined } as const

interface DiffFileProps {
  readonly file: ChangedFile
  readonly view: ViewType
  readonly open: boolean
  readonly onToggle: () => void
  readonly viewed: boolean
  readonly onViewed: (viewed: boolean) => void
  /** The file that keys are about. */
  readonly current: boolean
}

export function DiffFile({ file, view, open, onToggle, viewed, onViewed, current }: DiffFileProps) {
  const heading = useId()
  const kind = KINDS[file.kind]
  return (
    <section
      aria-labelledby={heading}
      data-file={file.path}
      tabIndex={-1}
      className={classes('scroll-mt-28 overflow-clip rounded-md border bg-raised focus:outline-none', current ? 'border-accent' : 'border-line')}
    >
      <header className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b border-line bg-sunken px-2 py-1">
        <Button
          look="ghost"
          label={open ? 'Collapse this file' : 'Expand this file'}
          {...(current && { hotkey: 'e' })}
          aria-expanded={open}
          icon={open ? <ChevronDown size={15} aria-hidden /> : <ChevronRight size={15} aria-hidden />}
          onClick={onToggle}
        />
        <h3 id={heading} className="min-w-0 break-all font-mono text-[0.78rem] font-medium">
          {file.oldPath !== undefined && <span className="text-quiet">{file.oldPath} → </span>}
          {file.path}
        </h3>
        <CopyButton text={file.path} label="Copy the path" />
        {kind && <span className="text-xs text-quiet">{kind}</span>}
        <span className="ml-auto flex items-center gap-2 text-xs">
          <Size files={[file]} />
          <Button
            look={viewed ? 'secondary' : 'ghost'}
            label="Viewed"
            {...(current && { hotkey: 'v' })}
            aria-pressed={viewed}
            onClick={() => onViewed(!viewed)}
          >
            {viewed ? '✓ Viewed' : 'Viewed'}
          </Button>
        </span>
      </header>
      {open && <Hunks file={file} view={view} />}
    </section>
  )
}
