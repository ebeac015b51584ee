import type { ReactNode } from 'react'
import { classes } from './classes.ts'

export interface Column<T> {
  readonly name: string
  readonly cell: (row: T) => ReactNode
  /** Numbers stand at the end, so that they can be compared. */
  readonly end?: boolean
  /** Takes what is left of the width. */
  readonly wide?: boolean
  /** Its name is read out and not drawn. */
  readonly untitled?: boolean
}

interface DataTableProps<T> {
  readonly label: string
  readonly columns: readonly Column<T>[]
  readonly rows: readonly T[]
  readonly idOf: (row: T) => string
  /** What is said when there are none. */
  readonly empty: ReactNode
}

/** A short table; where it is wider than the screen, it scrolls by itself. */
export function DataTable<T>({ label, columns, rows, idOf, empty }: DataTableProps<T>) {
  if (rows.length === 0) return <p className="px-4 py-3 text-sm text-muted">{empty}</p>
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <div role="group" tabIndex={0} aria-label={label} className="relative overflow-x-auto">
      <table aria-label={label} className="w-full text-sm">
        <thead className="text-xs text-quiet">
          <tr>
            {columns.map(({ name, end, wide, untitled }) => (
              <th
                key={name}
                scope="col"
                className={classes('whitespace-nowrap px-2 py-1.5 font-medium first:pl-4 last:pr-4', end ? 'text-right' : 'text-left', wide && 'w-full')}
              >
                {untitled ? <span className="sr-only">{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={idOf(row)} className="border-t border-line hover:bg-hover">
              {columns.map(({ name, cell, end }) => (
                <td key={name} className={classes('px-2 py-1.5 align-middle first:pl-4 last:pr-4', end && 'whitespace-nowrap text-right')}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
