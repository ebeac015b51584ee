import { randomUUID } from 'node:crypto'
import { appendFile, chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GitRefusal, git } from './git.ts'

const HOOK = fileURLToPath(new URL('../../assets/proc-receive.mjs', import.meta.url))
const NOTHING = '0'.repeat(40)
export const NO_COMMIT = NOTHING

const SETTINGS = '[http]\n\treceivepack = true\n[receive]\n\tprocReceiveRefs = refs\n[uploadpack]\n\tallowFilter = true\n\tallowAnySHA1InWant = true\n'

export interface Signature {
  readonly name: string
  readonly email: string
  /** ISO 8601. */
  readonly date: string
}

export interface TreeChange {
  readonly path: string
  /** null takes the path away. */
  readonly blob: string | null
  readonly mode?: string
}

export interface Commit {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly message: string
  readonly author: Signature
  readonly committer: Signature
}

/** A real bare repository on disk, worked on by plumbing. */
export class BareRepository {
  readonly folder: string
  /** What was computed from commits, which never change. */
  readonly #computed = new Map<string, Promise<unknown>>()

  constructor(folder: string) {
    this.folder = folder
  }

  static async create(folder: string, defaultBranch: string): Promise<BareRepository> {
    await mkdir(folder, { recursive: true })
    const repository = new BareRepository(folder)
    await repository.text('init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`)
    await appendFile(join(folder, 'config'), SETTINGS)
    const hook = join(folder, 'hooks', 'proc-receive')
    await mkdir(join(folder, 'hooks'), { recursive: true })
    await writeFile(hook, `#!/bin/sh\nexec '${process.execPath}' '${HOOK}'\n`)
    await chmod(hook, 0o755)
    return repository
  }

  /** Computes a value that ids determine once. */
  once<Value>(key: string, compute: () => Promise<Value>): Promise<Value> {
    const known = this.#computed.get(key) ?? compute()
    this.#computed.set(key, known)
    return known as Promise<Value>
  }

  async text(...args: readonly string[]): Promise<string> {
    return (await git(this.folder, args)).toString().trimEnd()
  }

  bytes(...args: readonly string[]): Promise<Buffer> {
    return git(this.folder, args)
  }

  /** The commit that a branch, tag or id names; undefined: there is none. */
  async resolve(revision: string): Promise<string | undefined> {
    if (revision.startsWith('-')) return undefined
    try {
      return await this.text('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`)
    } catch (error) {
      if (error instanceof GitRefusal) return undefined
      throw error
    }
  }

  tip(branch: string): Promise<string | undefined> {
    return this.resolve(`refs/heads/${branch}`)
  }

  async refs(): Promise<Map<string, string>> {
    const lines = (await this.text('for-each-ref', '--format=%(objectname) %(refname)')).split('\n').filter((line) => line !== '')
    return new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)]))
  }

  /** False: the ref was not at `before` any more. */
  async moveRef(ref: string, after: string | null, before: string | undefined): Promise<boolean> {
    try {
      await this.text('update-ref', ...(after === null ? ['-d', ref] : [ref, after]), ...(before === undefined ? (after === null ? [] : [NOTHING]) : [before]))
      return true
    } catch (error) {
      if (error instanceof GitRefusal) return false
      throw error
    }
  }

  async isAncestor(older: string, newer: string): Promise<boolean> {
    return (await this.mergeBase(older, newer)) === older
  }

  async mergeBase(one: string, other: string): Promise<string | undefined> {
    try {
      return await this.text('merge-base', one, other)
    } catch (error) {
      if (error instanceof GitRefusal && error.exitCode === 1) return undefined
      throw error
    }
  }

  async writeBlob(content: string | Buffer): Promise<string> {
    return (await git(this.folder, ['hash-object', '-w', '--stdin'], { input: content })).toString().trim()
  }

  /** `base`: a tree or commit to start from. */
  async writeTree(base: string | undefined, changes: readonly TreeChange[]): Promise<string> {
    const env = { GIT_INDEX_FILE: join(this.folder, `index-${randomUUID()}`) }
    await git(this.folder, base === undefined ? ['read-tree', '--empty'] : ['read-tree', base], { env })
    const lines = changes.map(({ path, blob, mode }) => (blob === null ? `0 ${NOTHING}\t${path}\0` : `${mode ?? '100644'} ${blob}\t${path}\0`))
    await git(this.folder, ['update-index', '-z', '--index-info'], { env, input: lines.join('') })
    const tree = (await git(this.folder, ['write-tree'], { env })).toString().trim()
    await rm(env.GIT_INDEX_FILE, { force: true })
    return tree
  }

  async writeCommit(tree: string, parents: readonly string[], message: string, author: Signature, committer: Signature = author): Promise<string> {
    const env = {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: author.date,
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
      GIT_COMMITTER_DATE: committer.date,
    }
    const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])]
    return (await git(this.folder, args, { env, input: message })).toString().trim()
  }

  commit(sha: string): Promise<Commit> {
    return this.once(`commit ${sha}`, () => this.#readCommit(sha))
  }

  async #readCommit(sha: string): Promise<Commit> {
    const format = ['%H', '%T', '%P', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B'].join('%x00')
    const [id = '', tree = '', parents = '', an = '', ae = '', ad = '', cn = '', ce = '', cd = '', message = ''] = (
      await this.text('show', '-s', `--format=${format}`, sha)
    ).split('\0')
    return {
      sha: id,
      tree,
      parents: parents.split(' ').filter((parent) => parent !== ''),
      message: message.trimEnd(),
      author: { name: an, email: ae, date: inUtc(ad) },
      committer: { name: cn, email: ce, date: inUtc(cd) },
    }
  }
}

function inUtc(date: string): string {
  return new Date(date).toISOString().replace('.000Z', 'Z')
}
