import { inert, type TreeEntry } from '@fixpoint/core'

const NAMES = [
  ['submodule', 'submodule', 'submodules'],
  ['lfs-pointer', 'Git LFS pointer', 'Git LFS pointers'],
  ['link', 'link', 'links'],
] as const
const SHOWN = 3

/** What of a commit never comes into a room, in words; undefined when all of it does. A person whose tests need it should know. */
export function leftOutOf(entries: readonly TreeEntry[], unnameable: readonly { readonly name: string }[]): string | undefined {
  const kinds = [
    ...NAMES.map(([kind, one, many]) => ({ one, many, paths: entries.filter((entry) => entry.kind === kind).map(({ path }) => path) })),
    { one: 'name that cannot be laid out', many: 'names that cannot be laid out', paths: unnameable.map(({ name }) => name) },
  ].filter(({ paths }) => paths.length > 0)
  if (kinds.length === 0) return undefined
  const words = kinds.map(({ one, many, paths }) => {
    const more = paths.length > SHOWN ? ', …' : ''
    return `${paths.length} ${paths.length === 1 ? one : many} (${paths.slice(0, SHOWN).map(oneLine).join(', ')}${more})`
  })
  return `stays out of the rooms: ${words.join(', ')}; if the tests need it, see docs/troubleshooting.md`
}

/** A file name on one line: it may hold anything. */
export function oneLine(path: string): string {
  return inert(/[\n"]/.test(path) ? JSON.stringify(path) : path, 120)
}
