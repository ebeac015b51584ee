import type { MappedFrame, SourceSnapshot, StackFrame, StackTrace } from '@fixpoint/core'

const COMPILED_FOLDERS = new Set(['dist', 'build', 'lib', 'out', 'output', 'esm', 'cjs', 'compiled', '.output', '_build'])
const SOURCE_FOLDERS = ['src', 'lib', 'source', 'app']
const SOURCES_OF: Readonly<Record<string, readonly string[]>> = {
  js: ['ts', 'tsx', 'jsx', 'mts', 'mjs', 'coffee'],
  mjs: ['mts', 'ts', 'js'],
  cjs: ['cts', 'ts', 'js'],
  jsx: ['tsx'],
  pyc: ['py'],
}
/** Names that say nothing about where a file is. */
const COMMONPLACE = new Set(['index', 'main', 'app', '__init__', 'utils', 'helpers', 'types', 'server', 'mod'])

/**
 * The frames of a trace that lie in the repository, innermost first, by the longest common suffix of their paths; what was compiled maps
 * onto its source (`dist/x.js` → `src/x.ts`, without a line: it would be another one). A file that several paths could mean is left out.
 * `depth` counts over all frames of the trace.
 */
export function mapFrames(trace: StackTrace, source: SourceSnapshot): MappedFrame[] {
  return frameMapper(source)(trace)
}

/** `mapFrames` for many traces: the tree is read once. */
export function frameMapper(source: SourceSnapshot): (trace: StackTrace) => MappedFrame[] {
  const tree = new Tree(source)
  return (trace) => trace.frames.flatMap((frame, depth) => mapped(frame, depth, tree, source))
}

function mapped(frame: StackFrame, depth: number, tree: Tree, source: SourceSnapshot): MappedFrame[] {
  const place = located(frame, tree)
  if (!place) return []
  const { line, confidence } = credible(frame, place, source)
  return [
    {
      path: place.path,
      ...(line !== undefined && { line }),
      ...(line !== undefined && frame.column !== undefined && { column: frame.column }),
      ...(frame.function !== undefined && { function: frame.function }),
      depth,
      confidence,
    },
  ]
}

interface Found {
  readonly path: string
  /** Segments that agree, from the end. */
  readonly agreed: number
  readonly confidence: number
  /** The line of the frame is a line of this file. */
  readonly sameLines: boolean
}

function located(frame: StackFrame, tree: Tree): Found | undefined {
  if (frame.file === undefined || (frame.place !== 'code' && frame.place !== 'dependency')) return undefined
  const segments = segmentsOf(frame.file)
  if (frame.place === 'dependency') {
    const own = tree.ownPackage(segments)
    return own && (exactly(own, tree) ?? compiled(own, tree))
  }
  const exact = bySuffix(segments, tree)
  if (exact && exact.agreed > 1) return found(exact, segments, true)
  const source = compiled(segments, tree)
  // A name alone agrees: more of a path says more.
  if (exact && !isCommonplace(exact.path) && (!source || source.agreed === 1)) return found(exact, segments, true)
  return source
}

