import { FRONT_URL, frontUrl, type Registry } from '../egress/registry.ts'

/** Settings of a repository's `.npmrc` that decide what is installed, and nothing that runs, sends, signs in or points elsewhere. */
const KEPT = new Set([
  'legacy-peer-deps',
  'strict-peer-deps',
  'prefer-dedupe',
  'engine-strict',
  'install-strategy',
  'install-links',
  'include',
  'omit',
  'optional',
  'save-exact',
  'global-style',
  'legacy-bundling',
  'force',
])

/** The `.npmrc` of a download: what the repository may decide, then what we do. */
export function downloadNpmrc(text: string, registries: readonly Registry[]): string {
  const kept = text.split(/\r?\n/).filter((line) => {
    const key = /^\s*([a-z-]+)\s*=/.exec(line)?.[1]
    // `${NAME}` would read the environment: nothing secret is there, and nothing of it is needed.
    return key !== undefined && KEPT.has(key) && !line.includes('${')
  })
  const npm = registries.filter((registry) => registry.kind === 'npm')
  const fallback = npm.find((registry) => (registry.scopes ?? []).length === 0)
  const scoped = npm.flatMap((registry) => (registry.scopes ?? []).map((scope) => `${scope}:registry=${frontUrl(registry)}`))
  const ours = [`registry=${fallback === undefined ? `${FRONT_URL}/` : frontUrl(fallback)}`, ...scoped]
  return [...kept, ...ours, 'ignore-scripts=true', 'audit=false', 'fund=false', 'update-notifier=false', 'fetch-retries=1', ''].join('\n')
}

/** Names of the one public registry that lockfiles carry whoever installed them; npm itself takes them for "the registry". */
const PUBLIC = ['https://registry.npmjs.org/', 'http://registry.npmjs.org/', 'https://registry.yarnpkg.com/']

/** A lockfile whose addresses all lead to the front, or the addresses that no registry of the operator serves. */
export function frontLockfile(text: string, registries: readonly Registry[]): { readonly text: string } | { readonly foreign: readonly string[] } {
  const npm = registries.filter((registry) => registry.kind === 'npm')
  const fallback = npm.find((registry) => (registry.scopes ?? []).length === 0)
  const bases = npm.flatMap((registry) => [
    [registry.url, frontUrl(registry)] as const,
    ...(registry.files ?? []).map((file, index) => [file, `${frontUrl(registry)}~${index}/`] as const),
  ])
  if (fallback !== undefined) bases.push(...PUBLIC.map((base) => [base, frontUrl(fallback)] as const))
  const foreign = new Set<string>()
  const moved = (address: string): string => {
    const base = bases.find(([from]) => address.startsWith(from))
    if (base !== undefined) return base[1] + address.slice(base[0].length)
    // A workspace's or a folder's own address stays in the tree.
    if (/^[a-z+]+:/i.test(address) && !address.startsWith('file:')) foreign.add(address.replace(/^([\w+]+:\/\/)[^/@]*@/, '$1').slice(0, 200))
    return address
  }
  const lock: unknown = JSON.parse(text)
  walk(lock, moved)
  return foreign.size > 0 ? { foreign: [...foreign] } : { text: JSON.stringify(lock, undefined, 2) }
}

/** Versions 1 to 3 have `resolved` at every level; version 1 also says `version: "https://…"` for a tarball. */
function walk(node: unknown, moved: (address: string) => string): void {
  if (typeof node !== 'object' || node === null) return
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === 'string' && (key === 'resolved' || (key === 'version' && /^(?:https?|git)[+:]/.test(value))))
      (node as Record<string, unknown>)[key] = moved(value)
    else walk(value, moved)
  }
}
