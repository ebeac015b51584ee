import { NO_COMMIT } from './bare-repository.ts'
import { announceRun, pressButton } from './deeds/checks.ts'
import { acceptPermissions, changeRepositories, setSuspended, uninstall } from './deeds/installations.ts'
import {
  addComment,
  addLabels,
  type Doer,
  deleteComment,
  editComment,
  editIssue,
  type NewIssue,
  openIssue,
  removeLabel,
  setIssueState,
  setLock,
} from './deeds/issues.ts'
import { type MergeMethod, mergePull, type NewPull, openPull, setDraft } from './deeds/pulls.ts'
import { movedRef } from './deeds/refs.ts'
import { deleteRepository, renameRepository, setArchived, setPrivate } from './deeds/repositories.ts'
import { type NewReview, replyInThread, submitReview } from './deeds/reviews.ts'
import type { Account, CheckRun, Comment, Installation, Issue, Repository, Review, ReviewComment, Role } from './records.ts'
import { emailOf } from './shapes/commit.ts'
import { isPull, type PullIssue } from './shapes/pull.ts'
import type { World } from './world.ts'

/** Which issue or pull request, by name: what tests hand around. */
export interface IssueRef {
  readonly repository: Repository
  readonly number: number
}

export interface PushWish {
  /** The default branch when not told. */
  readonly branch?: string
  readonly message?: string
  /** null takes the file away. */
  readonly files: Readonly<Record<string, string | null>>
}

/**
 * Somebody who uses GitHub's pages: a person, a bot, a foreign app. The double does not ask whether they may: a test that lets a stranger put
 * a label on says that on this day a stranger could.
 */
export class Person {
  readonly account: Account
  readonly #world: World

  constructor(world: World, account: Account) {
    this.#world = world
    this.account = account
  }

  get #doer(): Doer {
    return { account: this.account, app: this.#world.apps.find(({ bot }) => bot.id === this.account.id) ?? null }
  }

