/** Where an edit goes and what is put there, or why it cannot be told. */
export type EditMatch =
  | { readonly start: number; readonly end: number; readonly replacement: string; readonly how: 'exactly' | 'but for white space' }
  | { readonly found: readonly number[] }

interface Lines {
  readonly texts: readonly string[]
  /** Offset of each line's first character. */
  readonly starts: readonly number[]
}

/**
 * Finds `search` in a text: exactly, else with line breaks as the file has them, else line by line without regard to white space. A match
 * that is not the only one is none: `found` are the lines where they begin.
 */
export function matchEdit(text: string, search: string, replace: string): EditMatch {
  const wanted = withoutLineNumbers(search)
  const given = wanted === search ? replace : withoutLineNumbers(replace)
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const asInFile = (part: string) => part.replace(/\r?\n/g, eol)
  for (const exact of new Set([search, wanted, asInFile(wanted)])) {
    const places = placesOf(text, exact)
    const [start] = places
    if (start === undefined) continue
    if (places.length > 1) return { found: places.map((place) => lineAt(text, place)) }
    const end = start + exact.length
    return { start, end, replacement: endingLike(exact, asInFile(exact === search ? replace : given), eol, text.slice(end)), how: 'exactly' }
  }
  return tolerantMatch(text, wanted, given, eol)
}

/** Whole lines are replaced by whole lines: a line break that only one side ends with was not meant. */
function endingLike(search: string, replacement: string, eol: string, rest: string): string {
  if (replacement === '' || search.endsWith(eol) === replacement.endsWith(eol)) return replacement
  if (search.endsWith(eol)) return replacement + eol
  return rest.startsWith(eol) ? replacement.slice(0, -eol.length) : replacement
}

/** Lines as `read_file` shows them, given back with their numbers. */
function withoutLineNumbers(part: string): string {
  const lines = part.split('\n')
  const numbered = lines.filter((line) => line.trim() !== '')
  if (numbered.length === 0 || !numbered.every((line) => /^ *\d+\|( |$)/.test(line.replace(/\r$/, '')))) return part
  return lines.map((line) => line.replace(/^ *\d+\| ?/, '')).join('\n')
}

function placesOf(text: string, search: string): number[] {
  const places: number[] = []
  if (search === '') return places
  for (let at = text.indexOf(search); at >= 0; at = text.indexOf(search, at + 1)) places.push(at)
  return places
}

function tolerantMatch(text: string, search: string, replace: string, eol: string): EditMatch {
  const file = linesOf(text)
  const wanted = trimmedBlock(search)
  if (wanted.length === 0) return { found: [] }
  for (const seen of [atLineEnds, anywhere]) {
    const places = blocksIn(file.texts.map(seen), wanted.map(seen))
    const [first] = places
    if (first === undefined) continue
    if (places.length > 1) return { found: places.map((place) => place + 1) }
    return blockEdit(text, file, first, wanted, replace, eol)
  }
  return wanted.length === 1 ? fragmentMatch(text, wanted[0] ?? '', replace) : { found: [] }
}

/** Whole lines are replaced by whole lines, indented as the file indents. */
function blockEdit(text: string, file: Lines, first: number, wanted: readonly string[], replace: string, eol: string): EditMatch {
  const last = first + wanted.length - 1
  const start = file.starts[first] ?? 0
  const endOfLast = (file.starts[last] ?? 0) + (file.texts[last] ?? '').replace(/\r$/, '').length
  const here = file.texts.slice(first, last + 1)
  const lines = trimmedBlock(replace).map((line, index) => reindented(line, index, wanted, here))
  // Lines that are replaced by nothing go with their line break.
  const end = lines.length === 0 ? (file.starts[last + 1] ?? text.length) : endOfLast
  return { start, end, replacement: lines.join(eol), how: 'but for white space' }
}

/** A part of a line: what stands between white space has to agree. */
function fragmentMatch(text: string, search: string, replace: string): EditMatch {
  const words = search.trim().split(/\s+/)
  const pattern = new RegExp(words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('[ \\t]+'), 'gu')
  const places = [...text.matchAll(pattern)]
  const [match] = places
  if (match === undefined || places.length > 1) return { found: places.map(({ index }) => lineAt(text, index)) }
  return { start: match.index, end: match.index + match[0].length, replacement: replace.trim(), how: 'but for white space' }
}

/** The indentation of the file's line for that of the searched line: of the same line, else of the one beside it; deeper ones go on from there. */
function reindented(line: string, index: number, wanted: readonly string[], here: readonly string[]): string {
  if (line.trim() === '') return ''
  const indent = indentOf(line)
  const same = wanted.findIndex((searched) => searched.trimEnd() === line.trimEnd())
  let best: { searched: string; inFile: string } | undefined
  for (const at of [same, index, ...wanted.keys()]) {
    const searched = indentOf(wanted[at] ?? '')
    if ((wanted[at] ?? '').trim() === '' || !indent.startsWith(searched)) continue
    if (best === undefined || searched.length > best.searched.length) best = { searched, inFile: indentOf(here[at] ?? '') }
  }
  // Shallower than anything that was searched: as much less as it is less there.
  if (best === undefined) {
    const [searched, inFile] = [indentOf(wanted[0] ?? ''), indentOf(here[0] ?? '')]
    return inFile.slice(0, Math.max(0, inFile.length - (searched.length - indent.length))) + line.trimStart()
  }
  return best.inFile + deeper(indent.slice(best.searched.length), best.inFile) + line.trimStart()
}

/** Steps of spaces become tabs in a file that indents with tabs. */
function deeper(more: string, inFile: string): string {
  if (!inFile.includes('\t') || more.includes('\t')) return more
  return '\t'.repeat(Math.ceil(more.length / (more.length % 4 === 0 ? 4 : 2)))
}

function blocksIn(lines: readonly string[], wanted: readonly string[]): number[] {
  const places: number[] = []
  for (let at = 0; at + wanted.length <= lines.length; at += 1) {
    if (wanted.every((line, index) => lines[at + index] === line)) places.push(at)
  }
  return places
}

function atLineEnds(line: string): string {
  return line.trimEnd()
}

function anywhere(line: string): string {
  return line.trim().replace(/\s+/g, ' ')
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? ''
}

/** Its lines without the blank ones around it. */
function trimmedBlock(part: string): string[] {
  const lines = part.split(/\r?\n/)
  while (lines.length > 0 && lines[0]?.trim() === '') lines.shift()
  while (lines.length > 0 && lines.at(-1)?.trim() === '') lines.pop()
  return lines
}

function linesOf(text: string): Lines {
  const texts = text.split('\n')
  const starts: number[] = []
  let at = 0
  for (const line of texts) {
    starts.push(at)
    at += line.length + 1
  }
  return { texts, starts }
}

function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}
