import {
  type FailedCheck,
  type HostActor,
  type HostedCheck,
  type HostedPull,
  type HostedRepository,
  type HostIssue,
  type HostPermission,
  ObjectId,
  type OurCheck,
  type Reaction,
  RepositoryName,
  type ReviewPoint,
} from '@fixpoint/core'
import { z } from 'zod'
import { commitChecks } from './commit-checks.ts'
import { failedChecks } from './failed-checks.ts'
import { type GitHubApi, type Rest, TWICE_IS_ONCE } from './github-api.ts'
import type { GitHubApp, Ourselves } from './github-app.ts'
import { ensureLabel, setStateLabel } from './labels.ts'
import { deleteOwnBranch } from './own-branch.ts'
import { ensureOwnCheck } from './own-check.ts'
import { OwnComments } from './own-comments.ts'
import { Issue, Pull, Repository, ReviewComment, type User } from './replies.ts'
import { type At, atOf } from './repository-place.ts'

const Permission = z.object({ permission: z.string(), role_name: z.string().optional() })
const File = z.object({ type: z.literal('file'), encoding: z.string(), content: z.string() })
const READY = 'mutation ready($input: MarkPullRequestReadyForReviewInput!) { markPullRequestReadyForReview(input: $input) { pullRequest { isDraft } } }'

/** One repository on GitHub: what people are met with in it. */
export class GitHubRepository implements HostedRepository {
  readonly name: RepositoryName
  /** For what is published there (`GitHubCodeHost`). */
  readonly app: GitHubApp
  readonly self: Ourselves
  readonly at: At
  readonly reading: GitHubApi
  readonly writing: GitHubApi
  readonly #comments: OwnComments

  constructor(app: GitHubApp, self: Ourselves, name: RepositoryName) {
    this.name = name
    this.app = app
    this.self = self
    this.at = atOf(name)
    this.reading = app.on(name, 'read')
    this.writing = app.on(name, 'write')
    this.#comments = new OwnComments(this.writing, this.at, self.id)
  }

  async permissionOf(login: string): Promise<HostPermission> {
    const found = await this.#inside(Permission, (rest) => rest.repos.getCollaboratorPermissionLevel({ ...this.at, username: login }))
    if (found?.permission === 'read' && found.role_name === 'triage') return 'triage'
    if (found?.permission === 'admin' || found?.permission === 'write' || found?.permission === 'read') return found.permission
    return 'none'
  }

  async about() {
    const { full_name, default_branch, archived, private: isPrivate, html_url } = await this.reading.ask(Repository, (rest) => rest.repos.get({ ...this.at }))
    return { name: RepositoryName.parse(full_name), defaultBranch: default_branch, archived, isPrivate, url: html_url }
  }

  async issue(number: number): Promise<HostIssue | undefined> {
    const found = await this.#inside(Issue, (rest) => rest.issues.get({ ...this.at, issue_number: number }))
    if (found === undefined) return undefined
    const { title, body, state, labels, user, html_url } = found
    const author = user ? actorOf(user) : undefined
    return { number: found.number, title, body: body ?? '', open: state === 'open', labels, ...(author && { author }), url: html_url }
  }

  async pull(number: number): Promise<HostedPull | undefined> {
    const found = await this.#inside(Pull, (rest) => rest.pulls.get({ ...this.at, pull_number: number }))
    if (found === undefined) return undefined
    const { state, draft, merged_at, merged_by, merge_commit_sha, head, html_url: url } = found
    const isMerged = Boolean(merged_at)
    return {
      number: found.number,
      state: isMerged ? 'merged' : state === 'open' ? 'open' : 'closed',
      draft: draft ?? false,
      branch: head.ref,
      head: head.sha,
      // Of one that is open it is GitHub's own trial merge.
      merged: isMerged ? ObjectId.safeParse(merge_commit_sha).data : undefined,
      mergedBy: merged_by ? actorOf(merged_by) : undefined,
      url,
    }
  }

