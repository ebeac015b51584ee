import { type HostEvent, RepositoryName, RunId } from '@fixpoint/core'
import { header } from '../alerts/proof.ts'
import { safeJson } from '../alerts/safe-json.ts'
import type { Headers } from '../alerts/source.ts'
import { commandIn, type OurNames } from './commands.ts'
import { GithubPayload, issueOf } from './github-payload.ts'

export type HostNews =
  | { readonly events: readonly HostEvent[] }
  /** Why nothing follows from it, for the owner. */
  | { readonly ignored: string }
  | { readonly malformed: string }

export interface Ourselves extends OurNames {
  /** What all branches of ours begin with. */
  readonly branches?: string
}

/** Somebody corrects a typing error in a command at once, or edits a text that was acted on long ago. */
const EDIT_MS = 60_000

/** One delivery of GitHub in our words. Never throws, whatever the bytes: what is not there or of another type is not seen. */
export function githubEvents(headers: Headers, body: Uint8Array, us: Ourselves): HostNews {
  const json = safeJson(body)
  if ('malformed' in json) return json
  const payload = GithubPayload.safeParse(json.value)
  const event = header(headers, 'x-github-event')
  if (!payload.success || event === undefined)
    return { malformed: event === undefined ? 'The header X-GitHub-Event is missing.' : 'The body is no JSON object.' }
  const news = Object.hasOwn(READERS, event) ? READERS[event]?.(payload.data, { branches: 'fixpoint/', ...us }) : undefined
  return news ?? { ignored: `nothing follows from ${about(event, payload.data)}` }
}

type Us = Ourselves & { readonly branches: string }
/** Undefined: nothing of this kind concerns us. */
type Reader = (payload: GithubPayload, us: Us) => HostNews | undefined

const READERS: Readonly<Record<string, Reader>> = {
  ping: () => ({ ignored: 'GitHub asks whether we are there' }),
  issues,
  issue_comment: issueComment,
  pull_request: pullRequest,
  pull_request_review: review,
  pull_request_review_comment: reviewComment,
  check_run: checkRun,
  check_suite: checkSuite,
  installation,
  installation_repositories: installation,
  repository,
}

function issues(payload: GithubPayload): HostNews | undefined {
  const { action, label } = payload
  if (action !== 'labeled' && action !== 'unlabeled' && action !== 'closed') return undefined
  const at = placeOf(payload)
  const issue = issueOf(payload.issue)
  if (!at || !issue) return incomplete('an issue')
  if (action === 'closed') return { events: [{ kind: 'issue-closed', ...at, issue }] }
  if (label?.name === undefined) return incomplete('a label')
  return { events: [{ kind: action === 'labeled' ? 'labelled' : 'unlabelled', ...at, issue, label: label.name }] }
}

function issueComment(payload: GithubPayload, us: Us): HostNews | undefined {
  if (payload.action !== 'created' && payload.action !== 'edited') return undefined
  return commanded(payload, us, { issue: issueOf(payload.issue), pull: payload.issue?.pull_request != null, point: false })
}

/** A point that speaks to nobody in particular comes with its review. */
function reviewComment(payload: GithubPayload, us: Us): HostNews | undefined {
  if (payload.action !== 'created') return undefined
  return commanded(payload, us, { issue: issueOf(payload.pullThread), pull: true, point: true })
}

function commanded(payload: GithubPayload, us: Us, thread: { issue: ReturnType<typeof issueOf>; pull: boolean; point: boolean }): HostNews {
  const { comment, changes } = payload
  const { issue, pull, point } = thread
  const at = placeOf(payload)
  if (!at || !issue || comment?.id === undefined) return incomplete('a comment')
  const command = commandIn(comment.body ?? '', us)
  if (!command) return { ignored: 'the comment does not speak to us' }
  if (payload.action === 'edited') {
    const ms = Date.parse(comment.updated_at ?? '') - Date.parse(comment.created_at ?? '')
    if (!(ms <= EDIT_MS)) return { ignored: 'the comment was edited more than a minute after it was written: write a new one' }
    if (comment.user?.id !== at.by.id) return { ignored: 'the comment was edited by somebody else than who wrote it' }
    if (JSON.stringify(commandIn(changes?.body?.from ?? '', us)) === JSON.stringify(command))
      return { ignored: 'the comment said the same before it was edited' }
  }
  return { events: [{ kind: 'commanded', ...at, issue, pull, comment: comment.id, point, command }] }
}

function review(payload: GithubPayload, us: Us): HostNews | undefined {
  if (payload.action !== 'submitted') return undefined
  const { pull } = payload
  const at = placeOf(payload)
  const state = REVIEWS[payload.review?.state?.toLowerCase() ?? '']
  const { id, commit_id: commit, body = '' } = payload.review ?? {}
  if (!at || !state || !pull?.number || id === undefined || commit === undefined) return incomplete('a review')
  const command = commandIn(body, us)
  return { events: [{ kind: 'reviewed', ...at, pull: pull.number, review: id, state, body, ...(command && { command }), commit }] }
}

const REVIEWS: Readonly<Record<string, 'approved' | 'changes-requested' | 'commented' | undefined>> = {
  approved: 'approved',
  changes_requested: 'changes-requested',
  commented: 'commented',
}

