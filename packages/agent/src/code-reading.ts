import type { DraftTools, SourceSnapshot } from '@fixpoint/core'
import type { Fence } from './fence.ts'
import type { Prompts } from './prompts.ts'
import { type Answer, refused } from './tool.ts'

/** What tools that only look need. */
export interface CodeReading extends Pick<DraftTools, 'search' | 'symbols' | 'isHidden'> {
  readonly source: SourceSnapshot
  /** As it is now, edits included. */
  readonly text: (path: string) => string | undefined
  readonly fence: Fence
  readonly prompts: Prompts
}

const LONGEST_LINE = 400

/** Why a path cannot be shown; undefined when it can. */
export function unreadable(path: string, reading: CodeReading): Answer | undefined {
  const { source, text, isHidden } = reading
  const entry = source.list().find((each) => each.path === path)
  if (entry === undefined && text(path) === undefined) return refused(`${JSON.stringify(path)} is not a file of this repository.${meant(path, reading)}`)
  if (entry !== undefined && isHidden(path))
    return refused(`${path} is not shown: its owner excluded it, or it holds keys, or it is generated, too large or no text.`)
  return text(path) === undefined ? refused(`${path} is not a text file.`) : undefined
}

/** Files of the same name, when there is none at a path. */
export function meant(path: string, { source, isHidden }: CodeReading): string {
  const name = path.split('/').at(-1)
  const alike = source.list().filter((each) => each.path.split('/').at(-1) === name && each.path !== path && !isHidden(each.path))
  const paths = alike.slice(0, 5).map((each) => each.path)
  return paths.length === 0 || source.list().some((each) => each.path === path) ? '' : ` Did you mean ${paths.join(' or ')}?`
}

/** Lines `first` to `last` (1-based, inclusive), each with its number. */
export function numbered(text: string, first: number, last: number): string {
  const lines = text.split('\n').slice(0, lineCount(text))
  const width = String(Math.min(last, lines.length)).length
  return lines
    .slice(first - 1, last)
    .map((line, index) => `${String(first + index).padStart(width)}| ${shortened(line.replace(/\r$/, ''))}`)
    .join('\n')
}

/** A text that ends with a line break has no further line after it. */
export function lineCount(text: string): number {
  return text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}

export function shortened(line: string): string {
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)}… (${line.length - LONGEST_LINE} more characters)`
}
