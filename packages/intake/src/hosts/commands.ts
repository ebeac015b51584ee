import { HostCommand, visible } from '@fixpoint/core'
import { markdownLines } from './markdown-lines.ts'

/** How we are called. */
export interface OurNames {
  /** Of our app: `@slug`, and `@slug[bot]`, speak to us. */
  readonly slug: string
  /** Further names that do. */
  readonly mentions?: readonly string[]
}

const NAMES = new Set<string>(HostCommand.shape.name.options.filter((name) => name !== 'words' && name !== 'unknown'))
const MAXIMUM_WORDS = 20_000

/** What a comment says to us: the first line that begins with `/fixpoint` or our name. Code, quotations and hidden text say nothing. */
export function commandIn(text: string, names: OurNames): HostCommand | undefined {
  const { lines } = markdownLines(visible(text).text)
  for (const [at, line] of lines.entries()) {
    if (line.kind !== 'text') continue
    const slash = /^ {0,3}\/fixpoint(?=[ \t]|$)(.*)$/i.exec(line.text)
    if (slash) return slashCommand(slash[1] ?? '')
    const words = mentionWords(line.text, names)
    if (words === undefined) continue
    const rest = lines.slice(at + 1).map((below) => below.text)
    return mention(words, rest)
  }
  return undefined
}

function slashCommand(line: string): HostCommand {
  const words = line.trim()
  if (words === '') return { name: 'help', words: '' }
  return known(words) ?? { name: 'unknown', words: words.slice(0, MAXIMUM_WORDS) }
}

/** `@slug retry`, or whatever else somebody has to say, down to the end. */
function mention(words: string, rest: readonly string[]): HostCommand {
  return known(words) ?? { name: 'words', words: [words, ...rest].join('\n').trim().slice(0, MAXIMUM_WORDS) }
}

function known(words: string): HostCommand | undefined {
  const [, name = '', after = ''] = /^([a-z]{2,12})(?=[\s.,:;!?]|$)[.,:;!?]?(.*)$/i.exec(words) ?? []
  const parsed = HostCommand.shape.name.safeParse(name.toLowerCase())
  return parsed.success && NAMES.has(parsed.data) ? { name: parsed.data, words: after.trim().slice(0, MAXIMUM_WORDS) } : undefined
}

/** What follows our name at the beginning of a line. */
function mentionWords(line: string, { slug, mentions = [] }: OurNames): string | undefined {
  const [, name = '', words = ''] = /^ {0,3}@([\w-]{1,100}(?:\[bot\])?)(?![\w/-])[,:]?(.*)$/.exec(line) ?? []
  const called = name.toLowerCase().replace(/\[bot\]$/, '')
  return called !== '' && [slug, ...mentions].some((one) => one.toLowerCase() === called) ? words.trim() : undefined
}
