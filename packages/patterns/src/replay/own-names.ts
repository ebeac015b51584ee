import type { ReproduceTools } from '@fixpoint/core'
import type { Program } from './callable.ts'

type Matches = ReproduceTools['matches']

const FRAME = /^(\s*at )(?:.*\()?((?:file:\/\/)?(?:\/workspace\/)?([^():]+)):(\d+):(\d+)\)?$/

/**
 * `matches` for runners that translate stacks through source maps: those (jest with babel among them) print the name of the mapped
 * token, `price`, where Node prints that of the function. A failure that does not match as it is printed is asked about again with
 * the names that the files themselves give.
 */
export function matchesByOwnNames(program: Program, matches: Matches): Matches {
  return (failure) => {
    if (matches(failure)) return true
    const stack = withOwnNames(program, failure.stack)
    return stack !== failure.stack && matches({ ...failure, stack })
  }
}

/** A JavaScript stack whose frames in the repository name the functions that are there. */
export function withOwnNames({ syntax, source }: Program, stack: string): string {
  return stack
    .split('\n')
    .map((line) => {
      const [, at, place, path, row, column] = FRAME.exec(line) ?? []
      const text = path === undefined ? undefined : source.text(path.replace(/^\.\//, ''))
      if (at === undefined || path === undefined || text === undefined) return line
      const start = startOf(text, Number(row))
      if (start === undefined) return line
      const name = syntax.enclosing(path, text, { offset: start + Number(column) - 1 })?.name ?? ''
      return name === '' ? `${at}${place}:${row}:${column}` : `${at}${name} (${place}:${row}:${column})`
    })
    .join('\n')
}

function startOf(text: string, row: number): number | undefined {
  let start = 0
  for (let line = 1; line < row; line += 1) {
    const end = text.indexOf('\n', start)
    if (end === -1) return undefined
    start = end + 1
  }
  return start
}
