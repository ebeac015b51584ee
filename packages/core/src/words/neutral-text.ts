import { visible } from './invisible-text.ts'
import { inert, type Untrusted } from './untrusted.ts'

/** Between two characters that would mean something together. It is not seen. */
const BREAK = '\u200b'

/**
 * A stranger's words inside Markdown or a commit message of ours: one line, at most so long, in which nobody is mentioned, nothing is referred
 * to or closed, nothing is linked, loaded or run, and no other bot is spoken to.
 */
export function neutral(text: Untrusted | string, maximum = 700): string {
  const raw = typeof text === 'string' ? text : text.untrusted
  const line = inert(visible(raw).text.replace(/\s+/g, ' ').trim(), maximum)
  return (
    line
      .replaceAll('<', '‹')
      .replaceAll('>', '›')
      // `&#64;name` is read as `@name`.
      .replace(/&(?=#|\w)/g, `&${BREAK}`)
      .replaceAll('@', `@${BREAK}`)
      .replace(/#(?=\d)/g, `#${BREAK}`)
      .replace(/\b(GH)-(?=\d)/gi, `$1${BREAK}-`)
      // What could be the id of a commit.
      .replace(/(?<![0-9a-z])[0-9a-f]{7,}(?![0-9a-z])/gi, (id) => id.replace(/.{6}(?=.)/g, `$&${BREAK}`))
      .replaceAll('://', `:${BREAK}//`)
      .replace(/\b(www)\./gi, `$1${BREAK}.`)
      .replace(/\](?=[([:])/g, `]${BREAK}`)
      .replaceAll('![', `!${BREAK}[`)
      // `[skip ci]` in a commit message, and its relatives.
      .replace(/\[(?=(?:skip|ci|no|actions)[ -](?:skip|ci|actions)\])/gi, `[${BREAK}`)
      .replace(/`{3,}|~{3,}/g, (marks) => [...marks].join(BREAK))
      // At the beginning of a line: another bot's command, a heading, a list, a table, a rule.
      .replace(/^(?=[/#*+=|-])/, BREAK)
  )
}

/** The same between back-ticks that the caller writes. */
export function neutralCode(text: Untrusted | string, maximum = 240): string {
  return neutral(text, maximum).replaceAll('`', 'ʼ')
}

/** Lines as they are, in a block that they cannot end. `language` is ours. */
export function fenced(text: Untrusted | string, maximum: number, language = ''): string {
  const lines = inert(text, maximum).replace(/\n+$/, '')
  const longest = [...lines.matchAll(/`+/g)].reduce((most, [marks]) => Math.max(most, marks.length), 2)
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${lines}\n${fence}`
}