function pullRequest(payload: GithubPayload, { branches }: Us): HostNews | undefined {
  const { action, pull } = payload
  if (action !== 'closed') return undefined
  const at = placeOf(payload)
  if (!at || !pull?.number || !pull.head?.sha || !pull.head.ref) return incomplete('a pull request')
  const { ref: branch, sha: head, repo } = pull.head
  const isOurs = branch.startsWith(branches) && repo?.id !== undefined && repo.id === payload.repository?.id
  if (!isOurs) return { ignored: 'the pull request is not ours' }
  const merged = pull.merged === true ? (pull.merge_commit_sha ?? head) : undefined
  return { events: [{ kind: 'pull-closed', ...at, pull: pull.number, head, branch, ...(merged && { merged }) }] }
}

/** A button of ours, or GitHub's own "Re-run" beside them. */
function checkRun(payload: GithubPayload, { slug }: Us): HostNews | undefined {
  if (payload.action !== 'requested_action' && payload.action !== 'rerequested') return undefined
  const at = placeOf(payload)
  const action = payload.action === 'rerequested' ? 'retry' : payload.requested_action?.identifier
  const run = RunId.safeParse(payload.check_run?.external_id)
  if (!isOwnApp(payload.check_run?.app?.slug, slug) || !run.success) return { ignored: 'the check is not ours' }
  if (!at || action === undefined) return incomplete('a button')
  return { events: [{ kind: 'button-pressed', ...at, action, run: run.data }] }
}

/** Suites, and not workflow runs: the permission for checks is there already, and other services than Actions have suites too. */
function checkSuite(payload: GithubPayload, { slug, branches }: Us): HostNews | undefined {
  if (payload.action !== 'completed') return undefined
  const { head_branch, head_sha: commit, conclusion, app, pull_requests } = payload.check_suite ?? {}
  const at = placeOf(payload)
  if (!at || commit === undefined) return incomplete('a suite of checks')
  if (isOwnApp(app?.slug, slug)) return { ignored: 'the checks are our own' }
  if (head_branch?.startsWith(branches) !== true) return { ignored: 'the checks are of a branch that is not ours' }
  if (conclusion !== 'failure' && conclusion !== 'timed_out') return { ignored: `the checks of a branch of ours ended with ${conclusion ?? 'nothing'}` }
  const own = (pull_requests ?? []).filter(({ head }) => head?.repo?.id === payload.repository?.id)
  const pulls = own.flatMap(({ number }) => number ?? [])
  if (pulls.length === 0) return { ignored: 'the checks are of no pull request' }
  return { events: [{ kind: 'checks-failed', ...at, commit, pulls }] }
}

/** Of the installation as a whole, or of some of its repositories. */
function installation(payload: GithubPayload): HostNews | undefined {
  const { action, sender: by } = payload
  const came = action === 'created' ? payload.repositories : action === 'added' ? payload.repositories_added : undefined
  const went = action === 'deleted' ? payload.repositories : action === 'removed' ? payload.repositories_removed : undefined
  if (!came && !went) return undefined
  if (!by) return incomplete('an installation')
  const events: HostEvent[] = [
    ...namesOf(came).map((repository) => ({ kind: 'installed' as const, repository, by })),
    ...namesOf(went).map((repository) => ({ kind: 'repository-gone' as const, repository, by, why: 'removed' as const })),
  ]
  return events.length === 0 ? { ignored: 'the installation names no repository' } : { events }
}

function repository(payload: GithubPayload): HostNews | undefined {
  const { action, changes } = payload
  const at = placeOf(payload)
  if (!at) return incomplete('a repository')
  const [owner, name] = at.repository.split('/')
  switch (action) {
    case 'deleted':
    case 'archived':
      return { events: [{ kind: 'repository-gone', ...at, why: action }] }
    case 'renamed': {
      const from = RepositoryName.safeParse(`${owner}/${changes?.repository?.name?.from}`)
      return from.success ? { events: [{ kind: 'repository-renamed', ...at, from: from.data }] } : incomplete('a new name')
    }
    case 'transferred': {
      const giver = changes?.owner?.from?.organization?.login ?? changes?.owner?.from?.user?.login
      const from = RepositoryName.safeParse(`${giver}/${name}`)
      return from.success ? { events: [{ kind: 'repository-gone', ...at, repository: from.data, why: 'transferred' }] } : incomplete('a new owner')
    }
    case 'privatized':
      return { ignored: 'the repository is private now: the app still may work on it' }
    default:
      return undefined
  }
}

function placeOf({ repository: at, sender: by }: GithubPayload) {
  return at?.full_name !== undefined && by !== undefined ? { repository: at.full_name, by } : undefined
}

function namesOf(repositories: GithubPayload['repositories']): RepositoryName[] {
  return (repositories ?? []).flatMap(({ full_name }) => full_name ?? [])
}

function isOwnApp(slug: string | undefined, ours: string): boolean {
  return slug?.toLowerCase() === ours.toLowerCase()
}

function incomplete(what: string): HostNews {
  return { malformed: `It tells of ${what} and leaves out what every one has.` }
}

/** Words of ours only: event and action are names of GitHub's, or nothing. */
function about(event: string, { action }: GithubPayload): string {
  const name = [event, action].filter((word) => word !== undefined).join('.')
  return /^[a-z_.]{1,80}$/.test(name) ? `\`${name}\`` : 'an event that we do not know'
}
