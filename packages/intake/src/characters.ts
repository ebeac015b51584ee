export function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9'
}

/** Columns of white space at the start of a line. */
export function indentOf(text: string): number {
  let at = 0
  while (text[at] === ' ' || text[at] === '\t') at += 1
  return at
}
