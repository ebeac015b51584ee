import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import type { ColouringReply, ColouringRequest } from './colouring-worker.ts'

/** Has code coloured by the one worker of this tab, which is begun when it is first asked. */
class Colourist {
  readonly #waiting = new Map<number, (lines: ColouringReply['lines']) => void>()
  #worker: Worker | undefined
  #asked = 0

  /** Calls back with the lines of each text, and never when it cannot. Returns how to want it no more. */
  colour(language: string, texts: readonly string[], done: (lines: ColouringReply['lines']) => void): () => void {
    this.#worker ??= this.#begin()
    this.#asked += 1
    const request: ColouringRequest = { id: this.#asked, language, texts }
    this.#waiting.set(request.id, done)
    this.#worker.postMessage(request)
    return () => this.#waiting.delete(request.id)
  }

  end(): void {
    this.#worker?.terminate()
    this.#worker = undefined
  }

  #begin(): Worker {
    const worker = new Worker(new URL('./colouring-worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data: { id, lines } }: MessageEvent<ColouringReply>) => {
      this.#waiting.get(id)?.(lines)
      this.#waiting.delete(id)
    }
    return worker
  }
}

const ColouristContext = createContext<Colourist | undefined>(undefined)

export function ColouristProvider({ children }: { readonly children: ReactNode }) {
  const [colourist] = useState(() => new Colourist())
  useEffect(() => () => colourist.end(), [colourist])
  return <ColouristContext value={colourist}>{children}</ColouristContext>
}

/** Undefined where nobody colours: code is plain there. */
export function useColourist(): Colourist | undefined {
  return useContext(ColouristContext)
}
