import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, type ObjectId, ObjectId as ObjectIds } from '@fixpoint/core'
import { simpleGit } from 'simple-git'
import { type GitFolder, unreadable } from './git-folder.ts'
import { ownConfiguration, ownEnvironment } from './own-git.ts'
import type { Refs } from './refs.ts'

/**
 * A git directory of our own that borrows the objects of somebody's repository. Git runs only here, and only reads: the
 * repository's configuration, hooks, filters, attributes of its git directory, replacements and grafts are never seen.
 */
export class PrivateGit {
  readonly directory: string
  readonly objects: string
  readonly #folder: GitFolder
  readonly #path: string

  private constructor(directory: string, folder: GitFolder, path: string) {
    this.directory = directory
    this.objects = join(directory, 'objects')
    this.#folder = folder
    this.#path = path
  }

  /** `path`: the search path on which `git` is found. */
  static async open(directory: string, folder: GitFolder, path: string): Promise<PrivateGit> {
    await mkdir(join(directory, 'objects', 'info'), { recursive: true, mode: 0o700 })
    await mkdir(join(directory, 'refs'), { recursive: true })
    await mkdir(join(directory, 'info'), { recursive: true })
    await writeFile(join(directory, 'config'), ownConfiguration({ bare: false, objectFormat: folder.objectFormat }))
    await writeFile(join(directory, 'objects', 'info', 'alternates'), `${quoted(join(folder.common, 'objects'))}\n`)
    await writeFile(join(directory, 'HEAD'), 'ref: refs/heads/none\n')
    return new PrivateGit(directory, folder, path)
  }

  /** Takes over what the repository's refs say now, and where a shallow clone ends. */
  async follow(refs: Refs): Promise<void> {
    const lines = [...refs.all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, id]) => `${id} ${name}\n`)
    await writeFile(join(this.directory, 'packed-refs'), lines.join(''))
    if (refs.head !== undefined) await writeFile(join(this.directory, 'HEAD'), `${refs.head}\n`)
    const shallow = (await readIfFile(join(this.#folder.common, 'shallow'))) ?? ''
    const ends = shallow.split('\n').filter((line) => ObjectIds.safeParse(line).success)
    await writeFile(join(this.directory, 'shallow'), ends.map((line) => `${line}\n`).join(''))
    await writeFile(join(this.directory, 'info', 'exclude'), (await readIfFile(join(this.#folder.common, 'info', 'exclude'))) ?? '')
  }

  /** Standard output as text. Arguments are ours or come after `--end-of-options` or `--`. */
  async text(args: readonly string[], options: { workTree?: boolean } = {}): Promise<string> {
    return this.#run(options.workTree === true, undefined, (git) => git.raw([...args]))
  }

  /** Objects by id, in the order asked; undefined for what is not there. */
  async objectsOf(ids: readonly ObjectId[]): Promise<readonly (GitObject | undefined)[]> {
    if (ids.length === 0) return []
    const output: Buffer = await this.#run(false, `${ids.join('\n')}\n`, (git) => git.binaryCatFile(['--batch']))
    return parseBatch(output, ids.length)
  }

  /** Sizes in bytes, in the order asked; undefined for what is not there. */
  async sizesOf(ids: readonly ObjectId[]): Promise<readonly (number | undefined)[]> {
    if (ids.length === 0) return []
    const output = await this.#run(false, `${ids.join('\n')}\n`, (git) => git.raw(['cat-file', '--batch-check=%(objectsize)']))
    const lines = output.split('\n')
    return ids.map((_, index) => (/^\d+$/.test(lines[index] ?? '') ? Number(lines[index]) : undefined))
  }

  async #run<T>(workTree: boolean, input: string | undefined, work: (git: ReturnType<typeof simpleGit>) => Promise<T>): Promise<T> {
    const environment = { ...ownEnvironment(this.directory, this.#path), ...(workTree ? { GIT_WORK_TREE: this.#folder.workTree } : {}) }
    const git = simpleGit({
      baseDir: workTree ? this.#folder.workTree : this.directory,
      allowEnvironment: Object.keys(environment),
      unsafe: { allowUnsafeConfigPaths: true },
      ...(input === undefined ? {} : { input: () => input }),
    }).env(environment)
    try {
      return await work(git)
    } catch (error) {
      if (error instanceof Error && /ENOENT/.test(error.message)) throw unreadable('git was not found', 'Install git 2.30 or newer.', error)
      throw error
    }
  }
}

export interface GitObject {
  readonly kind: string
  readonly bytes: Uint8Array
}

/** `<id> <kind> <size>\n<bytes>\n` for what is there, `<id> missing\n` for what is not. */
function parseBatch(output: Buffer, count: number): (GitObject | undefined)[] {
  const objects: (GitObject | undefined)[] = []
  for (let at = 0; objects.length < count; ) {
    const end = output.indexOf(10, at)
    if (end < 0) throw unreadable('git stopped before it gave every object', 'Check the repository: git fsck.')
    const [, kind, size] = output.toString('latin1', at, end).split(' ')
    at = end + 1
    if (size === undefined || kind === undefined) {
      objects.push(undefined)
      continue
    }
    const bytes = output.subarray(at, at + Number(size))
    if (bytes.byteLength !== Number(size)) throw unreadable('git stopped before it gave every object', 'Check the repository: git fsck.')
    objects.push({ kind, bytes })
    at += Number(size) + 1
  }
  return objects
}

/** A line of the alternates file may be quoted as in C. */
function quoted(path: string): string {
  const escaped = path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
  return `"${escaped}"`
}

async function readIfFile(path: string): Promise<string | undefined> {
  try {
    const facts = await stat(path)
    return facts.isFile() && facts.size < 16 * 1024 * 1024 ? await readFile(path, 'utf8') : undefined
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
