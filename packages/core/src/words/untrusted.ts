import { z } from 'zod'
import { INVISIBLE } from './invisible-text.ts'

/**
 * Text that a stranger wrote. It is wrapped so that it cannot slip into a prompt, a log or a page as if it were ours:
 * whoever needs the characters has to write `reveal`, which is easy to find in a review.
 */
export const Untrusted = z.object({ untrusted: z.string() })
export type Untrusted = z.infer<typeof Untrusted>

export function untrusted(text: string): Untrusted {
  return { untrusted: text }
}

/** The characters, for a parser that treats them as data. Never for a prompt, a shell or a page. */
export function reveal(text: Untrusted): string {
  return text.untrusted
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

/** One line or a few, safe to print on a terminal or to put into a commit message: what makes a reader see something else becomes `�`. */
export function inert(text: Untrusted | string, maximum = 2000): string {
  const raw = typeof text === 'string' ? text : text.untrusted
  const clean = raw.replaceAll('\r\n', '\n').replace(CONTROL, '\ufffd').replace(INVISIBLE, '\ufffd')
  return clean.length <= maximum ? clean : `${clean.slice(0, maximum)}… (${clean.length - maximum} more characters)`
}
