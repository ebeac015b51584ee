/** Longer passages than a quarter of this are not noticed. */
const WINDOW = 16_384
/** As often as this the same passage has to come, at least. */
const TIMES = 4
/** Rows of dashes and tables of zeros are no mistake until they are as long as this. */
const SHORT_PASSAGE = 40
const LETTERS_OF_SHORT_PASSAGES = 6000
const LETTERS = 2000

/** Whether a text ends in the same passage again and again. */
export function repeats(text: string): boolean {
  const tail = text.slice(-WINDOW)
  if (tail.length < LETTERS) return false
  const at = (index: number) => tail.charCodeAt(tail.length - 1 - index)
  // The longest border of every piece of the reversed tail: what is left of the piece without it is its period (Knuth, Morris, Pratt).
  const borders = new Uint16Array(tail.length)
  for (let index = 1, border = 0; index < tail.length; index++) {
    while (border > 0 && at(index) !== at(border)) border = borders[border - 1] ?? 0
    if (at(index) === at(border)) border++
    borders[index] = border
    const length = index + 1
    const period = length - border
    if (length >= TIMES * period && length >= (period < SHORT_PASSAGE ? LETTERS_OF_SHORT_PASSAGES : LETTERS)) return true
  }
  return false
}
