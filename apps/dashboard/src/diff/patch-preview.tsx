import { useMemo } from 'react'
import { changedFiles } from './changed-files.ts'
import { Hunks } from './hunks.tsx'

/** A patch to look at, and no more. */
export function PatchPreview({ patch }: { readonly patch: string }) {
  const files = useMemo(() => changedFiles(patch), [patch])
  return files.map((file) => (
    <div key={file.path} className="overflow-clip rounded-md border border-line">
      <p className="break-all border-b border-line bg-sunken px-2 py-1 font-mono text-xs">{file.path}</p>
      <Hunks file={file} view="unified" />
    </div>
  ))
}
