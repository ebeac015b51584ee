import { type CheckRunWish, createCheckRun, setStatus, updateCheckRun } from '../deeds/checks.ts'
import { Denial, notFound } from '../denial.ts'
import type { App, CheckRun, Repository, Status } from '../records.ts'
import { checkRunShape, checkSuiteShape, jobShape, statusShape, workflowRunShape } from '../shapes/check.ts'
import { apiOf, htmlOf, repositoryShape } from '../shapes/repository.ts'
import { type Call, created, found, ok, type Reply, type Route, route } from './route.ts'

export const checkRoutes: readonly Route[] = [
  route('POST /repos/{owner}/{repo}/check-runs', 'checks=write', async (call) => {
    const { name, head_sha, ...wish } = call.body<CheckRunWish & { name: string; head_sha: string }>()
    const run = await createCheckRun(call.world, call.repository, appOfCall(call), head_sha, name, wish)
    return created(checkRunShape(call.world, call.repository, run))
  }),
  route('GET /repos/{owner}/{repo}/check-runs/{check_run_id}', 'checks=read', (call) => ok(checkRunShape(call.world, call.repository, runOf(call)))),
  route('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', 'checks=write', async (call) => {
    const run = runOf(call)
    if (run.suite.app !== appOfCall(call)) throw new Denial(403, 'Resource not accessible by integration')
    await updateCheckRun(call.world, call.repository, run, call.body<CheckRunWish>())
    return ok(checkRunShape(call.world, call.repository, run))
  }),
  route('GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations', 'checks=read', (call) =>
    call.list(runOf(call).annotations, (annotation) => ({
      start_column: null,
      end_column: null,
      title: null,
      raw_details: null,
      ...annotation,
      blob_href: `${htmlOf(call.world, call.repository)}/blob/${runOf(call).headSha}/${annotation.path}`,
    })),
  ),
  route('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', 'checks=read', async (call) => {
    const sha = await commitOf(call)
    return runList(
      call,
      call.repository.checkRuns.filter(({ headSha }) => headSha === sha),
    )
  }),
  route('GET /repos/{owner}/{repo}/check-suites/{check_suite_id}', 'checks=read', async (call) => {
    const suite = found(call.repository.checkSuites.find(({ id }) => id === call.number('check_suite_id')))
    return ok(await checkSuiteShape(call.world, call.repository, suite))
  }),
  route('GET /repos/{owner}/{repo}/check-suites/{check_suite_id}/check-runs', 'checks=read', (call) =>
    runList(
      call,
      call.repository.checkRuns.filter(({ suite }) => suite.id === call.number('check_suite_id')),
    ),
  ),
  route('GET /repos/{owner}/{repo}/commits/{ref}/check-suites', 'checks=read', async (call) => {
    const sha = await commitOf(call)
    const suites = call.repository.checkSuites.filter(({ headSha }) => headSha === sha)
    const { items, headers } = call.page(suites)
    const check_suites = await Promise.all(items.map((suite) => checkSuiteShape(call.world, call.repository, suite)))
    return { status: 200, headers, body: { total_count: suites.length, check_suites } }
  }),

  route('POST /repos/{owner}/{repo}/statuses/{sha}', 'statuses=write', async (call) => {
    const { state, context, description, target_url } = call.body<{ state: Status['state']; context?: string; description?: string; target_url?: string }>()
    const sha = call.parameter('sha')
    if ((await call.repository.git.resolve(sha)) === undefined) throw new Denial(422, `No commit found for SHA: ${sha}`)
    const about = { state, context: context ?? 'default', description: description ?? null, targetUrl: target_url ?? null, creator: call.doer.account }
    return created(statusShape(call.world, call.repository, await setStatus(call.world, call.repository, { sha, ...about })))
  }),
  route('GET /repos/{owner}/{repo}/commits/{ref}/statuses', 'statuses=read', async (call) => {
    const sha = await commitOf(call)
    return call.list(statusesAt(call.repository, sha), (status) => statusShape(call.world, call.repository, status))
  }),
  route('GET /repos/{owner}/{repo}/commits/{ref}/status', 'statuses=read', combinedStatus),

  route('GET /repos/{owner}/{repo}/actions/runs', 'actions=read', async (call) => {
    const [sha, suite, branch] = ['head_sha', 'check_suite_id', 'branch'].map((name) => call.query.get(name))
    const runs = call.repository.workflowRuns
      .filter((run) => (sha ?? run.headSha) === run.headSha && (branch ?? run.headBranch) === run.headBranch && Number(suite ?? run.suite.id) === run.suite.id)
      .reverse()
    const { items, headers } = call.page(runs)
    const workflow_runs = await Promise.all(items.map((run) => workflowRunShape(call.world, call.repository, run)))
    return { status: 200, headers, body: { total_count: runs.length, workflow_runs } }
  }),
  route('GET /repos/{owner}/{repo}/actions/runs/{run_id}', 'actions=read', async (call) =>
    ok(await workflowRunShape(call.world, call.repository, workflowOf(call))),
  ),
  route('GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs', 'actions=read', (call) => {
    const run = workflowOf(call)
    const { items, headers } = call.page(run.jobs)
    return { status: 200, headers, body: { total_count: run.jobs.length, jobs: items.map((job) => jobShape(call.world, call.repository, run, job)) } }
  }),
  route('GET /repos/{owner}/{repo}/actions/jobs/{job_id}', 'actions=read', (call) => {
    const { run, job } = jobOf(call)
    return ok(jobShape(call.world, call.repository, run, job))
  }),
  // The text itself lives elsewhere, under an address that needs no token and soon expires.
  route('GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs', 'actions=read', (call) => {
    const { job } = jobOf(call)
    return { status: 302, headers: { location: `${call.world.origin}/_logs/${call.repository.id}/${job.checkRun.id}` } }
  }),
]

