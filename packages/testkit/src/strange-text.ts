/** Text that databases and encoders stumble over. */
export const STRANGE_TEXTS: readonly (readonly [name: string, text: string])[] = [
  ['a NUL', 'before\0after'],
  ['a lone high surrogate', 'before\ud83dafter'],
  ['a lone low surrogate', 'before\udc00after'],
  ['quotes and backslashes', `'; drop table reports; -- \\" {a,b} $1`],
  ['an emoji', 'before😀after'],
  ['100,000 characters', 'Xy9 '.repeat(25_000)],
]

/** What a store may make of text: NUL and lone surrogates replaced, and cut no shorter than 200 characters. */
export function isKept(text: string, kept: string): boolean {
  const whole = replaced(text)
  return kept === text || kept === whole || (kept.length >= 200 && whole.startsWith(kept.slice(0, 200)))
}

function replaced(text: string): string {
  return text.replaceAll(/\0|\p{Surrogate}/gu, '\ufffd')
}
