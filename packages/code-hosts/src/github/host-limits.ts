/** Of bodies, check summaries and comments, in bytes: whatever a host counts, it is not more than these. */
export const MOST_TEXT_BYTES = 65_535
export const MOST_TITLE = 256
/** Of a check's button. */
export const MOST_BUTTONS = 3
export const MOST_ACTION = 20
export const MOST_BUTTON_LABEL = 20
export const MOST_BUTTON_DESCRIPTION = 40

const LEFT_OUT = '\n\n*… the rest is left out: a code host takes no more in one text.*'

/** A Markdown text that a host takes, cut between two characters and said to be cut. `end` is kept whatever is cut. */
export function withinText(text: string, end = ''): string {
  if (byteLength(text) + byteLength(end) <= MOST_TEXT_BYTES) return text + end
  const room = MOST_TEXT_BYTES - byteLength(LEFT_OUT) - byteLength(end) - 8
  const kept = startOf(text, room)
  // What is said next is not to stand inside of a code block that was cut.
  const fences = kept.match(/^```/gm)?.length ?? 0
  return `${kept}${fences % 2 === 1 ? '\n```' : ''}${LEFT_OUT}${end}`
}

/** As many whole characters as these UTF-16 units have room for. */
export function short(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

function startOf(text: string, bytes: number): string {
  const all = Buffer.from(text)
  let end = Math.min(bytes, all.length)
  while (end > 0 && ((all[end] ?? 0) & 0xc0) === 0x80) end -= 1
  return all.subarray(0, end).toString()
}

function byteLength(text: string): number {
  return Buffer.byteLength(text)
}
