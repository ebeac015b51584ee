import type { CheckRun, CheckSuite, Repository, Status, WorkflowRun } from '../records.ts'
import { nodeId, type World } from '../world.ts'
import { userShape } from './account.ts'
import { appShape } from './app.ts'
import { simpleCommitShape } from './commit.ts'
import { minimalPullShape, pullsAt } from './pull.ts'
import { apiOf, htmlOf, repositoryShape } from './repository.ts'

function runsOf(repository: Repository, suite: CheckSuite): CheckRun[] {
  return repository.checkRuns.filter((run) => run.suite === suite)
}

const WORST_FIRST = ['failure', 'timed_out', 'action_required', 'cancelled', 'success', 'neutral', 'skipped']

function standing(repository: Repository, suite: CheckSuite) {
  const runs = runsOf(repository, suite)
  const done = runs.length > 0 && runs.every(({ status }) => status === 'completed')
  const conclusion = done ? (WORST_FIRST.find((wanted) => runs.some((run) => run.conclusion === wanted)) ?? 'neutral') : null
  return { status: done ? 'completed' : runs.some(({ status }) => status === 'in_progress') ? 'in_progress' : 'queued', conclusion }
}

/** As a check run carries it in a webhook. */
function suiteWithinRun(world: World, repository: Repository, suite: CheckSuite) {
  return {
    id: suite.id,
    node_id: nodeId('CS', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    ...standing(repository, suite),
    url: `${apiOf(world, repository)}/check-suites/${suite.id}`,
    before: suite.before,
    after: suite.headSha,
    pull_requests: pullsAt(repository, suite.headSha).map((pull) => minimalPullShape(world, repository, pull)),
    app: appShape(world, suite.app),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
  }
}

export async function checkSuiteShape(world: World, repository: Repository, suite: CheckSuite) {
  return {
    ...suiteWithinRun(world, repository, suite),
    repository: repositoryShape(world, repository),
    head_commit: simpleCommitShape(await repository.git.commit(suite.headSha)),
    latest_check_runs_count: runsOf(repository, suite).length,
    check_runs_url: `${apiOf(world, repository)}/check-suites/${suite.id}/check-runs`,
    rerequestable: true,
    runs_rerequestable: true,
  }
}

export function checkRunShape(world: World, repository: Repository, run: CheckRun) {
  const { id, name, suite, headSha, status, conclusion, startedAt, completedAt, externalId, detailsUrl, output, annotations } = run
  const url = `${apiOf(world, repository)}/check-runs/${id}`
  return {
    id,
    name,
    node_id: nodeId('CR', id),
    head_sha: headSha,
    external_id: externalId,
    url,
    html_url: `${htmlOf(world, repository)}/runs/${id}`,
    details_url: detailsUrl,
    status,
    conclusion,
    started_at: startedAt,
    completed_at: completedAt,
    output: { ...output, annotations_count: annotations.length, annotations_url: `${url}/annotations` },
    check_suite: { id: suite.id },
    app: appShape(world, suite.app),
    pull_requests: pullsAt(repository, headSha).map((pull) => minimalPullShape(world, repository, pull)),
  }
}

export function checkRunEventShape(world: World, repository: Repository, run: CheckRun) {
  return { ...checkRunShape(world, repository, run), check_suite: suiteWithinRun(world, repository, run.suite) }
}

export function statusShape(world: World, repository: Repository, status: Status) {
  const { id, sha, state, description, targetUrl, context, creator, createdAt } = status
  const { avatar_url, ...user } = userShape(world, creator)
  return {
    url: `${apiOf(world, repository)}/statuses/${sha}`,
    avatar_url,
    id,
    node_id: nodeId('SC', id),
    state,
    description,
    target_url: targetUrl,
    context,
    created_at: createdAt,
    updated_at: createdAt,
    creator: { ...user, avatar_url },
  }
}

export async function workflowRunShape(world: World, repository: Repository, run: WorkflowRun) {
  const { id, name, suite, headBranch, headSha, event, actor, conclusion, createdAt } = run
  const url = `${apiOf(world, repository)}/actions/runs/${id}`
  const commit = await repository.git.commit(headSha)
  return {
    id,
    name,
    node_id: nodeId('WFR', id),
    head_branch: headBranch,
    head_sha: headSha,
    path: '.github/workflows/ci.yml',
    display_title: commit.message.split('\n')[0],
    run_number: 1,
    run_attempt: 1,
    event,
    status: 'completed',
    conclusion,
    workflow_id: 1,
    check_suite_id: suite.id,
    check_suite_node_id: nodeId('CS', suite.id),
    url,
    html_url: `${htmlOf(world, repository)}/actions/runs/${id}`,
    pull_requests: pullsAt(repository, headSha).map((pull) => minimalPullShape(world, repository, pull)),
    created_at: createdAt,
    updated_at: createdAt,
    actor: userShape(world, actor),
    triggering_actor: userShape(world, actor),
    run_started_at: createdAt,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${apiOf(world, repository)}/check-suites/${suite.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    workflow_url: `${apiOf(world, repository)}/actions/workflows/1`,
    head_commit: simpleCommitShape(commit),
    repository: repositoryShape(world, repository),
    head_repository: repositoryShape(world, repository),
  }
}

export function workflowShape(world: World, repository: Repository, { name, createdAt }: WorkflowRun) {
  return {
    id: 1,
    node_id: nodeId('W', 1),
    name,
    path: '.github/workflows/ci.yml',
    state: 'active',
    created_at: createdAt,
    updated_at: createdAt,
    url: `${apiOf(world, repository)}/actions/workflows/1`,
    html_url: `${htmlOf(world, repository)}/blob/${repository.defaultBranch}/.github/workflows/ci.yml`,
    badge_url: `${htmlOf(world, repository)}/workflows/${encodeURIComponent(name)}/badge.svg`,
  }
}

export function jobShape(world: World, repository: Repository, run: WorkflowRun, job: WorkflowRun['jobs'][number]) {
  const { checkRun, steps } = job
  const runUrl = `${apiOf(world, repository)}/actions/runs/${run.id}`
  return {
    id: checkRun.id,
    run_id: run.id,
    workflow_name: run.name,
    head_branch: run.headBranch,
    run_url: runUrl,
    run_attempt: 1,
    node_id: nodeId('CR', checkRun.id),
    head_sha: run.headSha,
    url: `${apiOf(world, repository)}/actions/jobs/${checkRun.id}`,
    html_url: `${htmlOf(world, repository)}/actions/runs/${run.id}/job/${checkRun.id}`,
    status: checkRun.status,
    conclusion: checkRun.conclusion,
    created_at: checkRun.startedAt,
    started_at: checkRun.startedAt,
    completed_at: checkRun.completedAt,
    name: checkRun.name,
    steps: steps.map((step, index) => ({
      ...step,
      status: 'completed',
      number: index + 1,
      started_at: checkRun.startedAt,
      completed_at: checkRun.completedAt,
    })),
    check_run_url: `${apiOf(world, repository)}/check-runs/${checkRun.id}`,
    labels: ['ubuntu-latest'],
    runner_id: 1,
    runner_name: 'GitHub Actions 1',
    runner_group_id: 1,
    runner_group_name: 'GitHub Actions',
  }
}
