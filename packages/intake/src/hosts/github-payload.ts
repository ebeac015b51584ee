import { HostActor, type HostIssue, ObjectId, RepositoryName } from '@fixpoint/core'
import { z } from 'zod'
import { count, list, part, truth, words } from '../alerts/pick.ts'

/** GitHub's own limit is 65,536 characters; some Enterprise servers have a higher one. */
const MAXIMUM_BODY = 256 * 1024
const MAXIMUM_TITLE = 1000
const MAXIMUM_REPOSITORIES = 2000

const Text = words(MAXIMUM_BODY)
const Name = z.unknown().transform((value) => RepositoryName.safeParse(value).data)
const Commit = z.unknown().transform((value) => ObjectId.safeParse(value).data)
const Login = part({ login: words(100) })

const Account = z
  .object({ login: z.string(), id: z.number(), type: z.unknown() })
  .transform(({ login, id, type }) => HostActor.safeParse({ login, id, bot: type === 'Bot' || login.endsWith('[bot]') }).data)
  .optional()
  .catch(undefined)
const Repository = part({ full_name: Name, id: count(), name: words(100) })
const Repositories = list(Repository, MAXIMUM_REPOSITORIES)

/** An issue, or a pull request as one: they share numbers, titles and bodies. */
const Thread = part({
  number: count(),
  title: words(MAXIMUM_TITLE),
  body: Text,
  state: words(20),
  labels: list(part({ name: words(200) }), 100),
  user: Account,
  html_url: words(2000),
  pull_request: z.unknown(),
})
const Comment = part({
  id: count(),
  body: Text,
  user: Account,
  created_at: words(40),
  updated_at: words(40),
  pull_request_review_id: count(),
})
const Pull = part({
  number: count(),
  merged: truth(),
  merge_commit_sha: Commit,
  head: part({ ref: words(300), sha: Commit, repo: Repository }),
  base: part({ repo: Repository }),
})
const App = part({ slug: words(100) })

/** What is picked of a delivery, of whatever event. */
export const GithubPayload = z
  .object({
    action: words(60),
    sender: Account,
    repository: Repository,
    issue: Thread,
    label: part({ name: words(200) }),
    comment: Comment,
    pull_request: z.unknown(),
    review: part({ id: count(), state: words(40), body: Text, user: Account, commit_id: Commit }),
    check_run: part({ external_id: words(100), app: App }),
    requested_action: part({ identifier: words(40) }),
    check_suite: part({
      head_branch: words(300),
      head_sha: Commit,
      conclusion: words(40),
      app: App,
      pull_requests: list(part({ number: count(), head: part({ repo: part({ id: count() }) }) }), 20),
    }),
    repositories: Repositories,
    repositories_added: Repositories,
    repositories_removed: Repositories,
    changes: part({
      body: part({ from: Text }),
      repository: part({ name: part({ from: words(100) }) }),
      owner: part({ from: part({ user: Login, organization: Login }) }),
    }),
  })
  .partial()
  .transform(({ pull_request, ...picked }) => ({ ...picked, pull: Pull.parse(pull_request), pullThread: Thread.parse(pull_request) }))
export type GithubPayload = z.output<typeof GithubPayload>

/** Undefined when something is missing that every issue has. */
export function issueOf(thread: z.output<typeof Thread>): HostIssue | undefined {
  if (thread?.number === undefined || thread.number < 1) return undefined
  return {
    number: thread.number,
    title: thread.title ?? '',
    body: thread.body ?? '',
    open: thread.state !== 'closed',
    labels: (thread.labels ?? []).flatMap(({ name }) => name ?? []),
    ...(thread.user && { author: thread.user }),
    url: thread.html_url ?? '',
  }
}
