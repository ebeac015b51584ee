import { Digest, GateResult, type InboxMessage, RunId, type RunSummary, Strength } from '@fixpoint/core'
import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { Proposals } from '../reading/proposal-facts.ts'
import { Certified } from '../reading/records.ts'
import { type App, callerOf, Moment, PageQuery, paged, pageOf, present, problems } from './app.ts'
import { Accepted, AtRun, decidedOn, knownRun, tell } from './runs.ts'

const File = z.object({ path: z.string(), added: z.number().int(), removed: z.number().int() })
const Risk = z.object({ kind: z.string(), words: z.string(), weight: z.number() })
/** What is known of a proposal without its texts. */
const facts = {
  repository: z.string().optional(),
  source: z.string().optional(),
  /** Id of its report. */
  report: z.string().optional(),
  /** By models; money in US dollars. */
  spent: z.object({ money: z.number(), tokens: z.number() }),
  openedAt: Moment,
  updatedAt: Moment,
}
const ListedProposal = z.object({
  run: RunId,
  proposal: Digest,
  awaiting: z.boolean(),
  ...facts,
  /** The rest is missing when the proposal has expired. */
  title: z.string().optional(),
  strength: Strength.optional(),
  drafter: z.string().optional(),
  gates: z.array(GateResult.pick({ gate: true, status: true })).default([]),
  files: z.array(File).default([]),
  risks: z.array(Risk).default([]),
})
const ShownProposal = z.object({
  run: RunId,
  /** Decisions name it: what was shown is what is decided on. */
  proposal: Digest,
  awaiting: z.boolean(),
  title: z.string(),
  body: z.string(),
  branch: z.string(),
  strength: Strength,
  question: z.string().optional(),
  patch: z.string(),
  base: z.string(),
  ...facts,
  drafter: z.string(),
  files: z.array(File),
  risks: z.array(Risk),
  /** Where the proposal was published, if it was. */
  pull: z.object({ number: z.number().int(), url: z.string().optional() }).optional(),
  /** A core `Certificate` as JSON text: exactly the bytes of the file. */
  certificate: z.string(),
  verdict: z.string(),
  gates: z.array(GateResult),
})
/** Proposals of one answer, and those that are looked at to find the riskiest or the oldest: what lists tell of as many is remembered. */
const MOST = 2000
const Words = z.string().trim().min(1).max(20_000)

