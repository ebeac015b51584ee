import type { DraftTools, Room, SourceSnapshot } from '@fixpoint/core'
import { type Hunk, hunksBetween, withHunks } from './line-hunks.ts'

interface Formatter {
  readonly argv: (path: string) => readonly [string, ...string[]]
  /** The formatted text in what it printed; undefined when there is none. */
  readonly read?: (printed: string) => string | undefined
}

const SECONDS = 30
const LARGEST_FILE = 512 * 1024
const BIN = 'node_modules/.bin'
const SCRIPT = /\.[cm]?[jt]sx?$/

/** The formatter that a repository uses for a file, by its settings. It reads the text from standard input and prints it. */
export function formatterFor(path: string, source: SourceSnapshot): Formatter | undefined {
  const has = (pattern: RegExp) => source.list().some((entry) => pattern.test(entry.path))
  const says = (file: string, pattern: RegExp) => pattern.test(source.text(file) ?? '')
  if (SCRIPT.test(path)) {
    if (has(/^biome\.jsonc?$/)) return { argv: (file) => [`${BIN}/biome`, 'format', `--stdin-file-path=${file}`] }
    if (has(/^(?:\.prettierrc(?:\.\w+)?|prettier\.config\.\w+)$/) || says('package.json', /"prettier"\s*:/))
      return { argv: (file) => [`${BIN}/prettier`, '--stdin-filepath', file] }
    if (has(/^(?:\.eslintrc(?:\.\w+)?|eslint\.config\.\w+)$/) || says('package.json', /"eslintConfig"\s*:/))
      return { argv: (file) => [`${BIN}/eslint`, '--fix-dry-run', '--format', 'json', '--stdin', '--stdin-filename', file], read: outputOfEslint }
  }
  if (path.endsWith('.py')) {
    if (has(/^\.?ruff\.toml$/) || says('pyproject.toml', /\[tool\.ruff/))
      return { argv: (file) => ['.venv/bin/python', '-m', 'ruff', 'format', '--stdin-filename', file, '-'] }
    if (says('pyproject.toml', /\[tool\.black/)) return { argv: (file) => ['.venv/bin/python', '-m', 'black', '-q', '--stdin-filename', file, '-'] }
  }
  return undefined
}

/**
 * The text after an edit with the lines that the edit brought formatted as the repository formats. What a formatter prints comes out of
 * a room: it is taken only where the edit was, and only if the program stays the same.
 */
export async function formatted(
  file: { readonly path: string; readonly before: string; readonly after: string },
  tools: { readonly room: Room; readonly source: SourceSnapshot; readonly sameTokens: DraftTools['sameTokens'] },
  signal: AbortSignal,
): Promise<string> {
  const { path, before, after } = file
  const formatter = after.length > LARGEST_FILE ? undefined : formatterFor(path, tools.source)
  if (formatter === undefined) return after
  const command = { argv: formatter.argv(path), stdin: after, timeoutMs: SECONDS * 1000, outputLimit: 4 * LARGEST_FILE }
  const { exitCode, stdout, truncated } = await tools.room.exec(command, signal)
  const text = formatter.read === undefined ? (exitCode === 0 ? stdout : undefined) : formatter.read(stdout)
  if (text === undefined || text.trim() === '' || truncated) return after
  const own = linesBrought(before, after)
  const hunks = formattedHunks(after, text).filter(({ at, removed, added }) =>
    removed.length === 0 ? added.length > 0 && own.has(at) && own.has(at - 1) : removed.every((_, index) => own.has(at + index)),
  )
  const result = withHunks(after, hunks)
  return tools.sameTokens(path, after, result) ? result : after
}

/** Lines that only moved their white space are hunks of their own, so that one beside the edit is not taken with it. */
function formattedHunks(after: string, text: string): Hunk[] {
  const squeezed = (whole: string) =>
    whole
      .split('\n')
      .map((line) => line.replace(/\s+/g, ''))
      .join('\n')
  const [old, now] = [after.split('\n'), text.split('\n')]
  const hunks: Hunk[] = []
  let from = 0
  let shift = 0
  const sameUntil = (end: number) => {
    for (let at = from; at < end; at += 1) {
      const [before = '', line = ''] = [old[at], now[at + shift]]
      if (before !== line) hunks.push({ at, removed: [before], added: [line] })
    }
  }
  for (const { at, removed, added } of hunksBetween(squeezed(after), squeezed(text))) {
    sameUntil(at)
    hunks.push({ at, removed: old.slice(at, at + removed.length), added: now.slice(at + shift, at + shift + added.length) })
    from = at + removed.length
    shift += added.length - removed.length
  }
  sameUntil(old.length)
  return hunks
}

/** Indices of lines of `after` that are not in `before`. */
function linesBrought(before: string, after: string): ReadonlySet<number> {
  const brought = new Set<number>()
  let shift = 0
  for (const { at, removed, added } of hunksBetween(before, after)) {
    for (let index = 0; index < added.length; index += 1) brought.add(at + shift + index)
    shift += added.length - removed.length
  }
  return brought
}

function outputOfEslint(printed: string): string | undefined {
  try {
    const results: unknown = JSON.parse(printed)
    const [first] = Array.isArray(results) ? results : []
    return typeof first === 'object' && first !== null && 'output' in first && typeof first.output === 'string' ? first.output : undefined
  } catch {
    return undefined
  }
}
