const EXTENSIONS = ['', '.ts', '.tsx', '.js', '.jsx', '.mjs', '.cjs', '.mts', '.cts', '/index.ts', '/index.js', '/index.tsx', '/index.mjs']

/** The file of the tree that a relative import (`./pager.js`, `..models`) or an absolute Python one (`shop.models`) means. */
export function resolveImport(from: string, specifier: string, has: (path: string) => boolean): string | undefined {
  if (from.endsWith('.py')) return pythonModule(from, specifier, has)
  if (!specifier.startsWith('.')) return undefined
  const base = joined(from.split('/').slice(0, -1), specifier.split('/'))
  if (base === undefined) return undefined
  const bare = base.replace(/\.[cm]?jsx?$/, '')
  for (const stem of [base, bare]) for (const extension of EXTENSIONS) if (has(stem + extension)) return stem + extension
  return undefined
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
