import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CommitIdentity, type CommitRequest, IllegalEvent, isRepoPath, ObjectId, type Repository } from '@fixpoint/core'
import { writeBranch } from './branches.ts'
import { findGitFolder, type GitFolder, mirrorFolder, unreadable } from './git-folder.ts'
import { type GitSnapshot, readSnapshot, type SnapshotLimits } from './git-snapshot.ts'
import { LooseObjects } from './loose-objects.ts'
import { SEARCH_PATH } from './own-git.ts'
import { PrivateGit } from './private-git.ts'
import { type Refs, readRefs } from './refs.ts'
import { changeTree, formatTree, parseTree, type TreeChange, type TreeStore } from './trees.ts'
import { type WorkTreeChange, workTreeChanges } from './work-tree.ts'

export interface GitRepositoryOptions {
  /**
   * Where our own git directory lies; it keeps the commits that are not published yet, so give a folder that survives a crash
   * of the run. Without it, a temporary one that is removed on disposal.
   */
  readonly gitDirectory?: string
  /** The search path on which `git` is found. */
  readonly path?: string
  readonly limits?: Partial<SnapshotLimits>
}

const OURSELVES: CommitIdentity = { name: 'fixpoint', email: 'fixpoint@localhost' }
const LIMITS: SnapshotLimits = { bytes: 512 * 1024 * 1024, files: 200_000 }

/**
 * Somebody's repository, read through a git directory of our own (see `PrivateGit`). New objects are written there by
 * us; `publishBranch` alone writes to the repository: the objects that it lacks, and one branch below `fixpoint/`.
 */
export class GitRepository implements Repository, AsyncDisposable {
  /** The top of the work tree; of a mirror, its own folder. */
  readonly workTree: string
  readonly #folder: GitFolder
  readonly #git: PrivateGit
  readonly #objects: LooseObjects
  readonly #limits: SnapshotLimits
  readonly #temporary: string | undefined

  private constructor(folder: GitFolder, git: PrivateGit, limits: SnapshotLimits, temporary: string | undefined) {
    this.workTree = folder.workTree
    this.#folder = folder
    this.#git = git
    this.#objects = new LooseObjects(git.objects, folder.objectFormat)
    this.#limits = limits
    this.#temporary = temporary
  }

  /** Throws `Failure('repository-unreadable')` for a folder that is in no repository. */
  static async open(folder: string, options: GitRepositoryOptions = {}): Promise<GitRepository> {
    return GitRepository.#at(await findGitFolder(folder), options)
  }

  /** A bare repository of ours: see `GitMirror`. It has no work tree, so that nothing is ever changed in it. */
  static async openMirror(folder: string, options: GitRepositoryOptions = {}): Promise<GitRepository> {
    return GitRepository.#at(await mirrorFolder(folder), options)
  }

