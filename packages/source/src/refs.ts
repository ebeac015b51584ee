import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, ObjectId } from '@fixpoint/core'
import { type GitFolder, unreadable } from './git-folder.ts'

/** The branches, tags and remote branches of a repository, and where its work tree stands. */
export interface Refs {
  /** Undefined in a repository without commits. */
  readonly head: ObjectId | undefined
  /** `refs/heads/main`; undefined when detached. */
  readonly branch: string | undefined
  readonly all: ReadonlyMap<string, ObjectId>
}

/** More is a bomb, or a repository that needs another way. */
const MOST_REFS = 200_000
const DEEPEST = 32
/** What git's own rules allow in a name, minus what would need quoting in our files. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: git forbids them, too
const REF_NAME = /^refs\/(?!.*(?:\.\.|\/\/|@\{|\/\.|\.lock(?:\/|$)))[^\u0000-\u0020\u007f~^:?*[\\]+$/

/** Reads refs as the files they are; links, strange names and broken values are left out. */
export async function readRefs(folder: GitFolder): Promise<Refs> {
  const values = new Map<string, string>()
  await readPacked(join(folder.common, 'packed-refs'), values)
  await readLoose(folder.common, 'refs', values, 0)
  const head = (await smallText(join(folder.own, 'HEAD')))?.trim()
  if (head === undefined) throw unreadable(`${folder.own} has no HEAD`, 'Repair the repository, or clone it again.')
  const all = new Map<string, ObjectId>()
  for (const [name, value] of values) {
    const target = follow(value, values)
    if (target !== undefined) all.set(name, target)
  }
  const branch = /^ref: (refs\/.+)$/.exec(head)?.[1]
  return { head: branch === undefined ? objectId(head) : all.get(branch), branch, all }
}

function follow(value: string, values: ReadonlyMap<string, string>): ObjectId | undefined {
  let current: string | undefined = value
  for (let step = 0; step < 5 && current !== undefined; step += 1) {
    const target: string | undefined = /^ref: (refs\/.+)$/.exec(current)?.[1]
    if (target === undefined) return objectId(current)
    current = values.get(target)
  }
  return undefined
}

async function readPacked(path: string, values: Map<string, string>): Promise<void> {
  for (const line of ((await smallText(path, 256 * 1024 * 1024)) ?? '').split('\n')) {
    const space = line.indexOf(' ')
    const name = line.slice(space + 1)
    if (space > 0 && !line.startsWith('#') && REF_NAME.test(name)) keep(values, name, line.slice(0, space))
  }
}

async function readLoose(common: string, name: string, values: Map<string, string>, depth: number): Promise<void> {
  if (depth > DEEPEST) return
  const entries = await readdir(join(common, name), { withFileTypes: true }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  })
  for (const entry of entries) {
    const child = `${name}/${entry.name}`
    if (entry.isDirectory()) await readLoose(common, child, values, depth + 1)
    else if (entry.isFile() && REF_NAME.test(child)) {
      const value = (await smallText(join(common, child)))?.trim()
      if (value !== undefined) keep(values, child, value)
    }
  }
}

function keep(values: Map<string, string>, name: string, value: string): void {
  if (values.size >= MOST_REFS)
    throw unreadable(`the repository has more than ${MOST_REFS} branches and tags`, 'Use a clone with a single branch: git clone --single-branch.')
  values.set(name, value)
}

function objectId(text: string): ObjectId | undefined {
  return ObjectId.safeParse(text).data
}

async function smallText(path: string, maximum = 4096): Promise<string | undefined> {
  try {
    const facts = await lstat(path)
    return facts.isFile() && facts.size <= maximum ? await readFile(path, 'utf8') : undefined
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
