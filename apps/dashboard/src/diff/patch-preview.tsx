import { useMemo } from 'react'
import { Quoted } from '../ui/section.tsx'
import { type ChangedFile, changedFiles } from './changed-files.ts'
import { Hunks } from './hunks.tsx'

/** A patch to look at, and no more. One that is too long is told without its end, and shown as text. */
export function PatchPreview({ patch }: { readonly patch: string }) {
  const files = useMemo(() => wholeFiles(patch), [patch])
  if (patch.trim() === '') return <p className="text-sm text-quiet">It changes nothing.</p>
  if (files === undefined) return <Quoted text={patch} label="The beginning of the patch" />
  return files.map((file) => (
    <div key={file.path} className="overflow-clip rounded-md border border-line">
      <p className="break-all border-b border-line bg-sunken px-2 py-1 font-mono text-xs">{file.path}</p>
      <Hunks file={file} view="unified" />
    </div>
  ))
}

function wholeFiles(patch: string): readonly ChangedFile[] | undefined {
  try {
    return changedFiles(patch)
  } catch {
    return undefined
  }
}
