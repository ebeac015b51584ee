/** A forgotten `it.only` in the text of a test file. */
export function narrows(text: string): boolean {
  return /\b(?:it|test|specify|describe|context|suite)\.only\s*\(/.test(text)
}
