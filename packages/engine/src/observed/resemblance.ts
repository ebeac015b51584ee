import type { Resemblance } from '@fixpoint/core'
import { structuredPatch } from 'diff'

/** One file three times: on the base, as it was proposed, and as people have it now. Null where it is not there. */
export interface ComparedFile {
  readonly base: string | null
  readonly proposed: string | null
  readonly now: string | null
}

const CLOSEST_FIRST: readonly Resemblance[] = ['identical', 'same-lines', 'same-files', 'untouched']

/** How close people came to a proposal. `identical`: every changed place of every file reads as proposed, whatever else they changed there. */
export function resemblanceOf(files: readonly ComparedFile[]): Resemblance {
  const each = files.map(resemblanceOfFile)
  if (files.length > 0 && each.every((one) => one === 'identical')) return 'identical'
  const closest = CLOSEST_FIRST.find((one) => each.includes(one)) ?? 'untouched'
  return closest === 'identical' ? 'same-lines' : closest
}

function resemblanceOfFile({ base, proposed, now }: ComparedFile): Resemblance {
  if (sameText(now, proposed)) return 'identical'
  if (sameText(now, base)) return 'untouched'
  if (base === null || proposed === null || now === null) return 'same-files'
  const [ours, theirs] = [changesOf(base, proposed), changesOf(base, now)]
  if (ours.every((our) => theirs.some((their) => their.from === our.from && their.to === our.to && their.text === our.text))) return 'identical'
  return ours.some((our) => theirs.some((their) => our.from < their.to && their.from < our.to)) ? 'same-lines' : 'same-files'
}

/** Lines of the base that are replaced, and by what. An insertion stands between two lines and touches both. */
interface Change {
  readonly from: number
  readonly to: number
  readonly text: string
}

function changesOf(before: string, after: string): readonly Change[] {
  const { hunks } = structuredPatch('', '', evened(before), evened(after), undefined, undefined, { context: 0 })
  return hunks.map(({ oldStart, oldLines, lines }) => {
    const text = lines.filter((line) => line.startsWith('+')).join('\n')
    return oldLines === 0 ? { from: oldStart - 1, to: oldStart + 1, text } : { from: oldStart - 1, to: oldStart - 1 + oldLines, text }
  })
}

function sameText(one: string | null, other: string | null): boolean {
  return one === null || other === null ? one === other : evened(one) === evened(other)
}

/** Ends of lines and blanks before them tell nothing. */
function evened(text: string): string {
  return `${text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd()}\n`
}
