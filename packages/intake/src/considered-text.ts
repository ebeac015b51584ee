/** What is looked at of one report; beyond it only windows around what looks like an error, from both ends. Characters. */
export const MAXIMUM_CONSIDERED = 256 * 1024

const END_KEPT = 32 * 1024
const WINDOW_BEFORE = 4 * 1024
const WINDOW_AFTER = 12 * 1024
const WINDOWS_PER_END = 6
const MARKERS = ['Traceback (most recent call last)', '\n    at ', '\\n    at ', 'Error: ', 'Exception: ']

/**
 * The whole text when it is short, else its head, its tail and windows around error markers, with a line that says how much was
 * left out between them. Linear in the length of the text.
 */
export function consideredText(text: string): { text: string; omitted: number } {
  if (text.length <= MAXIMUM_CONSIDERED) return { text, omitted: 0 }
  const windows: [number, number][] = [
    [0, END_KEPT],
    [text.length - END_KEPT, text.length],
  ]
  for (const marker of MARKERS) {
    if (windows.length >= 2 + 2 * WINDOWS_PER_END) break
    windows.push(...windowsAround(text, marker))
  }
  return joined(text, merged(windows.slice(0, 2 + 2 * WINDOWS_PER_END)))
}

function windowsAround(text: string, marker: string): [number, number][] {
  const found: [number, number][] = []
  let from = END_KEPT
  while (found.length < WINDOWS_PER_END) {
    const at = text.indexOf(marker, from)
    if (at < 0) break
    found.push([Math.max(0, at - WINDOW_BEFORE), at + WINDOW_AFTER])
    from = at + WINDOW_AFTER
  }
  let until = text.length - END_KEPT
  for (let count = 0; count < WINDOWS_PER_END; count += 1) {
    const at = text.lastIndexOf(marker, until)
    if (at < from) break
    found.push([Math.max(0, at - WINDOW_BEFORE), at + WINDOW_AFTER])
    until = at - WINDOW_AFTER
    if (until < 0) break
  }
  return found
}

function merged(windows: [number, number][]): [number, number][] {
  const result: [number, number][] = []
  for (const [start, end] of windows.sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else result.push([start, end])
  }
  return result
}

function joined(text: string, windows: readonly (readonly [number, number])[]): { text: string; omitted: number } {
  const parts: string[] = []
  let omitted = 0
  let previous = 0
  for (const [start, end] of windows) {
    if (start > previous) {
      omitted += start - previous
      parts.push(`\n[${start - previous} characters left out]\n`)
    }
    parts.push(text.slice(start, end))
    previous = Math.min(end, text.length)
  }
  return { text: parts.join(''), omitted }
}
