import { diffArrays } from 'diff'

/** Lines of a text that others take the place of. */
export interface Hunk {
  /** Index of the first line that goes, or before which lines come; on the text before. */
  readonly at: number
  readonly removed: readonly string[]
  readonly added: readonly string[]
}

/** A line break at the end counts as a last, empty line. */
export function hunksBetween(before: string, after: string): Hunk[] {
  const hunks: { at: number; removed: string[]; added: string[] }[] = []
  let at = 0
  let open: (typeof hunks)[number] | undefined
  for (const { added, removed, value } of diffArrays(before.split('\n'), after.split('\n'))) {
    if (!added && !removed) open = undefined
    else {
      if (open === undefined) {
        open = { at, removed: [], added: [] }
        hunks.push(open)
      }
      if (added) open.added.push(...value)
      else open.removed.push(...value)
    }
    if (!added) at += value.length
  }
  return hunks
}

export function withHunks(before: string, hunks: readonly Hunk[]): string {
  const lines = before.split('\n')
  for (const { at, removed, added } of [...hunks].sort((a, b) => b.at - a.at)) lines.splice(at, removed.length, ...added)
  return lines.join('\n')
}

/** What a unified diff takes away and brings, without regard to white space and places: for telling that two say the same. */
export function normalDiff(diff: string): string {
  const lines = diff.split('\n').flatMap((line) => {
    if (/^\+\+\+ /.test(line)) return [line.trim()]
    if (!/^[+-](?![+-]{2} )/.test(line)) return []
    const said = line.slice(1).replace(/\s+/g, ' ').trim()
    return said === '' ? [] : [line[0] + said]
  })
  return lines.join('\n')
}
