import type { SourceSnapshot } from '@fixpoint/core'

export interface StackLine {
  readonly path: string
  readonly line: number
}

const PLACE = /(?:File "([^"\n]{1,300})", line (\d{1,7}))|((?:file:\/\/)?[^\s():"'<>|]{1,300}\.(?:[cm]?[jt]sx?|py)):(\d{1,7})/g
const MOST_CHARACTERS = 60_000

/** The places that a failure's text names and the repository has, innermost first. */
export function stackLines(stack: string, source: SourceSnapshot): readonly StackLine[] {
  const files = byName(source)
  const found: StackLine[] = []
  for (const [, pythonFile, pythonLine, file, line] of stack.slice(0, MOST_CHARACTERS).matchAll(PLACE)) {
    const path = mapped((pythonFile ?? file ?? '').replace(/^file:\/\//, ''), files)
    const at = Number(pythonLine ?? line)
    if (path !== undefined && at > 0 && !found.some((each) => each.path === path && each.line === at)) found.push({ path, line: at })
  }
  // Python prints the innermost frame last.
  const python = found.filter((each) => each.path.endsWith('.py')).length * 2 > found.length
  return python ? found.reverse() : found
}

function byName(source: SourceSnapshot): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>()
  for (const { path, kind } of source.list()) {
    if (kind !== 'file' && kind !== 'executable') continue
    const name = path.slice(path.lastIndexOf('/') + 1)
    const known = files.get(name)
    if (known === undefined) files.set(name, [path])
    else known.push(path)
  }
  return files
}

/** The repository's file whose path ends most like the one that was printed. */
function mapped(printed: string, files: ReadonlyMap<string, readonly string[]>): string | undefined {
  const said = printed.split('/')
  if (said.includes('node_modules') || said.includes('site-packages')) return undefined
  let best: { path: string; shared: number } | undefined
  for (const path of files.get(said.at(-1) ?? '') ?? []) {
    const segments = path.split('/')
    let shared = 0
    while (shared < segments.length && shared < said.length && segments.at(-1 - shared) === said.at(-1 - shared)) shared += 1
    if (shared === Math.min(segments.length, said.length) && (best === undefined || shared > best.shared)) best = { path, shared }
  }
  return best?.path
}
