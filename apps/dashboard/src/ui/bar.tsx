const FILLS = { accent: 'fill-accent', warn: 'fill-warn', quiet: 'fill-line-strong' } as const

/** How long something is beside others, from 0 to 1. The number itself stands beside it. */
export function Bar({ share, fill = 'accent' }: { readonly share: number; readonly fill?: keyof typeof FILLS }) {
  const width = Math.min(1, Math.max(0, share)) * 100
  return (
    <svg aria-hidden width="100%" height="8" className="block min-w-14 md:min-w-24">
      <rect width="100%" height="8" rx="2" className="fill-hover" />
      {width > 0 && <rect width={`${Math.max(width, 0.5)}%`} height="8" rx="2" className={FILLS[fill]} />}
    </svg>
  )
}
