interface Lines {
  readonly added: number
  readonly removed: number
}

/** How much a patch changes. */
export function Size({ files }: { readonly files: readonly Lines[] }) {
  const sum = (kind: keyof Lines) => files.reduce((lines, file) => lines + file[kind], 0)
  return (
    <span className="whitespace-nowrap font-mono text-xs">
      <span className="text-good">+{sum('added')}</span> <span className="text-bad">−{sum('removed')}</span>
    </span>
  )
}
