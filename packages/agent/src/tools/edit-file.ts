import type { DraftTools } from '@fixpoint/core'
import { z } from 'zod'
import { type CodeReading, lineCount, meant, numbered, unreadable } from '../code-reading.ts'
import { type EditMatch, matchEdit } from '../edit-match.ts'
import { nearestText } from '../nearest-text.ts'
import { type Answer, defineTool, refused, type Tool } from '../tool.ts'

/** A repair is small; what is larger was not thought about. */
const LONGEST_PART = 20_000
const AROUND = 3
const PLACES_SHOWN = 10
/** A model that is tired of writing stands for code with these; they would be all that is left of it. */
const ELISION = /^\s*(?:\/\/|#|\/\*)\s*(?:\.\.\.|…)\s*(?:\(?(?:existing|rest|remaining|unchanged|same|other|previous)\b|$)/im

type Hands = Pick<DraftTools, 'edits' | 'syntaxError'>

/** The one way in which a patch comes about. */
export function editFile(reading: CodeReading, hands: Hands): Tool {
  const { edits } = hands
  const input = z.object({
    path: z.string(),
    search: z.string().describe('lines of the file as they are now, enough to be found only once; empty only for a new file'),
    replace: z.string().describe('what stands there afterwards; empty to delete'),
  })
  return defineTool(reading.prompts, {
    name: 'edit_file',
    input,
    keeps: true,
    run({ path, search, replace }) {
      if (Math.max(search.length, replace.length) > LONGEST_PART) return refused(`an edit is at most ${LONGEST_PART} characters. Make smaller ones.`)
      const isNew = search === '' && !reading.source.list().some((entry) => entry.path === path) && edits.text(path) === undefined
      if (isNew) return apply(path, '', { start: 0, end: 0, replacement: replace, how: 'exactly' }, reading, hands)
      // The record of edits knows what is protected, whether or not it is there.
      const forbidden = edits.splice(path, 0, 0, '')
      if (forbidden !== undefined) return refused(`${forbidden}.${meant(path, reading)}`)
      const no = unreadable(path, reading)
      if (no !== undefined) return no
      const before = edits.text(path) ?? ''
      if (search === '') return refused('the search text is empty. To insert, search for a line beside the place and repeat it in the replacement.')
      if (ELISION.test(replace) && !ELISION.test(search))
        return refused('the replacement leaves code out with "...": write all the lines that are to stand there.')
      const match = matchEdit(before, search, replace)
      if ('found' in match) return notFound(path, before, search, match.found, reading)
      return apply(path, before, match, reading, hands)
    },
  })
}

function apply(path: string, before: string, match: Extract<EditMatch, { start: number }>, { fence }: CodeReading, { edits, syntaxError }: Hands): Answer {
  const { start, end, replacement, how } = match
  if (before.slice(start, end) === replacement) return refused('search and replacement are the same: nothing would change.')
  const after = before.slice(0, start) + replacement + before.slice(end)
  const first = lineCount(after.slice(0, start)) + (start === 0 || after[start - 1] === '\n' ? 1 : 0)
  const shown = numbered(after, Math.max(1, first - AROUND), first + lineCount(replacement) + AROUND)
  const error = syntaxError(path, after)
  if (error !== undefined && syntaxError(path, before) === undefined)
    return refused(`${path} would not parse any more: ${error}. It is as it was before. It would have been:\n${fence.around(path, shown)}`)
  const why = edits.splice(path, start, end, replacement)
  if (why !== undefined) return refused(`${why}.`)
  return { text: `Done${how === 'exactly' ? '' : ` (found ${how})`}. ${path} now has ${lineCount(after)} lines; here:\n${fence.around(path, shown)}` }
}

function notFound(path: string, text: string, search: string, lines: readonly number[], { fence }: CodeReading): Answer {
  if (lines.length > 1) {
    const places = lines.slice(0, PLACES_SHOWN).join(', ')
    return refused(`the search text is in ${path} ${lines.length} times, at lines ${places}. Add lines around the one that you mean.`)
  }
  const nearest = nearestText(text, search)
  if (nearest === undefined) return refused(`the search text is not in ${path}, and nothing is like it. Read the file first.`)
  return refused(`the search text is not in ${path}. The nearest is:\n${fence.around(path, nearest)}`)
}
