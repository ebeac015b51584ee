import { useEffect, useState } from 'react'
import type { HunkTokens, TokenNode } from 'react-diff-view'
import type { ChangedFile } from './changed-files.ts'
import type { ColouredWord, ColouringReply, ColouringRequest } from './colouring-worker.ts'
import { languageOf } from './languages.ts'

/** Longer than this is shown plain: nobody reads it for its colours. */
const MOST_CHARACTERS = 200_000
const LONGEST_LINE = 2000

export interface ColouredToken extends TokenNode {
  readonly type: 'coloured'
  readonly value: string
  readonly light: string
  readonly dark: string
}

/** Colours of a file's hunks, when the worker has found them. */
export function useColouring(file: ChangedFile): HunkTokens | undefined {
  const [tokens, setTokens] = useState<HunkTokens>()
  useEffect(() => {
    const language = languageOf(file.path)
    const texts = file.hunks.flatMap((hunk) => [sideOf(hunk, 'insert'), sideOf(hunk, 'delete')])
    const size = texts.reduce((sum, { lines }) => sum + lines.reduce((length, line) => length + line.length, 0), 0)
    const tooLong = size > MOST_CHARACTERS || texts.some(({ lines }) => lines.some((line) => line.length > LONGEST_LINE))
    if (language === undefined || tooLong) return
    const worker = new Worker(new URL('./colouring-worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<ColouringReply>) => {
      const sides = { old: [] as TokenNode[][], new: [] as TokenNode[][] }
      data.lines.forEach((lines, index) => {
        const text = texts[index]
        lines.forEach((words, line) => {
          if (text !== undefined) sides[text.side][text.start + line - 1] = words.map(tokenOf)
        })
      })
      setTokens(sides)
      worker.terminate()
    }
    const request: ColouringRequest = { language, texts: texts.map(({ lines }) => lines.join('\n')) }
    worker.postMessage(request)
    return () => worker.terminate()
  }, [file])
  return tokens
}

/** One side of a hunk: the text with what was inserted, or with what was deleted. */
function sideOf(hunk: ChangedFile['hunks'][number], own: 'insert' | 'delete') {
  const lines = hunk.changes.filter(({ type }) => type === own || type === 'normal').map(({ content }) => content)
  return own === 'insert' ? ({ side: 'new', start: hunk.newStart, lines } as const) : ({ side: 'old', start: hunk.oldStart, lines } as const)
}

function tokenOf([value, light, dark]: ColouredWord): ColouredToken {
  return { type: 'coloured', value, light, dark }
}