function appOfCall({ access }: Call): App {
  if (access.kind !== 'installation') throw new Denial(403, 'You must authenticate via a GitHub App.')
  return access.token.installation.app
}

function runOf(call: Call): CheckRun {
  return found(call.repository.checkRuns.find(({ id }) => id === call.number('check_run_id')))
}

export async function commitOf(call: Call): Promise<string> {
  const ref = call.parameter('ref')
  const sha = (await call.repository.git.resolve(ref.replace(/^heads\//, 'refs/heads/'))) ?? (await call.repository.git.tip(ref))
  if (sha === undefined) throw new Denial(422, `No commit found for SHA: ${ref}`)
  return sha
}

async function runList(call: Call, runs: readonly CheckRun[]): Promise<Reply> {
  const [name, status, app] = ['check_name', 'status', 'app_id'].map((key) => call.query.get(key))
  const listed = runs.filter(
    (run) => (name ?? run.name) === run.name && (status ?? run.status) === run.status && Number(app ?? run.suite.app.id) === run.suite.app.id,
  )
  const { items, headers } = call.page([...listed].reverse())
  return { status: 200, headers, body: { total_count: listed.length, check_runs: items.map((run) => checkRunShape(call.world, call.repository, run)) } }
}

/** Newest first. */
function statusesAt({ statuses }: Repository, sha: string): Status[] {
  return statuses.filter((status) => status.sha === sha).reverse()
}

async function combinedStatus(call: Call): Promise<Reply> {
  const { world, repository } = call
  const sha = await commitOf(call)
  const latest = new Map<string, Status>()
  for (const status of statusesAt(repository, sha).reverse()) latest.set(status.context, status)
  const states = [...latest.values()].map(({ state }) => state)
  const failed = states.some((state) => state === 'failure' || state === 'error')
  const state = failed ? 'failure' : states.length === 0 || states.includes('pending') ? 'pending' : 'success'
  const { items, headers } = call.page([...latest.values()])
  const statuses = items.map((status) => {
    const { creator: _, ...simple } = statusShape(world, repository, status)
    return simple
  })
  const commit_url = `${apiOf(world, repository)}/commits/${sha}`
  const body = { state, statuses, sha, total_count: latest.size, repository: repositoryShape(world, repository), commit_url, url: `${commit_url}/status` }
  return { status: 200, headers, body }
}

function workflowOf(call: Call) {
  return found(call.repository.workflowRuns.find(({ id }) => id === call.number('run_id')))
}

function jobOf(call: Call) {
  for (const run of call.repository.workflowRuns) {
    const job = run.jobs.find(({ checkRun }) => checkRun.id === call.number('job_id'))
    if (job !== undefined) return { run, job }
  }
  throw notFound()
}
