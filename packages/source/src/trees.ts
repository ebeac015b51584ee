import { IllegalEvent, type ObjectId } from '@fixpoint/core'
import { unreadable } from './git-folder.ts'

/** One line of a tree object. `name` stays bytes (as latin1), because names need not be UTF-8. */
export interface TreeLine {
  readonly mode: string
  readonly name: string
  readonly id: ObjectId
}

/** The new file at a path, or null for none. Without a mode, the one that is there is kept, or `100644`. */
export interface TreeChange {
  readonly path: string
  readonly file: { readonly id: ObjectId; readonly mode?: string } | null
}

export interface TreeStore {
  /** The lines of a tree. */
  readTree(id: ObjectId): Promise<readonly TreeLine[]>
  writeTree(lines: readonly TreeLine[]): Promise<ObjectId>
}

export const FOLDER = '40000'
export const LINK = '120000'
export const SUBMODULE = '160000'

export function parseTree(bytes: Uint8Array, idBytes: number): TreeLine[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const lines: TreeLine[] = []
  for (let at = 0; at < buffer.byteLength; ) {
    const space = buffer.indexOf(0x20, at)
    const end = buffer.indexOf(0, space)
    if (space < 0 || end < 0 || end + 1 + idBytes > buffer.byteLength)
      throw unreadable('a tree of the repository is damaged', 'Check the repository: git fsck.')
    const id = buffer.toString('hex', end + 1, end + 1 + idBytes)
    lines.push({ mode: buffer.toString('latin1', at, space).replace(/^0+/, ''), name: buffer.toString('latin1', space + 1, end), id })
    at = end + 1 + idBytes
  }
  return lines
}

/** Git sorts a folder as if its name ended in `/`. */
export function formatTree(lines: readonly TreeLine[]): Uint8Array {
  const key = (line: TreeLine): string => (line.mode === FOLDER ? `${line.name}/` : line.name)
  const sorted = [...lines].sort((a, b) => (key(a) < key(b) ? -1 : 1))
  return Buffer.concat(sorted.flatMap((line) => [Buffer.from(`${line.mode} ${line.name}\0`, 'latin1'), Buffer.from(line.id, 'hex')]))
}

/** The tree with the changes made; undefined when nothing is left of it. Whatever is not changed keeps its very bytes. */
export async function changeTree(store: TreeStore, tree: ObjectId | undefined, changes: readonly TreeChange[]): Promise<ObjectId | undefined> {
  const lines = new Map((tree === undefined ? [] : await store.readTree(tree)).map((line) => [line.name, line]))
  const below = new Map<string, TreeChange[]>()
  for (const change of changes) {
    const slash = change.path.indexOf('/')
    if (slash < 0) {
      replaceFile(lines, change)
      continue
    }
    const folder = change.path.slice(0, slash)
    below.set(folder, [...(below.get(folder) ?? []), { ...change, path: change.path.slice(slash + 1) }])
  }
  for (const [folder, inside] of below) {
    const name = latin1(folder)
    const there = lines.get(name)
    // What stood at a file's place may become a folder only where the file goes.
    const changed = await changeTree(store, there?.mode === FOLDER ? there.id : undefined, inside)
    if (changed === undefined) {
      if (there?.mode === FOLDER) lines.delete(name)
      continue
    }
    if (there !== undefined && there.mode !== FOLDER) throw new IllegalEvent(`an edit treats the file ${folder} as a folder`)
    lines.set(name, { mode: FOLDER, name, id: changed })
  }
  return lines.size === 0 ? undefined : store.writeTree([...lines.values()])
}

function replaceFile(lines: Map<string, TreeLine>, change: TreeChange): void {
  const name = latin1(change.path)
  const there = lines.get(name)
  if (change.file === null) {
    lines.delete(name)
    return
  }
  const { id, mode } = change.file
  if (mode === undefined && there !== undefined && !there.mode.startsWith('100'))
    throw new IllegalEvent(`an edit would replace ${change.path}, which is not a file`)
  lines.set(name, { mode: mode ?? there?.mode ?? '100644', name, id })
}

function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}
