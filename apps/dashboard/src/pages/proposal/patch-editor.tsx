import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useDeferredValue, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { ApiProblem } from '../../api/problem.ts'
import { changedFiles } from '../../diff/changed-files.ts'
import { PatchPreview } from '../../diff/patch-preview.tsx'
import { Size } from '../../diff/size.tsx'
import { Button } from '../../ui/button.tsx'
import { More } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { diffOf, type EditableFile, typedInto } from './edited-files.ts'
import { editableQuery, judgeEdit, type ShownProposal } from './proposal.ts'

interface PatchEditorProps {
  readonly proposal: ShownProposal
  readonly onClose: () => void
  readonly onTold: () => void
}

/** The changed files as the patch leaves them, to be changed by hand and judged again. */
export function PatchEditor({ proposal, onClose, onTold }: PatchEditorProps) {
  const query = useQuery(editableQuery(proposal))
  return (
    <Answer query={query} what="the files">
      {(files) => <Editor proposal={proposal} files={files} onClose={onClose} onTold={onTold} />}
    </Answer>
  )
}

function Editor({ proposal, files, onClose, onTold }: PatchEditorProps & { readonly files: readonly EditableFile[] }) {
  const [edited, setEdited] = useState(files)
  const shown = useMemo(() => diffOf(files), [files])
  const made = useDeferredValue(edited)
  const diff = useMemo(() => diffOf(made), [made])
  const telling = useMutation({ mutationFn: () => judgeEdit(proposal, diffOf(edited)), onSuccess: onTold })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    telling.mutate()
  }
  const refusal = telling.isPending
    ? 'It is being told'
    : diff === ''
      ? 'Nothing is changed against the base'
      : diff === shown
        ? 'It is as it was shown'
        : undefined
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <p className="text-sm text-muted">
        What you make of it is judged by every gate, as any patch is. This proposal stands until yours has passed them; the certificate then names you.
      </p>
      {edited.map((file, index) =>
        file.content === null ? (
          <p key={file.path} className="text-sm text-quiet">
            <code>{file.path}</code> is deleted by the patch.
          </p>
        ) : (
          <FileEditor key={file.path} file={file} onChange={(content) => setEdited(edited.with(index, { ...file, content }))} />
        ),
      )}
      <More
        summary={
          <>
            The patch as it would be judged <Size files={diff === '' ? [] : changedFiles(diff)} />
          </>
        }
      >
        <PatchPreview patch={diff} />
      </More>
      <div role="alert" className="text-sm text-bad empty:hidden">
        {telling.error && [telling.error.message, telling.error instanceof ApiProblem && telling.error.detail].filter(Boolean).join('. ')}
      </div>
      <div className="flex gap-2">
        <Button look="primary" type="submit" refusal={refusal}>
          Judge it
        </Button>
        <Button onClick={onClose}>Leave it as it was</Button>
      </div>
    </form>
  )
}

const LINE_PX = 20
const MOST_ROWS = 30
/** Lines above the change that are shown with it. */
const BEFORE = 4

function FileEditor({ file: { path, base, content }, onChange }: { readonly file: EditableFile; readonly onChange: (content: string) => void }) {
  const area = useRef<HTMLTextAreaElement>(null)
  const first = useRef(firstChange(base ?? '', content ?? ''))
  useLayoutEffect(() => {
    if (area.current) area.current.scrollTop = Math.max(0, first.current - BEFORE) * LINE_PX
  }, [])
  return (
    <label className="flex flex-col overflow-clip rounded-md border border-line-strong">
      <span className="break-all border-b border-line bg-sunken px-2 py-1 font-mono text-xs">{path}</span>
      <textarea
        ref={area}
        rows={Math.min(MOST_ROWS, (content ?? '').split('\n').length + 1)}
        spellCheck={false}
        wrap="off"
        autoCapitalize="off"
        autoCorrect="off"
        value={content ?? ''}
        title="Judge it: Ctrl or ⌘ Enter"
        onChange={({ target }) => onChange(typedInto(base, target.value))}
        onKeyDown={(event) => (event.ctrlKey || event.metaKey) && event.key === 'Enter' && event.currentTarget.form?.requestSubmit()}
        className="resize-y bg-raised px-2 py-1 font-mono text-xs/5 -outline-offset-2"
      />
    </label>
  )
}

/** Number of the first line that differs, from 0. */
function firstChange(before: string, after: string): number {
  const [old, now] = [before.split('\n'), after.split('\n')]
  const at = now.findIndex((line, index) => line !== old[index])
  return Math.max(0, at)
}
