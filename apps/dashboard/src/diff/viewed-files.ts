import { useState } from 'react'
import { storeChoice, storedChoice } from '../shell/stored-choice.ts'

/** Proposals that are remembered, the latest last. */
const REMEMBERED = 50
type Viewed = Readonly<Record<string, readonly string[]>>

/** The files of a proposal that this person has looked at. Another patch has another digest, and nothing of it was viewed. */
export function useViewedFiles(digest: string): { readonly viewed: readonly string[]; readonly mark: (path: string, seen: boolean) => void } {
  const [all, setAll] = useState(stored)
  const viewed = all[digest] ?? []
  return {
    viewed,
    mark: (path, seen) => {
      const { [digest]: _, ...others } = all
      const next = { ...others, [digest]: seen ? [...viewed, path] : viewed.filter((each) => each !== path) }
      const kept = Object.fromEntries(Object.entries(next).slice(-REMEMBERED))
      storeChoice('viewed', JSON.stringify(kept))
      setAll(kept)
    },
  }
}

function stored(): Viewed {
  try {
    return JSON.parse(storedChoice('viewed') ?? '{}') as Viewed
  } catch {
    return {}
  }
}
