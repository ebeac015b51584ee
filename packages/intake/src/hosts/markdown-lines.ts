/** A line of Markdown as a reader sees it. What is hidden in comments is not there. */
export interface MarkdownLine {
  readonly text: string
  /** `fence`: the marks around a block of code, and not what is in it. */
  readonly kind: 'text' | 'code' | 'fence' | 'quote'
}

export interface ReadMarkdown {
  readonly lines: readonly MarkdownLine[]
  /** Comments that nobody sees on the page. */
  readonly hiddenComments: number
}

interface Fence {
  readonly mark: string
  readonly length: number
}

const OPENING = /^ {0,3}(`{3,}|~{3,})(.*)$/
const BLANK = /^[ \t]*$/

/** Which lines are words, code or a quotation; HTML comments are left out. One pass, linear in the text. */
export function markdownLines(text: string): ReadMarkdown {
  const raw = text.replace(/\r\n?/g, '\n').split('\n')
  const lines: MarkdownLine[] = []
  const comments = new Comments(raw)
  let fence: Fence | undefined
  let before: MarkdownLine['kind'] | 'blank' = 'blank'
  for (let at = 0; at < raw.length; at += 1) {
    const line = raw[at] ?? ''
    if (fence) {
      const closed = closes(line, fence)
      lines.push({ text: line, kind: closed ? 'fence' : 'code' })
      if (closed) fence = undefined
      before = 'blank'
      continue
    }
    const seen = comments.without(line, at)
    // The line held a comment and nothing else.
    if (seen === undefined) continue
    fence = opened(seen)
    const kind: MarkdownLine['kind'] = fence ? 'fence' : kindOf(seen, before)
    lines.push({ text: seen, kind })
    before = BLANK.test(seen) ? 'blank' : kind
  }
  return { lines, hiddenComments: comments.found }
}

function kindOf(line: string, before: MarkdownLine['kind'] | 'blank'): MarkdownLine['kind'] {
  if (BLANK.test(line)) return 'text'
  if (/^ {0,3}>/.test(line)) return 'quote'
  if (/^(?: {4}| {0,3}\t)/.test(line) && (before === 'blank' || before === 'code')) return 'code'
  // A line right below a quotation belongs to it.
  return before === 'quote' ? 'quote' : 'text'
}

function opened(line: string): Fence | undefined {
  const [, marks = '', info = ''] = OPENING.exec(line) ?? []
  const mark = marks[0]
  return mark === undefined || (mark === '`' && info.includes('`')) ? undefined : { mark, length: marks.length }
}

function closes(line: string, { mark, length }: Fence): boolean {
  const marks = line.trim()
  return marks.length >= length && /^ {0,3}[`~]/.test(line) && [...marks].every((one) => one === mark)
}

/** Takes comments out of lines, and remembers one that goes on. */
class Comments {
  readonly #lines: readonly string[]
  #within = false
  /** Before this line a comment that began within a paragraph does not end. */
  #unclosedUntil = 0
  found = 0

  constructor(lines: readonly string[]) {
    this.#lines = lines
  }

  /** The line without them; undefined when nothing else was on it. */
  without(line: string, at: number): string | undefined {
    if (!this.#within && !line.includes('<!--')) return line
    let seen = ''
    let from = 0
    while (from < line.length || this.#within) {
      if (this.#within) {
        const end = line.indexOf('-->', from)
        if (end < 0) break
        this.#within = false
        from = end + 3
        continue
      }
      const start = line.indexOf('<!--', from)
      if (start < 0) {
        seen += line.slice(from)
        break
      }
      seen += line.slice(from, start)
      from = start + 4
      if (this.#begins(line, start, at)) {
        this.#within = true
        this.found += 1
      } else seen += '<!--'
    }
    return seen.trim() === '' ? undefined : seen
  }

  /** At the beginning of a line a comment goes on for as long as it likes; within a paragraph only one that ends there is one. */
  #begins(line: string, start: number, at: number): boolean {
    if (/^ {0,3}$/.test(line.slice(0, Math.min(start, 4)))) return true
    if (at < this.#unclosedUntil || inCodeSpan(line, start)) return false
    if (line.indexOf('-->', start) >= 0) return true
    for (let next = at + 1; ; next += 1) {
      const below = this.#lines[next]
      if (below?.includes('-->')) return true
      if (below === undefined || BLANK.test(below)) {
        this.#unclosedUntil = next
        return false
      }
    }
  }
}

function inCodeSpan(line: string, at: number): boolean {
  return at < 2000 && (line.slice(0, at).split('`').length - 1) % 2 === 1
}
