import { useEffect, useState } from 'react'
import type { Fact } from './run.ts'

const RECONNECT_MS = 3000
/** Facts after which nothing follows: who asks for more is told so, and need not ask. */
const LAST: readonly string[] = ['proposal-rejected', 'proposal-withheld', 'run-settled', 'run-diagnosed', 'run-cancelled']

interface Journal {
  readonly facts: readonly Fact[]
  /** Nothing follows any more. */
  readonly settled: boolean
}

/** The facts of a run as they happen. Its browser comes back with the number of the last one (`Last-Event-ID`), and so do we where it gives up. */
export function useJournal(run: string): Journal {
  const [journal, setJournal] = useState<Journal>({ facts: [], settled: false })
  useEffect(() => {
    let source: EventSource
    let again: ReturnType<typeof setTimeout> | undefined
    let drawing: number | undefined
    let facts: Fact[] = []
    let settled = false
    const draw = () => {
      // Hundreds may come at once: one picture shows them all.
      drawing ??= requestAnimationFrame(() => {
        drawing = undefined
        setJournal({ facts: [...facts], settled })
      })
    }
    const connect = () => {
      source = new EventSource(`/api/runs/${encodeURIComponent(run)}/journal/events?from=${(facts.at(-1)?.seq ?? -1) + 1}`)
      source.addEventListener('fact', ({ data }) => {
        const fact = JSON.parse(data) as Fact
        if (fact.seq <= (facts.at(-1)?.seq ?? -1)) return
        facts.push(fact)
        settled = LAST.includes(fact.event.kind)
        if (settled) source.close()
        draw()
      })
      source.onerror = () => {
        if (source.readyState !== EventSource.CLOSED) return
        again = setTimeout(connect, RECONNECT_MS)
      }
    }
    setJournal({ facts, settled })
    connect()
    return () => {
      facts = []
      clearTimeout(again)
      if (drawing !== undefined) cancelAnimationFrame(drawing)
      source.close()
    }
  }, [run])
  return journal
}
