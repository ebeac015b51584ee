const EXTENSIONS = ['', '.ts', '.tsx', '.js', '.jsx', '.mjs', '.cjs', '.mts', '.cts', '/index.ts', '/index.js', '/index.tsx', '/index.mjs']
/** What a package is made from, where the file that it names is built and not in the tree. */
const SOURCES = ['src/index', 'lib/index', 'index', 'source/index']

/** The files that may be known. */
export interface Tree {
  readonly has: (path: string) => boolean
  readonly text: (path: string) => string | undefined
}

/**
 * The file of the tree that an import means: a relative one (`./pager.js`, `..models`), an absolute Python one (`shop.models`), a package
 * of this repository by its name.
 */
export function resolveImport(from: string, specifier: string, tree: Tree): string | undefined {
  if (from.endsWith('.py')) return pythonModule(from, specifier, tree.has)
  if (!specifier.startsWith('.')) return packageFile(from, specifier, tree)
  const base = joined(from.split('/').slice(0, -1), specifier.split('/'))
  if (base === undefined) return undefined
  return fileAt(base, tree) ?? entryOf(base, '.', tree)
}

function fileAt(base: string, { has }: Tree): string | undefined {
  const bare = base.replace(/\.[cm]?jsx?$/, '')
  for (const stem of [base, bare])
    for (const extension of EXTENSIONS) if (has(`${stem}${extension}`.replace(/^\//, ''))) return `${stem}${extension}`.replace(/^\//, '')
  return undefined
}

/** `require('shop')` in the tests of `shop` itself, or of a package beside it. */
function packageFile(from: string, specifier: string, tree: Tree): string | undefined {
  const parts = specifier.split('/')
  const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
  const inside = `.${specifier.slice(name.length)}`
  const folders = from
    .split('/')
    .slice(0, -1)
    .map((_, index, all) => all.slice(0, all.length - index).join('/'))
  for (const folder of [...folders, '', `packages/${name.split('/').at(-1)}`]) if (manifestIn(folder, tree)?.name === name) return entryOf(folder, inside, tree)
  return undefined
}

function entryOf(folder: string, inside: string, tree: Tree): string | undefined {
  const manifest = manifestIn(folder, tree)
  if (manifest === undefined) return undefined
  const { exports, module, main } = manifest
  const ways = typeof exports === 'object' && exports !== null && inside in exports ? (exports as Record<string, unknown>)[inside] : exports
  const named = inside === '.' ? [...filesIn(ways), module, main] : [...filesIn(inside in Object(exports) ? ways : undefined), inside]
  const names = named.filter((name) => typeof name === 'string').map((name) => name.replace(/^\.\//, ''))
  const sources = names.flatMap((name) => ['src', 'lib'].map((source) => name.replace(/^(?:[^/]+\/)+/, `${source}/`)))
  for (const name of [...names, ...sources, ...(inside === '.' ? SOURCES : [])]) {
    const found = fileAt(folder === '' ? name : `${folder}/${name}`, tree)
    if (found !== undefined) return found
  }
  return undefined
}

/** Every file that a value of `exports` names, whatever its conditions. */
function filesIn(ways: unknown): string[] {
  if (typeof ways === 'string') return ways.endsWith('.d.ts') ? [] : [ways]
  if (typeof ways !== 'object' || ways === null) return []
  return Object.entries(ways).flatMap(([condition, way]) => (condition.startsWith('.') && condition !== '.' ? [] : filesIn(way)))
}

function manifestIn(folder: string, { text }: Tree): Readonly<Record<string, unknown>> | undefined {
  const content = text(folder === '' ? 'package.json' : `${folder}/package.json`)
  if (content === undefined) return undefined
  try {
    return Object(JSON.parse(content)) as Record<string, unknown>
  } catch {
    return undefined
  }
}

function joined(folder: readonly string[], parts: readonly string[]): string | undefined {
  const result = [...folder]
  for (const part of parts) {
    if (part === '' || part === '.') continue
    if (part !== '..') result.push(part)
    else if (result.pop() === undefined) return undefined
  }
  return result.join('/')
}

function pythonModule(from: string, specifier: string, has: (path: string) => boolean): string | undefined {
  const dots = specifier.length - specifier.replace(/^\.+/, '').length
  const names = specifier
    .slice(dots)
    .split('.')
    .filter((name) => name !== '')
  const folder = from.split('/').slice(0, -1)
  const roots = dots > 0 ? [folder.slice(0, Math.max(0, folder.length - dots + 1))] : [[], ['src'], folder]
  for (const root of roots) {
    const path = [...root, ...names].join('/')
    for (const candidate of [`${path}.py`, `${path}/__init__.py`]) if (has(candidate)) return candidate
  }
  return undefined
}
