import { NO_COMMIT } from '../bare-repository.ts'
import { Denial, invalid } from '../denial.ts'
import type { App, CheckAnnotation, CheckRun, CheckSuite, Repository, Status, WorkflowRun } from '../records.ts'
import { checkRunEventShape, checkSuiteShape, statusShape, workflowRunShape, workflowShape } from '../shapes/check.ts'
import { commitShape } from '../shapes/commit.ts'
import type { World } from '../world.ts'
import type { Doer } from './issues.ts'

const MAX_TEXT = 65_535
const MAX_ANNOTATIONS = 50
const MAX_ACTIONS = 3

export interface CheckRunWish {
  readonly name?: string
  readonly details_url?: string
  readonly external_id?: string
  readonly status?: CheckRun['status']
  readonly conclusion?: string
  readonly started_at?: string
  readonly completed_at?: string
  readonly output?: { readonly title?: string; readonly summary?: string; readonly text?: string; readonly annotations?: readonly CheckAnnotation[] }
  readonly actions?: CheckRun['actions']
}

export function suiteOf(world: World, repository: Repository, app: App, headSha: string, headBranch: string | null): CheckSuite {
  const known = repository.checkSuites.find((suite) => suite.app === app && suite.headSha === headSha)
  if (known !== undefined) return known
  const now = world.now()
  const suite = { id: world.nextId(), app, headSha, headBranch, before: NO_COMMIT, createdAt: now, updatedAt: now }
  repository.checkSuites.push(suite)
  return suite
}

export async function createCheckRun(world: World, repository: Repository, app: App, headSha: string, name: string, wish: CheckRunWish): Promise<CheckRun> {
  if ((await repository.git.resolve(headSha)) === undefined) throw new Denial(422, `No commit found for SHA: ${headSha}`)
  assertLimits(wish)
  const branch = [...(await repository.git.refs())].find(([ref, sha]) => sha === headSha && ref.startsWith('refs/heads/'))?.[0].slice('refs/heads/'.length)
  const suite = suiteOf(world, repository, app, headSha, branch ?? null)
  const run: CheckRun = {
    id: world.nextId(),
    suite,
    name,
    headSha,
    status: 'queued',
    conclusion: null,
    startedAt: world.now(),
    completedAt: null,
    externalId: '',
    detailsUrl: 'https://example.com',
    output: { title: null, summary: null, text: null },
    annotations: [],
    actions: [],
  }
  apply(world, run, wish)
  repository.checkRuns.push(run)
  announceRun(world, repository, run, 'created', { account: app.bot, app })
  if (run.status === 'completed') announceRun(world, repository, run, 'completed', { account: app.bot, app })
  await announceSuiteWhenDone(world, repository, suite)
  return run
}

export async function updateCheckRun(world: World, repository: Repository, run: CheckRun, wish: CheckRunWish): Promise<void> {
  assertLimits(wish)
  const was = run.status
  apply(world, run, wish)
  if (run.status !== 'completed' || was === 'completed') return
  announceRun(world, repository, run, 'completed', { account: run.suite.app.bot, app: run.suite.app })
  await announceSuiteWhenDone(world, repository, run.suite)
}

function apply(world: World, run: CheckRun, { status, conclusion, started_at, completed_at, external_id, details_url, output, actions }: CheckRunWish): void {
  run.status = conclusion !== undefined ? 'completed' : (status ?? run.status)
  if (run.status !== 'completed') [run.conclusion, run.completedAt] = [null, null]
  if (conclusion !== undefined) [run.conclusion, run.completedAt] = [conclusion, completed_at ?? world.now()]
  run.startedAt = started_at ?? run.startedAt
  run.externalId = external_id ?? run.externalId
  run.detailsUrl = details_url ?? run.detailsUrl
  run.actions = actions ?? run.actions
  if (output === undefined) return
  run.output = { title: output.title ?? run.output.title, summary: output.summary ?? run.output.summary, text: output.text ?? run.output.text }
  // Each request adds its annotations to what is there.
  run.annotations.push(...(output.annotations ?? []))
}

