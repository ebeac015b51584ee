/** A piece of a line, with the classes of its colours. */
export interface Span {
  readonly text: string
  readonly look: string
}

const ESCAPE = '\u001b'
/** Colours; links and titles (OSC), whose words stay and whose addresses go; every other command of a terminal. */
const COMMANDS = new RegExp(
  `${ESCAPE}\\[([\\d;:]*)m|${ESCAPE}\\][^\\u0007${ESCAPE}]*(?:\\u0007|${ESCAPE}\\\\)|${ESCAPE}\\[[\\d;?:]*[ -/]*[@-~]|${ESCAPE}.?`,
  'g',
)
const UNPRINTABLE = /[^\P{Cc}\t]/gu
/** Red, green, yellow and so on, in colours of ours that can be read in both themes. Black and white are those of the text. */
const COLOURS = ['', 'text-bad', 'text-good', 'text-warn', 'text-link', 'text-accent', 'text-link', ''] as const

interface Style {
  readonly colour: string
  readonly bold: boolean
  readonly dim: boolean
  readonly underlined: boolean
}

const PLAIN: Style = { colour: '', bold: false, dim: false, underlined: false }

/** A line as a terminal shows it: what a carriage return wrote over is gone. */
export function spansOf(line: string): readonly Span[] {
  const shown = written(line)
  if (!shown.includes(ESCAPE)) return [{ text: shown.replace(UNPRINTABLE, ''), look: '' }]
  const spans: Span[] = []
  let [style, from] = [PLAIN, 0]
  const push = (until: number) => {
    const text = shown.slice(from, until).replace(UNPRINTABLE, '')
    if (text !== '') spans.push({ text, look: lookOf(style) })
  }
  for (const match of shown.matchAll(COMMANDS)) {
    push(match.index)
    from = match.index + match[0].length
    if (match[1] !== undefined) style = styled(style, match[1].split(/[;:]/).map(Number))
  }
  push(shown.length)
  return spans
}

/** The words of a line, for a search. */
export function plainOf(line: string): string {
  const shown = written(line)
  return shown.includes(ESCAPE) ? shown.replace(COMMANDS, '') : shown
}

function written(line: string): string {
  const whole = line.endsWith('\r') ? line.slice(0, -1) : line
  return whole.slice(whole.lastIndexOf('\r') + 1)
}

function styled(before: Style, codes: readonly number[]): Style {
  let style = before
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0
    if (code === 0) style = PLAIN
    else if (code === 1) style = { ...style, bold: true }
    else if (code === 2) style = { ...style, dim: true }
    else if (code === 4) style = { ...style, underlined: true }
    else if (code === 22) style = { ...style, bold: false, dim: false }
    else if (code === 24) style = { ...style, underlined: false }
    else if (code === 39) style = { ...style, colour: '' }
    else if (code === 90) style = { ...style, colour: 'text-quiet' }
    else if (code >= 30 && code <= 37) style = { ...style, colour: COLOURS[code - 30] ?? '' }
    else if (code >= 91 && code <= 97) style = { ...style, colour: COLOURS[code - 90] ?? '' }
    // One of 256 or of all colours: its numbers are no codes.
    else if (code === 38 || code === 48) index += codes[index + 1] === 5 ? 2 : 4
  }
  return style
}

function lookOf({ colour, bold, dim, underlined }: Style): string {
  return [colour || (dim && 'text-quiet'), bold && 'font-bold', underlined && 'underline'].filter(Boolean).join(' ')
}
