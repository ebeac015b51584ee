import type { FailedCheck, ObjectId } from '@fixpoint/core'
import type { z } from 'zod'
import { z as schema } from 'zod'
import type { GitHubApi } from './github-api.ts'
import { CHECK_NAME } from './own-check.ts'
import { type CheckRun, CheckRuns } from './replies.ts'
import type { At } from './repository-place.ts'

const RED = ['failure', 'timed_out', 'startup_failure']
/** More are not read: the first say what is wrong. */
const MOST_LOGS = 10
const MOST_BYTES = 64 * 1024
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they are
const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g

/** What is red on a commit and not ours, with the end of what it printed. `ends` reads the end of what is long. */
export async function failedChecks(api: GitHubApi, ends: GitHubApi, at: At, commit: ObjectId): Promise<readonly FailedCheck[]> {
  const red: FailedCheck[] = []
  for await (const check of api.each(CheckRuns, (rest, page) => rest.checks.listForRef({ ...at, ref: commit, filter: 'latest', per_page: 100, page }))) {
    if (check.name === CHECK_NAME || !RED.includes(check.conclusion ?? '')) continue
    red.push({ name: check.name, log: endOf(await logOf(check, ends, at)) })
    if (red.length === MOST_LOGS) break
  }
  return red
}

/** GitHub's own runner keeps logs under the number of the check; of others there is what they wrote into it, as there is without the permission. */
async function logOf({ id, app, output }: z.infer<typeof CheckRun>, ends: GitHubApi, at: At): Promise<string> {
  const written = [output?.title, output?.summary, output?.text].filter(Boolean).join('\n\n')
  if (app?.slug !== 'github-actions') return written
  const log = await ends.unless([403, 404, 410], () => ends.ask(schema.string(), (rest) => rest.actions.downloadJobLogsForWorkflowRun({ ...at, job_id: id })))
  return log ?? written
}

function endOf(log: string): string {
  const bytes = Buffer.from(log.replace(ANSI, ''))
  // Cut inside of a character leaves a replacement character, which says as much.
  return bytes
    .subarray(Math.max(0, bytes.byteLength - MOST_BYTES))
    .toString()
    .replace(/^\ufffd+/, '')
}
