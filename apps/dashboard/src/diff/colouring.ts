import { useEffect, useState } from 'react'
import type { HunkTokens, TokenNode } from 'react-diff-view'
import type { ChangedFile } from './changed-files.ts'
import type { ColouredWord } from './colouring-worker.ts'
import { useColourist } from './colourist.tsx'
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

/** Colours of a file's hunks, when the worker has found them. `wanted`: nobody waits for those of files that are not looked at. */
export function useColouring(file: ChangedFile, wanted: boolean): HunkTokens | undefined {
  const colourist = useColourist()
  const [tokens, setTokens] = useState<HunkTokens>()
  useEffect(() => {
    if (!wanted) return
    const language = languageOf(file.path)
    const texts = file.hunks.flatMap((hunk) => [sideOf(hunk, 'insert'), sideOf(hunk, 'delete')])
    const size = texts.reduce((sum, { lines }) => sum + lines.reduce((length, line) => length + line.length, 0), 0)
    const tooLong = size > MOST_CHARACTERS || texts.some(({ lines }) => lines.some((line) => line.length > LONGEST_LINE))
    if (colourist === undefined || language === undefined || tooLong) return
    return colourist.colour(
      language,
      texts.map(({ lines }) => lines.join('\n')),
      (coloured) => {
        const sides = { old: [] as TokenNode[][], new: [] as TokenNode[][] }
        coloured.forEach((lines, index) => {
          const text = texts[index]
          lines.forEach((words, line) => {
            if (text !== undefined) sides[text.side][text.start + line - 1] = words.map(tokenOf)
          })
        })
        setTokens(sides)
      },
    )
  }, [file, colourist, wanted])
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
