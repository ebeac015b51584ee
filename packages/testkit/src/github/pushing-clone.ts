import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FileEdit, HostFailure, type ObjectId } from '@fixpoint/core'
import { BareRepository } from './bare-repository.ts'
import { GitRefusal, git } from './git.ts'
import type { Repository } from './records.ts'

interface NewCommit {
  readonly base: ObjectId
  readonly edits: readonly FileEdit[]
  readonly message: string
  readonly by: { readonly name: string; readonly email: string }
}

/** A repository of ours beside the one on the double: commits by plumbing, and pushes over HTTP with what it is given. For tests of hosts without a mirror. */
export class PushingClone implements AsyncDisposable {
  readonly #git: BareRepository
  readonly #from: Repository
  readonly #url: string
  /** Pushes that were tried. */
  readonly pushes: { readonly branch: string; readonly commit: ObjectId; readonly expected: string }[] = []

  private constructor(bare: BareRepository, from: Repository, url: string) {
    this.#git = bare
    this.#from = from
    this.#url = url
  }

  static async of(from: Repository, url: string): Promise<PushingClone> {
    const clone = new PushingClone(await BareRepository.create(await mkdtemp(join(tmpdir(), 'pushing-clone-')), 'main'), from, url)
    await clone.fetch()
    return clone
  }

  async fetch(): Promise<void> {
    await this.#git.text('fetch', '--quiet', this.#from.git.folder, '+refs/*:refs/fetched/*')
  }

  async tip(branch = 'main'): Promise<ObjectId> {
    const tip = await this.#git.resolve(`refs/fetched/heads/${branch}`)
    if (tip === undefined) throw new Error(`there is no ${branch}`)
    return tip
  }

  async commit({ base, edits, message, by }: NewCommit): Promise<ObjectId> {
    const modes = await this.modesOf(
      base,
      edits.map(({ path }) => path),
    )
    const changes = await Promise.all(
      edits.map(async ({ path, content }) => ({
        path,
        blob: content === null ? null : await this.#git.writeBlob(content),
        mode: modes.get(path) ?? '100644',
      })),
    )
    return this.#git.writeCommit(await this.#git.writeTree(base, changes), [base], message, { ...by, date: '2026-01-02T03:04:05Z' })
  }

  treeOf(commit: ObjectId): Promise<ObjectId> {
    return this.#git.text('rev-parse', `${commit}^{tree}`)
  }

  async modesOf(commit: ObjectId, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const lines = (await this.#git.text('ls-tree', '-r', '-z', commit, '--', ...paths)).split('\0').filter((line) => line !== '')
    return new Map(lines.map((line) => [line.slice(line.indexOf('\t') + 1), line.slice(0, 6)]))
  }

  async push(
    branch: string,
    commit: ObjectId,
    { expected, credential }: { readonly expected: string; readonly credential: { readonly username: string; readonly password: string } },
  ): Promise<void> {
    this.pushes.push({ branch, commit, expected })
    const basic = Buffer.from(`${credential.username}:${credential.password}`).toString('base64')
    const env = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'http.extraHeader', GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}` }
    const ref = `refs/heads/${branch}`
    const lease = `--force-with-lease=${ref}:${expected === 'absent' ? '' : expected}`
    try {
      await git(this.#git.folder, ['push', '--quiet', lease, this.#url, `${commit}:${ref}`], { env })
    } catch (error) {
      if (error instanceof GitRefusal) throw new HostFailure('host-refused', error.message, 'Look at the branch.')
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#git.folder, { recursive: true, force: true })
  }
}
