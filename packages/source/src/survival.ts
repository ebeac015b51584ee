import { ObjectId } from '@fixpoint/core'
import type { GitRepository } from './git-repository.ts'

/** Lines of a file by their numbers, from 1. */
type NumberedLines = ReadonlyMap<number, string>

/** The share of the lines that a patch added which were not removed since; blank ones do not count. What added nothing survives. */
export function survivingShare(files: readonly { readonly added: NumberedLines; readonly removedSince: ReadonlySet<number> | 'all' }[]): number {
  let [added, standing] = [0, 0]
  for (const file of files) {
    const told = [...file.added].filter(([, text]) => text.trim() !== '')
    added += told.length
    if (file.removedSince === 'all') continue
    const { removedSince } = file
    standing += told.filter(([number]) => !removedSince.has(number)).length
  }
  return added === 0 ? 1 : standing / added
}

/** A renamed file is looked for among so many that came and went. */
const MOST_RENAMES = 400
/** More is no text that a person would have written. */
const LARGEST = 4 * 1024 * 1024

/**
 * How much of what a commit added, against its first parent, still stands at `tip`: 0 to 1. Files that moved are followed by their content, and blanks
 * do not matter. All three commits have to be in the repository.
 */
export async function survivalOf(repository: GitRepository, commit: ObjectId, tip: ObjectId): Promise<number> {
  const parent = await repository.resolve(`${ObjectId.parse(commit)}^1`)
  const since = new Map((await changesBetween(repository, commit, ObjectId.parse(tip))).map((change) => [change.from, change.after]))
  const files: Parameters<typeof survivingShare>[0][number][] = []
  for (const { before, to, after } of await changesBetween(repository, parent, commit)) {
    if (after === undefined || (await isLarge(repository, after))) continue
    const added = before === undefined ? await linesOf(repository, after) : await changedLines(repository, before, after, '+')
    const now = since.has(to) ? since.get(to) : after
    files.push({ added, removedSince: now === undefined ? 'all' : new Set((await changedLines(repository, after, now, '-')).keys()) })
  }
  return survivingShare(files)
}

interface Changed {
  readonly from: string
  readonly to: string
  /** Undefined where it was not there, or is not any more. */
  readonly before: ObjectId | undefined
  readonly after: ObjectId | undefined
}

/** Plain files that differ; one that moved is one change. */
async function changesBetween({ reader }: GitRepository, one: ObjectId, other: ObjectId): Promise<readonly Changed[]> {
  const fields = (await reader.text(['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '-M', `-l${MOST_RENAMES}`, '--end-of-options', one, other])).split('\0')
  const changes: Changed[] = []
  for (let at = 0; at + 1 < fields.length; ) {
    const [, was = '', is = '', before, after, status] = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])/.exec(fields[at] ?? '') ?? []
    const from = fields[at + 1] ?? ''
    const to = status === 'R' ? (fields[at + 2] ?? '') : from
    at += status === 'R' ? 3 : 2
    const isFile = (mode: string, id: string | undefined): ObjectId | undefined => (mode.startsWith('100') ? ObjectId.parse(id) : undefined)
    changes.push({ from, to, before: isFile(was, before), after: isFile(is, after) })
  }
  return changes
}

async function isLarge({ reader }: GitRepository, blob: ObjectId): Promise<boolean> {
  const [size] = await reader.sizesOf([blob])
  return size === undefined || size > LARGEST
}

async function linesOf({ reader }: GitRepository, blob: ObjectId): Promise<NumberedLines> {
  const [object] = await reader.objectsOf([blob])
  const lines = Buffer.from(object?.bytes ?? [])
    .toString('utf8')
    .split('\n')
  return new Map(lines.map((line, index) => [index + 1, line]))
}

/** The lines of the old side that are gone, or those of the new side that came. */
async function changedLines(repository: GitRepository, one: ObjectId, other: ObjectId, side: '-' | '+'): Promise<NumberedLines> {
  if (one === other) return new Map()
  const text = await repository.reader.text(['diff', '--no-color', '--no-ext-diff', '--no-textconv', '--text', '-w', '-U0', '--end-of-options', one, other])
  const lines = new Map<number, string>()
  let number = 0
  let inHunk = false
  for (const line of text.split('\n')) {
    const [, old, now] = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line) ?? []
    if (old !== undefined && now !== undefined) {
      number = Number(side === '-' ? old : now)
      inHunk = true
    } else if (inHunk && line.startsWith(side)) {
      lines.set(number, line.slice(1))
      number += 1
    }
  }
  return lines
}
