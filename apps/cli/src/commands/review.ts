import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { BugReport, Certificate, type Digest, EditedDiff, Failure, type InboxMessage, inert, type RunId, type RunSummary } from '@fixpoint/core'
import { Archive, PlannedProposal } from '@fixpoint/engine'
import { openQueue } from '@fixpoint/queue'
import { assertWritable, deliverProposal } from '../deliver.ts'
import type { Env } from '../env.ts'
import { ExitCode, UsageError } from '../exit-codes.ts'
import type { Screen } from '../present/terminal.ts'
import { openStores, type Stores } from '../serve/open-stores.ts'

const PAGE = 100

/** Proposals that wait for a person. */
export async function listProposals(options: { readonly json?: boolean }, env: Env, screen: Screen): Promise<ExitCode> {
  await using stores = await openStores(env, note(screen))
  const archive = new Archive(stores.artifacts)
  const waiting = await stores.runIndex.list({ limit: PAGE, awaiting: true })
  for (const summary of waiting) {
    const { plan, digest } = await proposalOf(summary, archive)
    const line = { run: summary.id, proposal: digest, strength: plan.strength, title: plan.title, since: summary.updatedAt.toISOString() }
    process.stdout.write(
      options.json ? `${JSON.stringify(line)}\n` : `${line.run}  ${line.strength.padEnd(10)} ${line.since.slice(0, 16)}  ${inert(line.title, 100)}\n`,
    )
  }
  if (waiting.length === 0) screen.line('Nothing waits for you.')
  return ExitCode.delivered
}

/** One proposal: what it says, its evidence, its diff. */
export async function showProposal(id: string, options: { readonly json?: boolean; readonly out?: string }, env: Env, screen: Screen): Promise<ExitCode> {
  await using stores = await openStores(env, note(screen))
  const archive = new Archive(stores.artifacts)
  const summary = await awaiting(id, stores)
  const { plan, digest } = await proposalOf(summary, archive)
  const certificate = Certificate.parse(JSON.parse(plan.certificate))
  if (options.json) process.stdout.write(`${JSON.stringify({ run: summary.id, proposal: digest, ...plan, certificate })}\n`)
  else {
    const report = await archive.get(BugReport, summary.report)
    const gates = certificate.verdict.gates.map(
      (gate) => `${gate.status === 'passed' ? '✔' : gate.status === 'failed' ? '✘' : '–'} ${gate.gate.padEnd(12)} ${inert(gate.summary, 200)}`,
    )
    const rejected = certificate.rejected.flatMap(({ summary, gate, why }) => [
      `✘ ${inert(summary, 160)}`,
      `    gate ${gate}: ${inert(why, 300).split('\n')[0]}`,
    ])
    if (rejected.length > 0) rejected.unshift('passed the failing test, and rejected all the same')
    if (rejected.length > 0) rejected.push('')
    process.stdout.write(
      [
        `${inert(plan.title, 200)}`,
        `report    ${inert(report.title, 200)}`,
        `evidence  ${plan.strength}`,
        `proposal  ${digest}`,
        '',
        ...gates,
        '',
        inert(plan.diff, 100_000),
        ...rejected,
        ...(plan.question ? ['One question for a person:', inert(plan.question, 4000), ''] : []),
        `fixpoint review approve ${summary.id} --proposal ${digest.slice(0, 12)}`,
        '',
      ].join('\n'),
    )
  }
  if (options.out !== undefined) {
    await assertWritable(options.out)
    for (const file of (await deliverProposal(options.out, plan)).all) screen.line(file)
  }
  return ExitCode.delivered
}

export interface Decision {
  /** Digest, or its first letters, of the proposal that was read. */
  readonly proposal: string
  readonly reason?: string
}

/** Says something about a proposal, on behalf of whoever is signed in to this machine. It is bound to the proposal that was read. */
export async function decide(
  kind: 'approve' | 'request-changes' | 'reject',
  id: string,
  { proposal, reason }: Decision,
  env: Env,
  screen: Screen,
): Promise<ExitCode> {
  return sayOf(id, proposal, (shown, by) => messageOf(kind, shown, by, reason ?? ''), env, screen)
}

/** Has the patch judged as a person made it. */
export async function editPatch(
  id: string,
  { proposal, patch }: { readonly proposal: string; readonly patch: string },
  env: Env,
  screen: Screen,
): Promise<ExitCode> {
  const hint = 'Write it with: git diff <base> > my.patch'
  const text = await readFile(patch, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${patch} cannot be read: ${error.code ?? error.message}`, hint)
  })
  const diff = EditedDiff.safeParse(text)
  if (!diff.success) throw new UsageError(`${patch} is empty, or longer than a patch can be`, hint)
  return sayOf(id, proposal, (shown, by) => ({ kind: 'edit', by, proposal: shown, diff: diff.data }), env, screen)
}

async function sayOf(id: string, proposal: string, messageOn: (shown: Digest, by: string) => InboxMessage, env: Env, screen: Screen): Promise<ExitCode> {
  await using stores = await openStores(env, note(screen))
  const by = userInfo().username
  const summary = await awaiting(id, stores)
  const shown = summary.proposal
  if (shown === undefined || proposal.length < 8 || !shown.startsWith(proposal.toLowerCase()))
    throw new UsageError(
      `the proposal of ${summary.id} is ${shown?.slice(0, 12) ?? 'not there'}, not ${proposal}`,
      `Read it again with: fixpoint review show ${summary.id}`,
    )
  const message = messageOn(shown, by)
  await say(stores, summary.id, message, env)
  screen.line(`${summary.id}: ${message.kind} by ${by}`)
  return ExitCode.delivered
}

function messageOf(kind: 'approve' | 'request-changes' | 'reject', proposal: Digest, by: string, words: string): InboxMessage {
  return kind === 'approve' ? { kind, by, proposal } : { kind, by, proposal, words }
}

/** Durable first; the wake-up only makes it sooner. */
async function say(stores: Stores, run: RunId, message: InboxMessage, env: Env): Promise<void> {
  await stores.inbox.put(run, message)
  await using queue = await openQueue({ url: env.redisUrl ?? stores.url, log: () => undefined })
  await queue.wake(run, { priority: 1 })
}

async function awaiting(id: string, stores: Stores): Promise<RunSummary> {
  const runs = await stores.runIndex.list({ limit: PAGE, awaiting: true })
  const found = runs.filter((run) => run.id === id || (id.length >= 4 && run.id.endsWith(id)))
  const [one] = found
  if (one !== undefined && found.length === 1) return one
  throw new UsageError(
    found.length > 1 ? `${id} could be ${found.map((run) => run.id).join(' or ')}` : `no proposal of ${id} waits for a decision`,
    'List those that do with: fixpoint review list',
  )
}

async function proposalOf(summary: RunSummary, archive: Archive): Promise<{ plan: PlannedProposal; digest: Digest }> {
  if (summary.proposal === undefined) throw new Failure('artifact-missing', `${summary.id} has no proposal`, 'List those that wait with: fixpoint review list')
  return { plan: await archive.get(PlannedProposal, summary.proposal), digest: summary.proposal }
}

function note(screen: Screen): (message: string) => void {
  return (message) => screen.line(screen.colors.dim(message))
}