  async opensIssue(repository: Repository, wanted: NewIssue): Promise<IssueRef> {
    return { repository, number: (await openIssue(this.#world, repository, wanted, this.#doer)).number }
  }

  edits(at: IssueRef, to: { title?: string; body?: string | null }): Promise<void> {
    return editIssue(this.#world, at.repository, issueAt(at), to, this.#doer)
  }

  labels(at: IssueRef, ...names: readonly string[]): Promise<void> {
    return addLabels(this.#world, at.repository, issueAt(at), names, this.#doer)
  }

  unlabels(at: IssueRef, name: string): Promise<void> {
    return removeLabel(this.#world, at.repository, issueAt(at), name, this.#doer)
  }

  comments(at: IssueRef, body: string): Promise<Comment> {
    return addComment(this.#world, at.repository, issueAt(at), body, this.#doer)
  }

  editsComment(at: IssueRef, comment: Comment, body: string): void {
    editComment(this.#world, at.repository, issueAt(at), comment, body, this.#doer)
  }

  deletesComment(at: IssueRef, comment: Comment): void {
    deleteComment(this.#world, at.repository, issueAt(at), comment, this.#doer)
  }

  closes(at: IssueRef, reason: 'completed' | 'not_planned' = 'completed'): Promise<void> {
    return setIssueState(this.#world, at.repository, issueAt(at), 'closed', this.#doer, reason)
  }

  reopens(at: IssueRef): Promise<void> {
    return setIssueState(this.#world, at.repository, issueAt(at), 'open', this.#doer)
  }

  locks(at: IssueRef): Promise<void> {
    return setLock(this.#world, at.repository, issueAt(at), true, null, this.#doer)
  }

  async opensPull(repository: Repository, wanted: NewPull): Promise<IssueRef> {
    return { repository, number: (await openPull(this.#world, repository, wanted, this.#doer)).number }
  }

  reviews(at: IssueRef, wanted: NewReview): Promise<Review> {
    return submitReview(this.#world, at.repository, pullAt(at), wanted, this.#doer)
  }

  approves(at: IssueRef, body = ''): Promise<Review> {
    return this.reviews(at, { event: 'APPROVE', body })
  }

  requestsChanges(at: IssueRef, body: string, comments: NewReview['comments'] = []): Promise<Review> {
    return this.reviews(at, { event: 'REQUEST_CHANGES', body, comments })
  }

  answersThread(at: IssueRef, to: ReviewComment, body: string): Promise<ReviewComment> {
    return replyInThread(this.#world, at.repository, pullAt(at), to, body, this.#doer)
  }

  marksReady(at: IssueRef): Promise<void> {
    return setDraft(this.#world, at.repository, pullAt(at), false, this.#doer)
  }

  /** A draft is marked ready first, as the page asks for. */
  async merges(at: IssueRef, method: MergeMethod = 'merge'): Promise<string> {
    await this.marksReady(at)
    return mergePull(this.#world, at.repository, pullAt(at), method, this.#doer)
  }

  /** One commit on a branch, which is made from the default branch when it is not there. Gives the commit's id. */
  async pushes(repository: Repository, { branch = repository.defaultBranch, message = 'A change', files }: PushWish): Promise<string> {
    const { git } = repository
    const before = await git.tip(branch)
    const parent = before ?? (await git.tip(repository.defaultBranch))
    const changes = await Promise.all(Object.entries(files).map(async ([path, text]) => ({ path, blob: text === null ? null : await git.writeBlob(text) })))
    const tree = await git.writeTree(parent, changes)
    const author = { name: this.account.login, email: emailOf(this.account), date: this.#world.now() }
    const sha = await git.writeCommit(tree, parent === undefined ? [] : [parent], message, author)
    await git.moveRef(`refs/heads/${branch}`, sha, before)
    await movedRef(this.#world, repository, `refs/heads/${branch}`, before ?? NO_COMMIT, sha, this.#doer)
    return sha
  }

  async deletesBranch(repository: Repository, branch: string): Promise<void> {
    const before = await repository.git.tip(branch)
    if (before === undefined) throw new Error(`there is no branch ${branch}`)
    await repository.git.moveRef(`refs/heads/${branch}`, null, before)
    await movedRef(this.#world, repository, `refs/heads/${branch}`, before, NO_COMMIT, this.#doer)
  }

  presses(repository: Repository, run: CheckRun, identifier: string): void {
    pressButton(this.#world, repository, run, identifier, this.#doer)
  }

  rerequests(repository: Repository, run: CheckRun): void {
    announceRun(this.#world, repository, run, 'rerequested', this.#doer)
  }

  protects(repository: Repository, branch = repository.defaultBranch): void {
    repository.protectedBranches.add(branch)
  }

  unprotects(repository: Repository, branch = repository.defaultBranch): void {
    repository.protectedBranches.delete(branch)
  }

  renames(repository: Repository, name: string): void {
    renameRepository(this.#world, repository, name, this.#doer)
  }

  archives(repository: Repository): void {
    setArchived(this.#world, repository, true, this.#doer)
  }

  unarchives(repository: Repository): void {
    setArchived(this.#world, repository, false, this.#doer)
  }

  makesPrivate(repository: Repository): void {
    setPrivate(this.#world, repository, true, this.#doer)
  }

  makesPublic(repository: Repository): void {
    setPrivate(this.#world, repository, false, this.#doer)
  }

  deletes(repository: Repository): void {
    deleteRepository(this.#world, repository, this.#doer)
  }

  /** null takes the person off. */
  gives(repository: Repository, login: string, role: Role | null): void {
    this.#world.account(login)
    if (role === null) repository.collaborators.delete(login.toLowerCase())
    else repository.collaborators.set(login.toLowerCase(), role)
  }

  suspends(installation: Installation): void {
    setSuspended(this.#world, installation, true, this.account)
  }

  unsuspends(installation: Installation): void {
    setSuspended(this.#world, installation, false, this.account)
  }

  uninstalls(installation: Installation): void {
    uninstall(this.#world, installation, this.account)
  }

  acceptsPermissions(installation: Installation): void {
    acceptPermissions(this.#world, installation, this.account)
  }

  adds(installation: Installation, repository: Repository): void {
    changeRepositories(this.#world, installation, repository, true, this.account)
  }

  removes(installation: Installation, repository: Repository): void {
    changeRepositories(this.#world, installation, repository, false, this.account)
  }
}

export function issueAt({ repository, number }: IssueRef): Issue {
  const issue = repository.issues.get(number)
  if (issue === undefined) throw new Error(`${repository.name} has no issue ${number}`)
  return issue
}

export function pullAt(at: IssueRef): PullIssue {
  const issue = issueAt(at)
  if (!isPull(issue)) throw new Error(`${at.repository.name}#${at.number} is no pull request`)
  return issue
}
