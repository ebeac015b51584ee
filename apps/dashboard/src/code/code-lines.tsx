import { useEffect, useState } from 'react'
import type { ColouredWord } from '../diff/colouring-worker.ts'
import { useColourist } from '../diff/colourist.tsx'
import { languageOf } from '../diff/languages.ts'
import { Scrolling } from '../ui/section.tsx'

/** Some lines of a file with their numbers, coloured when the worker has found out how. */
export function CodeLines({ path, first, text }: { readonly path: string; readonly first: number; readonly text: string }) {
  const coloured = useColouredLines(path, text)
  return (
    <Scrolling label={`${path} from line ${first}`} look="overflow-x-auto rounded-md border border-line bg-sunken py-1">
      <pre className="w-max min-w-full text-xs/5">
        {text.split('\n').map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text never change places
          <div key={index} className="flex">
            <span aria-hidden className="w-12 shrink-0 pr-3 text-right text-quiet select-none">
              {first + index}
            </span>
            <code className="pr-3 text-[1em]">{coloured?.[index]?.map(word) ?? line}</code>
          </div>
        ))}
      </pre>
    </Scrolling>
  )
}

function word([text, light, dark]: ColouredWord, index: number) {
  return (
    <span key={index} style={{ color: `light-dark(${light}, ${dark})` }}>
      {text}
    </span>
  )
}

function useColouredLines(path: string, text: string): readonly (readonly ColouredWord[])[] | undefined {
  const colourist = useColourist()
  const [lines, setLines] = useState<readonly (readonly ColouredWord[])[]>()
  useEffect(() => {
    const language = languageOf(path)
    setLines(undefined)
    if (colourist === undefined || language === undefined) return
    return colourist.colour(language, [text], ([coloured]) => setLines(coloured))
  }, [path, text, colourist])
  return lines
}