  async reviewPoints(pull: number, review: number): Promise<readonly ReviewPoint[]> {
    const points: ReviewPoint[] = []
    const at = { ...this.at, pull_number: pull, review_id: review, per_page: 100 }
    for await (const { id, path, line, original_line, body } of this.reading.each(z.array(ReviewComment), (rest, page) =>
      rest.pulls.listCommentsForReview({ ...at, page }),
    )) {
      points.push({ id, path: path ?? undefined, line: line ?? original_line ?? undefined, body })
    }
    return points
  }

  failedChecks(commit: ObjectId): Promise<readonly FailedCheck[]> {
    return failedChecks(this.reading, this.app.endsOn(this.name, 'read'), this.at, commit)
  }

  checks(commit: ObjectId): Promise<readonly HostedCheck[]> {
    return commitChecks(this.reading, this.at, commit)
  }

  async react(to: { readonly issue: number } | { readonly comment: number } | { readonly point: number }, content: Reaction): Promise<void> {
    // The same reaction twice is one: GitHub sees to it.
    const how = { ...this.at, content, request: TWICE_IS_ONCE }
    const signs = this.app.signsOn(this.name)
    await signs.unless([404], () =>
      signs.tell((rest) => {
        if ('issue' in to) return rest.reactions.createForIssue({ ...how, issue_number: to.issue })
        if ('comment' in to) return rest.reactions.createForIssueComment({ ...how, comment_id: to.comment })
        return rest.reactions.createForPullRequestReviewComment({ ...how, comment_id: to.point })
      }),
    )
  }

  ensureComment(issue: number, key: string, body: string): Promise<{ readonly url: string }> {
    return this.#comments.ensure(issue, key, body)
  }

  /** A person's token may not have checks: then there is the comment alone. */
  async ensureCheck(check: OurCheck): Promise<void> {
    if (this.app.credentials.kind === 'app') await ensureOwnCheck(this.writing, this.at, this.self.slug, check)
  }

  answerPoint(pull: number, point: number, key: string, body: string): Promise<void> {
    return this.#comments.answer(pull, point, key, body)
  }

  async markReady(pull: number): Promise<void> {
    const { node_id, draft } = await this.writing.ask(Pull, (rest) => rest.pulls.get({ ...this.at, pull_number: pull }))
    if (draft === true) await this.writing.mutate(READY, { pullRequestId: node_id })
  }

  ensureLabel(name: string): Promise<void> {
    return ensureLabel(this.writing, this.at, name)
  }

  setState(issue: number, label: string | undefined): Promise<void> {
    return setStateLabel(this.writing, this.at, issue, label)
  }

  deleteBranch(branch: string, tip: ObjectId): Promise<void> {
    return deleteOwnBranch(this.writing, this.at, branch, tip)
  }

  lineUrl({ commit, path, lines: [from, to] }: Parameters<HostedRepository['lineUrl']>[0]): string {
    return `${this.app.addresses.web}/${this.name}/blob/${commit}/${path.split('/').map(asPathPart).join('/')}#L${from}${to > from ? `-L${to}` : ''}`
  }

  async text(path: string): Promise<string | undefined> {
    const found = await this.#inside(z.unknown(), (rest) => rest.repos.getContent({ ...this.at, path }))
    const { data: file } = File.safeParse(found)
    // A folder, a link, or larger than settings ever are.
    if (file === undefined || file.encoding !== 'base64') return undefined
    return Buffer.from(file.content, 'base64').toString()
  }

  /** Something inside of the repository; when it is not found, the repository is asked for, which fails when it is the one that is gone. */
  async #inside<T>(schema: z.ZodType<T>, call: (rest: Rest) => ReturnType<Parameters<GitHubApi['find']>[1]>): Promise<T | undefined> {
    const found = await this.reading.find(schema, call)
    if (found === undefined) await this.about()
    return found
  }
}

function actorOf({ login, id, type }: z.infer<typeof User>): HostActor {
  return { login, id, bot: type === 'Bot' }
}

/** Also what Markdown, where the address stands, would make something of. */
function asPathPart(part: string): string {
  return encodeURIComponent(part).replace(/[!'()*~]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}