/** `/srv/app/dist/x.js`, `C:\app\x.js`, `file:///app/x.js`, `webpack://shop/./src/x.ts?ab12` as the names between the slashes. */
function segmentsOf(file: string): string[] {
  let path = file.replaceAll('\\', '/')
  const scheme = path.indexOf('://')
  if (scheme >= 0) path = path.slice(scheme + 3)
  else if (path.startsWith('webpack-internal:')) path = path.slice('webpack-internal:'.length)
  const query = path.indexOf('?')
  if (query > 0) path = path.slice(0, query)
  if (scheme >= 0 && path.includes('%')) path = decoded(path)
  return path.split('/').filter((segment, index) => segment !== '' && segment !== '.' && segment !== '..' && !(index <= 1 && /^[A-Za-z]:$/.test(segment)))
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

interface SuffixMatch {
  readonly path: string
  /** Segments that agree, from the end. */
  readonly agreed: number
  /** The repository path agrees as a whole. */
  readonly whole: boolean
}

function bySuffix(segments: readonly string[], tree: Tree): SuffixMatch | undefined {
  const matches = tree.named(segments.at(-1) ?? '').map((path) => {
    const own = path.split('/')
    let agreed = 0
    while (agreed < own.length && agreed < segments.length && own[own.length - 1 - agreed] === segments[segments.length - 1 - agreed]) agreed += 1
    return { path, agreed, whole: agreed === own.length }
  })
  const most = Math.max(0, ...matches.map((match) => match.agreed))
  const best = matches.filter((match) => match.agreed === most)
  if (best.length <= 1) return best[0]
  const whole = best.filter((match) => match.whole)
  return whole.length === 1 ? whole[0] : undefined
}

function found(match: SuffixMatch, segments: readonly string[], sameLines: boolean, factor = 1): Found {
  return { path: match.path, agreed: match.agreed, confidence: Math.min(1, (match.agreed / Math.max(1, segments.length)) * factor), sameLines }
}

function exactly(segments: readonly string[], tree: Tree): Found | undefined {
  const path = segments.join('/')
  return tree.has(path) ? { path, agreed: segments.length, confidence: 1, sameLines: true } : undefined
}

/** The source that a compiled file was made from: its folder renamed, its extension changed, or both. */
function compiled(segments: readonly string[], tree: Tree): Found | undefined {
  const name = segments.at(-1) ?? ''
  const dot = name.lastIndexOf('.')
  const extension = name.slice(dot + 1)
  const names = [name, ...(SOURCES_OF[extension] ?? []).map((other) => `${name.slice(0, dot)}.${other}`)]
  const folders = segments.slice(0, -1)
  let best: { match: SuffixMatch; sameLines: boolean } | undefined
  for (const variant of folderVariants(folders)) {
    for (const candidate of names) {
      if (variant.renamed < 0 && candidate === name) continue
      const match = bySuffix([...variant.folders, candidate], tree)
      // What stood below the renamed folder has to agree as a whole.
      const required = variant.renamed < 0 ? 1 : variant.folders.length + 1 - variant.renamed
      if (!match || match.agreed < required) continue
      if (match.agreed === 1 && !match.whole && isCommonplace(match.path)) continue
      if (!best || match.agreed > best.match.agreed) best = { match, sameLines: candidate === name }
    }
  }
  return best && found(best.match, segments, best.sameLines, 0.9)
}

interface FolderVariant {
  readonly folders: readonly string[]
  /** Index of the folder that was renamed or dropped; −1 when none was. */
  readonly renamed: number
}

function folderVariants(folders: readonly string[]): FolderVariant[] {
  const variants: FolderVariant[] = []
  folders.forEach((folder, index) => {
    if (!COMPILED_FOLDERS.has(folder)) return
    for (const other of SOURCE_FOLDERS) variants.push({ folders: [...folders.slice(0, index), other, ...folders.slice(index + 1)], renamed: index })
    variants.push({ folders: [...folders.slice(0, index), ...folders.slice(index + 1)], renamed: index })
  })
  variants.push({ folders: folders.slice(-2), renamed: -1 })
  return variants
}

function isCommonplace(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.indexOf('.')
  return path.includes('/') && COMMONPLACE.has(dot > 0 ? name.slice(0, dot) : name)
}

/** A line beyond the end, or a function that the file does not mention, speaks against the file. */
function credible(frame: StackFrame, place: Found, source: SourceSnapshot): { line: number | undefined; confidence: number } {
  const text = source.text(place.path)
  let { confidence } = place
  let line = place.sameLines ? frame.line : undefined
  if (text !== undefined) {
    if (line !== undefined && line > countLines(text)) {
      line = undefined
      confidence /= 2
    }
    const name = shortFunctionName(frame.function)
    if (name !== undefined && !text.includes(name)) confidence *= 0.7
  }
  return { line, confidence: Math.max(0.01, Number(confidence.toFixed(3))) }
}

function countLines(text: string): number {
  let count = 1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1
  return count
}

/** `Object.priceFor`, `new Cart`, `module.exports.decode` → the last name; undefined for what has none. */
export function shortFunctionName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const bare = name.startsWith('new ') ? name.slice(4) : name
  const last = bare.slice(bare.lastIndexOf('.') + 1)
  return last === '' || last.startsWith('<') || last.endsWith('>') || last.includes(' ') ? undefined : last
}

class Tree {
  private readonly byName = new Map<string, string[]>()
  private readonly paths = new Set<string>()
  private readonly packageName: string | undefined

  constructor(source: SourceSnapshot) {
    for (const entry of source.list()) {
      if (entry.kind !== 'file' && entry.kind !== 'executable') continue
      const name = entry.path.slice(entry.path.lastIndexOf('/') + 1)
      const same = this.byName.get(name)
      if (same) same.push(entry.path)
      else this.byName.set(name, [entry.path])
      this.paths.add(entry.path)
    }
    this.packageName = packageNameIn(source.text('package.json'))
  }

  named(name: string): readonly string[] {
    return this.byName.get(name) ?? []
  }

  has(path: string): boolean {
    return this.paths.has(path)
  }

  /** A user of a published package sees its files under `node_modules/<name>/`: when the repository is that package, they are its own. */
  ownPackage(segments: readonly string[]): string[] | undefined {
    const modules = segments.lastIndexOf('node_modules')
    if (modules >= 0 && this.packageName !== undefined) {
      const name = this.packageName.split('/')
      const same = name.every((part, index) => segments[modules + 1 + index] === part)
      return same ? segments.slice(modules + 1 + name.length) : undefined
    }
    const site = Math.max(segments.lastIndexOf('site-packages'), segments.lastIndexOf('dist-packages'))
    if (site < 0) return undefined
    const inside = segments.slice(site + 1)
    if (inside.length < 2) return undefined
    if (this.has(inside.join('/'))) return inside
    return this.has(`src/${inside.join('/')}`) ? ['src', ...inside] : undefined
  }
}

function packageNameIn(manifest: string | undefined): string | undefined {
  if (manifest === undefined) return undefined
  try {
    const parsed: unknown = JSON.parse(manifest)
    return parsed !== null && typeof parsed === 'object' && 'name' in parsed && typeof parsed.name === 'string' ? parsed.name : undefined
  } catch {
    return undefined
  }
}
