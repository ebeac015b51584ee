import { useEffect, useState } from 'react'
import type { Connection } from '../api/events.ts'
import { duration } from '../ui/time.tsx'

/** A stream that ends is begun again within seconds: that is nobody's business. */
const PATIENCE_MS = 4000

/** Says that what is on screen may be old. */
export function ConnectionBanner({ connection }: { readonly connection: Connection }) {
  const since = connection.state === 'lost' ? connection.since : undefined
  const [lostMs, setLostMs] = useState(0)
  useEffect(() => {
    setLostMs(0)
    if (since === undefined) return
    const timer = setInterval(() => setLostMs(Date.now() - since), 1000)
    return () => clearInterval(timer)
  }, [since])
  return (
    <div role="status">
      {since !== undefined && lostMs > PATIENCE_MS && (
        <p className="border-b border-line bg-warn-soft px-4 py-1.5 text-sm text-warn">
          Disconnected {duration(lostMs)} ago, retrying. What you see may be old.
        </p>
      )}
    </div>
  )
}