function assertLimits({ status, conclusion, output, actions }: CheckRunWish): void {
  const refuse = (field: string, message: string) => invalid('CheckRun', { field, code: 'custom', message })
  if (status === 'completed' && conclusion === undefined) throw refuse('conclusion', 'conclusion is required when status is completed')
  for (const field of ['summary', 'text'] as const) {
    if ((output?.[field]?.length ?? 0) > MAX_TEXT) throw refuse(field, `${field} exceeds a maximum length of ${MAX_TEXT}`)
  }
  if ((output?.annotations?.length ?? 0) > MAX_ANNOTATIONS) throw refuse('annotations', `annotations exceeds a maximum quantity of ${MAX_ANNOTATIONS}`)
  if ((actions?.length ?? 0) > MAX_ACTIONS) throw refuse('actions', `actions exceeds a maximum quantity of ${MAX_ACTIONS}`)
}

export function announceRun(world: World, repository: Repository, run: CheckRun, action: string, { account }: Doer, more: object = {}): void {
  world.announce({ event: 'check_run', action, sender: account, repository, payload: { check_run: checkRunEventShape(world, repository, run), ...more } })
}

async function announceSuiteWhenDone(world: World, repository: Repository, suite: CheckSuite): Promise<void> {
  const shape = await checkSuiteShape(world, repository, suite)
  if (shape.status !== 'completed') return
  suite.updatedAt = world.now()
  world.announce({ event: 'check_suite', action: 'completed', sender: suite.app.bot, repository, payload: { check_suite: shape } })
}

/** Somebody presses a button of a check run, or "re-run". */
export function pressButton(world: World, repository: Repository, run: CheckRun, identifier: string, doer: Doer): void {
  if (!run.actions.some((action) => action.identifier === identifier)) throw new Error(`check run "${run.name}" has no button "${identifier}"`)
  announceRun(world, repository, run, 'requested_action', doer, { requested_action: { identifier } })
}

export async function setStatus(world: World, repository: Repository, status: Omit<Status, 'id' | 'createdAt'>): Promise<Status> {
  const made = { ...status, id: world.nextId(), createdAt: world.now() }
  repository.statuses.push(made)
  const { context, state, description, targetUrl, sha, id } = made
  const commit = commitShape(world, repository, await repository.git.commit(sha))
  const { avatar_url } = statusShape(world, repository, made)
  const times = { created_at: made.createdAt, updated_at: made.createdAt }
  const payload = {
    id,
    sha,
    name: `${repository.owner.login}/${repository.name}`,
    avatar_url,
    target_url: targetUrl,
    context,
    description,
    state,
    commit,
    branches: [],
    ...times,
  }
  world.announce({ event: 'status', sender: made.creator, repository, payload })
  return made
}

export interface CiResult {
  readonly name?: string
  readonly conclusion: 'success' | 'failure' | 'cancelled' | 'timed_out'
  readonly jobs: readonly { readonly name: string; readonly conclusion: 'success' | 'failure'; readonly log: string; readonly steps?: readonly string[] }[]
}

/** GitHub Actions ran on a commit: a suite, a check run for each job, a workflow run with logs. */
export async function reportCi(world: World, repository: Repository, actions: App, headSha: string, branch: string, result: CiResult): Promise<WorkflowRun> {
  const suite = suiteOf(world, repository, actions, headSha, branch)
  const jobs: WorkflowRun['jobs'][number][] = []
  for (const { name, conclusion, log, steps = ['Run tests'] } of result.jobs) {
    const now = world.now()
    const checkRun = await createCheckRun(world, repository, actions, headSha, name, { status: 'in_progress', started_at: now })
    jobs.push({ checkRun, log, steps: steps.map((step, index) => ({ name: step, conclusion: index === steps.length - 1 ? conclusion : 'success' })) })
  }
  const run: WorkflowRun = {
    id: world.nextId(),
    name: result.name ?? 'CI',
    suite,
    headBranch: branch,
    headSha,
    event: 'push',
    actor: repository.owner,
    conclusion: result.conclusion,
    jobs,
    createdAt: world.now(),
  }
  repository.workflowRuns.push(run)
  for (const [index, { checkRun }] of jobs.entries())
    await updateCheckRun(world, repository, checkRun, { conclusion: result.jobs[index]?.conclusion ?? result.conclusion })
  const payload = { workflow_run: await workflowRunShape(world, repository, run), workflow: workflowShape(world, repository, run) }
  world.announce({ event: 'workflow_run', action: 'completed', sender: actions.bot, repository, payload })
  return run
}
