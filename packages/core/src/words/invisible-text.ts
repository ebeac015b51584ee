/**
 * Characters that nobody sees and a parser or a model reads all the same: zero-width and bidirectional ones, blank letters, tags, and variation
 * selectors in a row (one alone makes an emoji colourful).
 */
export const INVISIBLE = /(?!\ufe0f)[\p{Default_Ignorable_Code_Point}\u2028\u2029\u202a-\u202e\u2800\ufff9-\ufffb]|\ufe0f{2,}/gu

/** The text as people see it, and how many characters hid in it. */
export function visible(text: string): { readonly text: string; readonly hidden: number } {
  let hidden = 0
  const shown = text.replace(INVISIBLE, (found) => {
    hidden += found.length
    return ''
  })
  return { text: shown, hidden }
}
