interface SparklineProps {
  readonly days: readonly { readonly day: string; readonly sightings: number }[]
  readonly wide?: boolean
}

const HEIGHT = 20

/** How often something was seen on each day, as bars; in words for who does not see them. */
export function Sparkline({ days, wide = false }: SparklineProps) {
  const most = Math.max(1, ...days.map(({ sightings }) => sightings))
  const sum = days.reduce((total, { sightings }) => total + sightings, 0)
  const worst = days.find(({ sightings }) => sightings === most)
  const words = `Seen ${sum} times in ${days.length} days${worst === undefined ? '' : `, most on ${worst.day}: ${most}`}`
  return (
    <svg role="img" aria-label={words} viewBox={`0 0 ${days.length * 4} ${HEIGHT}`} preserveAspectRatio="none" className={wide ? 'h-12 w-full' : 'h-5 w-24'}>
      <title>{words}</title>
      {days.map(({ day, sightings }, index) => {
        const height = sightings === 0 ? 1 : Math.max(2, (sightings / most) * HEIGHT)
        return <rect key={day} x={index * 4} y={HEIGHT - height} width={3} height={height} className={sightings === 0 ? 'fill-line' : 'fill-accent'} />
      })}
    </svg>
  )
}