export function proposalRoutes(app: App, hands: ServerHands): void {
  const tags = ['proposals']
  const proposals = new Proposals(hands.artifacts)

  app.get(
    '/api/proposals',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Proposals that wait for a person: the riskiest first and of those the oldest, or the newest run first',
        querystring: z.object({
          limit: z.coerce.number().int().min(1).max(MOST).default(100),
          before: PageQuery.before.pipe(RunId.optional()),
          sort: z.enum(['newest', 'risk', 'age']).default('newest').describe(`but for \`newest\`, of the ${MOST} newest`),
          repository: z.string().max(300).optional(),
          source: z.string().max(100).optional(),
          strength: Strength.optional(),
        }),
        response: { 200: pageOf(ListedProposal), ...problems },
      },
    },
    async ({ query: { limit, sort, strength, before, ...about } }) => {
      const waiting = (page: { limit: number; before?: RunId | undefined }) =>
        hands.runIndex.list({ ...present({ ...about, ...page }), limit: page.limit, awaiting: true, phase: 'proposing' })
      const lines = async (runs: readonly RunSummary[]) =>
        (await Promise.all(runs.map(listed))).filter(isThere).filter((line) => strength === undefined || line.strength === strength)
      if (sort === 'newest') {
        const { items, next } = await paged(limit, (more) => waiting({ limit: more, before }), same)
        return { items: await lines(items), next }
      }
      const sorted = (await lines(await waiting({ limit: MOST }))).sort(ORDERS[sort])
      // One that was decided on meanwhile is not found: the list begins anew.
      const rest = sorted.slice(sorted.findIndex(({ run }) => run === before) + 1)
      const items = rest.slice(0, limit)
      return { items, next: rest.length > limit ? (items.at(-1)?.run ?? null) : null }
    },
  )

  app.get(
    '/api/proposals/:run',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'A proposal with its patch, its certificate and what each gate said',
        params: AtRun,
        response: { 200: ShownProposal, ...problems },
      },
    },
    async ({ params }) => {
      const run = await knownRun(hands, params.run)
      const { id, awaiting } = run
      // While another one is drafted, people still read the last.
      const proposal = run.proposal ?? (await lastPlanned(id))
      if (proposal === undefined) throw new Refusal(404, 'The run has no proposal')
      const { diff, ...planned } = await proposals.planned(proposal)
      const { verdict } = Certified.parse(JSON.parse(planned.certificate))
      const { files, risks, drafter } = await proposals.facts(proposal)
      return {
        ...{ run: id, proposal, awaiting, ...aboutRun(run), ...planned, patch: diff, drafter, files: [...files], risks: [...risks] },
        ...{ verdict: verdict.name, gates: verdict.gates, ...(await pulled(run)) },
      }
    },
  )

  decision('approve', 'Publish it', z.strictObject({ proposal: Digest }), (by, { proposal }) => ({ kind: 'approve', by, proposal }))
  decision('request-changes', 'Draft another one with these words in mind', z.strictObject({ proposal: Digest, words: Words }), (by, { proposal, words }) => ({
    kind: 'request-changes',
    by,
    proposal,
    words,
  }))
  decision('reject', 'End the run without a patch', z.strictObject({ proposal: Digest, words: Words }), (by, { proposal, words }) => ({
    kind: 'reject',
    by,
    proposal,
    words,
  }))

  function decision<Body extends { proposal: Digest }>(
    verb: string,
    summary: string,
    body: z.ZodType<Body>,
    message: (by: string, decided: Body) => InboxMessage,
  ): void {
    app.post(
      `/api/proposals/:run/${verb}`,
      { config: { scope: 'decide' }, schema: { tags, summary, params: AtRun, body, response: { 202: Accepted, ...problems } } },
      async (request, reply) => {
        const decided = request.body as Body
        const run = await decidedOn(hands, request.params.run, decided.proposal)
        return reply.code(202).send(await tell(hands, run.id, message(callerOf(request).name, decided)))
      },
    )
  }

  async function listed(run: RunSummary): Promise<z.infer<typeof ListedProposal> | undefined> {
    if (run.proposal === undefined) return undefined
    const line = { run: run.id, proposal: run.proposal, awaiting: run.awaiting, ...aboutRun(run) }
    // One that cannot be read does not hide the others.
    const known = await proposals.facts(run.proposal).catch((cause: unknown) => {
      if (!(cause instanceof Refusal)) hands.log.warn({ run: run.id, error: cause instanceof Error ? cause.name : 'unknown' }, 'a proposal cannot be read')
      return undefined
    })
    return known === undefined
      ? { ...line, gates: [], files: [], risks: [] }
      : { ...line, ...known, gates: known.gates.map((gate) => ({ ...gate })), files: [...known.files], risks: [...known.risks] }
  }

  async function lastPlanned(run: RunId): Promise<Digest | undefined> {
    const planned = (await hands.journal.read(run)).findLast(({ event }) => event.kind === 'proposal-planned')?.event
    return planned?.kind === 'proposal-planned' ? planned.proposal : undefined
  }

  async function pulled({ id, owner }: RunSummary): Promise<{ pull?: { number: number; url?: string } }> {
    const published = (await hands.journal.read(id)).findLast(({ event }) => event.kind === 'proposal-published')?.event
    if (published?.kind !== 'proposal-published' || published.pull === undefined) return {}
    return { pull: { number: published.pull, ...present({ url: hands.pullUrl?.(owner?.repository, published.pull) }) } }
  }
}

function aboutRun({ owner, spent, openedAt, updatedAt }: RunSummary) {
  return {
    ...present({ repository: owner?.repository, source: owner?.source, report: owner?.id }),
    ...{ spent, openedAt: openedAt.toISOString(), updatedAt: updatedAt.toISOString() },
  }
}

type Line = z.infer<typeof ListedProposal>
const weightOf = ({ risks }: Line) => risks.reduce((sum, { weight }) => sum + weight, 0)
const byAge = (one: Line, other: Line) => one.updatedAt.localeCompare(other.updatedAt)
const ORDERS = {
  newest: () => 0,
  age: byAge,
  risk: (one: Line, other: Line) => weightOf(other) - weightOf(one) || byAge(one, other),
}

function isThere<T>(one: T | undefined): one is T {
  return one !== undefined
}

function same<T>(one: T): T {
  return one
}
