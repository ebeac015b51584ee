import { type BugReport, reveal } from '@fixpoint/core'

type Told = Pick<BugReport, 'title' | 'text'>

const SHORTEST_QUOTE = 12
const FEWEST_WORDS = 4
const LONGEST_SENTENCE = 300
const SAYS_WHAT_SHOULD_BE = /\b(?:should|must|shall|ought to|supposed to|expect(?:s|ed|ing)?|instead of|rather than|would like)\b/i
/** Of a log or a trace: what a program says it expected is the failure, not a wish. */
const OF_A_PROGRAM = /\b[A-Z]\w*(?:Error|Exception)\b|^\s*at\s|^\s*File "|^\s*(?:FAIL|E\s)/

/** Whether words stand in a report as they are quoted, whatever its white space and markup. */
export function isInReport(quote: string, { title, text }: Told): boolean {
  return plain(quote).length >= SHORTEST_QUOTE && plain(`${reveal(title)}\n${reveal(text)}`).includes(plain(quote))
}

/** Sentences of a report that seem to say what should happen, of which nothing is quoted. A guess by words: good for a reminder, and for no more. */
export function unquoted({ title, text }: Told, quotes: readonly string[]): string[] {
  const prose = `${reveal(title)}\n\n${reveal(text)}`.replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
  const sentences = prose.split(/(?<=[.!?])\s+|\n\s*\n|\n(?=\s*[-*#>])/).map((each) => each.replace(/\s+/g, ' ').trim())
  const known = quotes.map(plain)
  return [...new Set(sentences)].filter((sentence) => {
    const words = plain(sentence)
    if (words.split(' ').length < FEWEST_WORDS || sentence.length > LONGEST_SENTENCE) return false
    if (!SAYS_WHAT_SHOULD_BE.test(sentence) || OF_A_PROGRAM.test(sentence)) return false
    return !known.some((quote) => words.includes(quote) || quote.includes(words))
  })
}

function plain(text: string): string {
  return text
    .replace(/[\s*_`>#]+/g, ' ')
    .trim()
    .toLowerCase()
}
