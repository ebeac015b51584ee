import { z } from 'zod'

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

/** Control characters, bidirectional overrides and zero-width characters: what makes a terminal or a reader see something else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const DECEPTIVE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g

/** One line or a few, safe to print on a terminal or to put into a commit message: deceptive characters become `�`. */
export function inert(text: Untrusted | string, maximum = 2000): string {
  const raw = typeof text === 'string' ? text : text.untrusted
  const clean = raw.replaceAll('\r\n', '\n').replace(DECEPTIVE, '\ufffd')
  return clean.length <= maximum ? clean : `${clean.slice(0, maximum)}… (${clean.length - maximum} more characters)`
}
