import type { MarkdownLine } from './markdown-lines.ts'

const HEADING = /^ {0,3}#{1,6}[ \t]+\S/
/** `**Expected behaviour**` on a line of its own serves many templates as a heading. */
const BOLD = /^ {0,3}(?:\*\*[^*]{1,80}\*\*|__[^_]{1,80}__):?[ \t]*$/
const CHECKBOX = /^ {0,3}[-*+] \[[ xX]?\](?: |$)/
/** What forms write into a field that was left empty, and people into one that they do not care for. */
const NOTHING = /^[ \t]*(?:_no response_|n\/?a|none|no|-|\.\.\.|…|tbd|todo|\?)?[.]?[ \t]*$/i

/** Without headings that nothing follows, fields that were left empty, and lists to tick off. */
export function withoutTemplate(lines: readonly MarkdownLine[]): MarkdownLine[] {
  const kept = lines.filter(({ text, kind }) => kind !== 'text' || !CHECKBOX.test(text))
  const result: MarkdownLine[] = []
  let section: MarkdownLine[] = []
  const close = () => {
    const [first, ...rest] = section
    if (first && (!isHeading(first) || rest.some(says))) result.push(...section)
    section = []
  }
  for (const line of kept) {
    if (isHeading(line)) close()
    section.push(line)
  }
  close()
  return result
}

function isHeading({ text, kind }: MarkdownLine): boolean {
  return kind === 'text' && (HEADING.test(text) || BOLD.test(text))
}

function says({ text, kind }: MarkdownLine): boolean {
  return kind === 'fence' ? false : kind === 'text' ? !NOTHING.test(text) : text.trim() !== ''
}
