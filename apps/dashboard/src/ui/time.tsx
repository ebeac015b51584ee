import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'

const TICK_MS = 10_000
const NowContext = createContext<number | undefined>(undefined)

/** One clock for all times on screen. */
export function NowProvider({ children }: { readonly children: ReactNode }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  return <NowContext value={now}>{children}</NowContext>
}

export function useNow(): number {
  return useContext(NowContext) ?? Date.now()
}

/** How long ago; the time itself, in UTC, on hover. */
export function Time({ at, short = false }: { readonly at: string; readonly short?: boolean }) {
  const passed = useNow() - Date.parse(at)
  return (
    <time dateTime={at} title={utc(at)} className="whitespace-nowrap">
      {short ? duration(passed) : ago(passed)}
    </time>
  )
}

function utc(at: string): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

function ago(passedMs: number): string {
  return passedMs < 5000 ? 'just now' : `${duration(passedMs)} ago`
}

/** The largest unit that fits: `12 s`, `4 min`, `3 h`, `5 d`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}
