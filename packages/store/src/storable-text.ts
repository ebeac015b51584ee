import { createHash } from 'node:crypto'

/** More than this does not fit into an index, and says nothing to a reader. */
const LONGEST_NAME = 300

/** Text of strangers as PostgreSQL takes it: NUL and lone surrogates replaced, and no longer than `longest` characters. */
export function storable(text: string, longest = 2000): string {
  const head = text.length > longest ? text.slice(0, longest) : text
  // What was cut in two is a lone surrogate now.
  return head.replaceAll(/\0|\p{Surrogate}/gu, '\ufffd')
}

/** The same for text that something is told apart by: what had to be changed carries its digest, so that distinct stays distinct. */
export function storableName(text: string): string {
  const name = storable(text, LONGEST_NAME)
  // UTF-16, in which lone surrogates differ too.
  return name === text ? name : `${name.slice(0, LONGEST_NAME - 70)}~${createHash('sha256').update(text, 'utf16le').digest('hex')}`
}