  static async #at(found: GitFolder, options: GitRepositoryOptions): Promise<GitRepository> {
    const temporary = options.gitDirectory === undefined ? await mkdtemp(join(tmpdir(), 'fixpoint-git-')) : undefined
    const git = await PrivateGit.open(options.gitDirectory ?? temporary ?? '', found, options.path ?? SEARCH_PATH)
    await git.follow(await readRefs(found))
    return new GitRepository(found, git, { ...LIMITS, ...options.limits }, temporary)
  }

  async resolve(revision = 'HEAD'): Promise<ObjectId> {
    const refs = await this.#refresh()
    if (refs.head === undefined && (revision === 'HEAD' || refs.all.size === 0)) {
      throw unreadable('the repository has no commits', 'Commit something first: git add . && git commit.')
    }
    // A revision is a stranger's word: never an option, never a range, never more than one line.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are refused
    if (revision.length > 1000 || /^-|\.\.|[\u0000-\u001f]/.test(revision)) throw badRevision(revision)
    const answer = await this.#git.text(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]).catch(() => '')
    const id = ObjectId.safeParse(answer.trim())
    if (!id.success) throw badRevision(revision)
    return id.data
  }

  async changedPaths(): Promise<readonly string[]> {
    const changes = await this.#changes(await this.resolve())
    return changes.map((change) => change.path)
  }

  async snapshot(commit: ObjectId): Promise<GitSnapshot> {
    return readSnapshot(this.#git, commit, (await this.#commit(commit)).tree, this.#limits)
  }

  async commitWorkTree(): Promise<ObjectId> {
    const head = await this.resolve()
    const changes: TreeChange[] = []
    for (const { path, file } of await this.#changes(head)) {
      if (file !== null) await this.#objects.write('blob', file.bytes)
      changes.push({ path, file: file === null ? null : { id: file.id, mode: file.mode } })
    }
    if (changes.length === 0) return head
    const base = await this.#commit(head)
    // The date of the parent: the same files make the same commit, whenever it is made.
    return this.#writeCommit(base.tree, head, changes, 'Work tree, uncommitted changes included\n', base.seconds)
  }

  async commit(request: CommitRequest): Promise<ObjectId> {
    const changes: TreeChange[] = []
    for (const edit of request.edits) {
      if (!isRepoPath(edit.path)) throw new IllegalEvent(`${JSON.stringify(edit.path)} is not a path inside the repository`)
      const file = edit.content === null ? null : { id: await this.#objects.write('blob', new TextEncoder().encode(edit.content)) }
      changes.push({ path: edit.path, file })
    }
    const { tree } = await this.#commit(request.base)
    return this.#writeCommit(tree, request.base, changes, request.message, Math.floor(request.at.getTime() / 1000), request.by)
  }

  /** Whether a change is part of what a commit holds: by ancestry, or as a commit of the same effect, when a proposal was squashed or rebased. */
  async contains(commit: ObjectId, change: ObjectId): Promise<boolean> {
    await this.#refresh()
    const [there] = await this.#git.sizesOf([change])
    if (there === undefined) return false
    // What `merge-base --is-ancestor` says by its exit code, said on standard output.
    const missing = await this.#git.text(['rev-list', '--max-count=1', '--end-of-options', change, `^${commit}`])
    if (missing.trim() === '') return true
    const { parent } = await this.#commit(change)
    if (parent === undefined) return false
    const compared = await this.#git.text(['cherry', '--end-of-options', commit, change, parent])
    return compared.trim() === `- ${change}`
  }

  /** Whether a tag contains a commit. */
  async isTagged(commit: ObjectId): Promise<boolean> {
    await this.#refresh()
    const [there] = await this.#git.sizesOf([commit])
    if (there === undefined) return false
    const tags = await this.#git.text(['for-each-ref', '--count=1', '--format=%(refname)', `--contains=${commit}`, 'refs/tags'])
    return tags.trim() !== ''
  }

  /** The commit of `refs/heads/<branch>` in the repository. */
  async branch(branch: string): Promise<ObjectId | undefined> {
    return (await readRefs(this.#folder)).all.get(`refs/heads/${branch}`)
  }

  /**
   * Sets a branch below `fixpoint/` to a commit of ours, and gives the repository the objects it needs. Doing it twice is
   * doing it once. A branch whose tip is not ours is left alone: somebody has worked on it.
   */
  async publishBranch(branch: string, commit: ObjectId): Promise<void> {
    if (this.#folder.bare) throw new IllegalEvent('a mirror keeps no branches of its own: push them')
    const current = await this.branch(branch)
    if (current === commit) return
    await this.#refresh()
    if (current !== undefined && !(await this.#commit(current)).ours) {
      throw unreadable(`the branch ${branch} holds a commit that is not ours`, `Keep it under another name first: git branch -m ${branch} <name>.`)
    }
    await this.#commit(commit)
    await this.#handOver(commit)
    await writeBranch(this.#folder, branch, commit, current)
  }

  async treeOf(commit: ObjectId): Promise<ObjectId> {
    return (await this.#commit(commit)).tree
  }

  /** For `GitHistory`, which reads through the same private directory. */
  get reader(): PrivateGit {
    return this.#git
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#temporary !== undefined) await rm(this.#temporary, { recursive: true, force: true })
  }

  async #refresh(): Promise<Refs> {
    const refs = await readRefs(this.#folder)
    await this.#git.follow(refs)
    return refs
  }

  async #changes(head: ObjectId): Promise<readonly WorkTreeChange[]> {
    return this.#folder.bare ? [] : workTreeChanges(this.#git, this.#folder, (await this.#commit(head)).tree, this.#limits)
  }

  async #commit(commit: ObjectId): Promise<{ tree: ObjectId; parent: ObjectId | undefined; seconds: number; ours: boolean }> {
    const [object] = await this.#git.objectsOf([ObjectId.parse(commit)])
    if (object?.kind !== 'commit') throw unreadable(`commit ${commit} is not in the repository`, 'Fetch it, or name another revision.')
    const text = Buffer.from(object.bytes).toString('latin1')
    const header = text.slice(0, text.indexOf('\n\n') + 1)
    const tree = ObjectId.parse(/^tree ([0-9a-f]+)$/m.exec(header)?.[1])
    const seconds = Number(/^committer .* (\d+) [+-]\d{4}$/m.exec(header)?.[1] ?? 0)
    const parent = ObjectId.safeParse(/^parent ([0-9a-f]+)$/m.exec(header)?.[1]).data
    return { tree, parent, seconds, ours: header.includes(`\ncommitter ${signature(OURSELVES)} `) }
  }

  async #writeCommit(tree: ObjectId, parent: ObjectId, changes: readonly TreeChange[], message: string, seconds: number, by = OURSELVES): Promise<ObjectId> {
    const changed = (await changeTree(this.#trees(), tree, changes)) ?? (await this.#objects.write('tree', new Uint8Array()))
    const who = `${signature(by)} ${seconds} +0000`
    const body = message.replaceAll('\0', '\ufffd').trimEnd()
    return this.#objects.write('commit', new TextEncoder().encode(`tree ${changed}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\n\n${body}\n`))
  }

  #trees(): TreeStore {
    return {
      readTree: async (id) => {
        const [object] = await this.#git.objectsOf([id])
        if (object?.kind !== 'tree') throw unreadable(`tree ${id} is missing`, 'Check the repository: git fsck.')
        return parseTree(object.bytes, id.length / 2)
      },
      writeTree: (lines) => this.#objects.write('tree', formatTree(lines)),
    }
  }

  /** Copies what is ours and reachable, what is pointed to before what points to it. What we do not hold is there already. */
  async #handOver(commit: ObjectId): Promise<void> {
    const theirs = new LooseObjects(join(this.#folder.common, 'objects'), this.#folder.objectFormat)
    const seen = new Set<ObjectId>()
    const copy = async (id: ObjectId): Promise<void> => {
      if (seen.has(id)) return
      seen.add(id)
      const object = await this.#objects.read(id)
      if (object === undefined) return
      for (const child of childrenOf(object.kind, object.bytes, id.length / 2)) await copy(child)
      await theirs.place(id, object.packed)
    }
    await copy(commit)
  }
}

function childrenOf(kind: string, bytes: Uint8Array, idBytes: number): ObjectId[] {
  if (kind === 'tree') return parseTree(bytes, idBytes).map((line) => line.id)
  if (kind !== 'commit') return []
  const text = Buffer.from(bytes).toString('latin1')
  return [...text.slice(0, text.indexOf('\n\n') + 1).matchAll(/^(?:tree|parent) ([0-9a-f]+)$/gm)].flatMap((match) => match[1] ?? [])
}

/** What would end the name, the address or the line early is left out, as git itself does. */
function signature({ name, email }: CommitIdentity): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they would end the line
  const [who, where] = [name, email].map((text) => text.replaceAll(/[<>\u0000-\u001f]/g, '').trim())
  return `${who} <${where}>`
}

function badRevision(revision: string): Error {
  return unreadable(`no commit is called ${JSON.stringify(revision.slice(0, 100))}`, 'Name a branch, a tag or a commit of this repository.')
}
