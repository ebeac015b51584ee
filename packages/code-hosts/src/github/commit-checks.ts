import type { HostedCheck, ObjectId } from '@fixpoint/core'
import type { GitHubApi } from './github-api.ts'
import { CheckRuns } from './replies.ts'
import type { At } from './repository-place.ts'

const STATES: Readonly<Record<string, HostedCheck['state']>> = { success: 'passed', neutral: 'passed', skipped: 'skipped', stale: 'skipped' }

/** Where the checks on a commit stand: one without a conclusion is not done, and one that is none of the good ones is red. */
export async function commitChecks(api: GitHubApi, at: At, commit: ObjectId): Promise<readonly HostedCheck[]> {
  const checks = await api.ask(CheckRuns, (rest) => rest.checks.listForRef({ ...at, ref: commit, filter: 'latest', per_page: 100 }))
  return checks.map(({ name, conclusion, html_url }) => ({
    name,
    state: conclusion ? (STATES[conclusion] ?? 'failed') : 'pending',
    url: html_url ?? undefined,
  }))
}
