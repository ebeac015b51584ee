import { useRef } from 'react'
import { Decoration, Diff, Hunk, type RenderToken, type ViewType } from 'react-diff-view'
import { type ChangedFile, pieces } from './changed-files.ts'
import { type ColouredToken, useColouring } from './colouring.ts'
import './diff.css'
import { NearScreen, useNear } from './near-screen.tsx'

const TYPES = { added: 'add', deleted: 'delete', renamed: 'rename', changed: 'modify' } as const

/** The lines of a file that change, and those around them. */
export function Hunks({ file, view }: { readonly file: ChangedFile; readonly view: ViewType }) {
  const place = useRef<HTMLDivElement>(null)
  const tokens = useColouring(file, useNear(place))
  if (file.hunks.length === 0) return <p className="px-4 py-3 text-sm text-quiet">No line of text changes.</p>
  return (
    <div ref={place} className="overflow-x-auto">
      {file.hunks.map((hunk) => (
        <div key={hunk.content} data-hunk tabIndex={-1} className="scroll-mt-28 focus:outline-none">
          {pieces(hunk).map((piece, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of a patch never change places
            <NearScreen key={index} lines={piece.changes.length}>
              <Diff
                diffType={TYPES[file.kind]}
                hunks={[piece]}
                viewType={view}
                {...(tokens && { tokens })}
                renderToken={renderToken}
                className={view === 'split' ? 'min-w-[900px]' : ''}
              >
                {([drawn]) => [
                  ...(index === 0 ? [<Decoration key="place">{hunk.content}</Decoration>] : []),
                  ...(drawn === undefined ? [] : [<Hunk key="hunk" hunk={drawn} />]),
                ]}
              </Diff>
            </NearScreen>
          ))}
        </div>
      ))}
    </div>
  )
}

const renderToken: RenderToken = (token, renderDefault, index) => {
  if (token.type !== 'coloured') return renderDefault(token, index)
  const { value, light, dark } = token as ColouredToken
  return (
    <span key={index} style={{ color: `light-dark(${light}, ${dark})` }}>
      {value}
    </span>
  )
}
