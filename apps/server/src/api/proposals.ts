import { Digest, GateResult, type InboxMessage, RunId, type RunSummary, Strength } from '@fixpoint/core'
import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { type App, callerOf, Moment, PageQuery, paged, pageOf, problems } from './app.ts'
import { artifactBytes } from './artifacts.ts'
import { Accepted, AtRun, knownRun, tell } from './runs.ts'

/** What of a planned proposal people are shown; the engine keeps more in it. */
const Planned = z.object({
  strength: Strength,
  branch: z.string(),
  title: z.string(),
  body: z.string(),
  diff: z.string(),
  /** The certificate as text. */
  certificate: z.string(),
  question: z.string().optional(),
})
/** What of a certificate the review needs beside its text. */
const Judged = z.object({ verdict: z.object({ name: z.string(), gates: z.array(GateResult) }) })

const ListedProposal = z.object({
  run: RunId,
  proposal: Digest,
  /** Missing when the proposal has expired. */
  title: z.string().optional(),
  strength: Strength.optional(),
  awaiting: z.boolean(),
  openedAt: Moment,
  updatedAt: Moment,
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
  certificate: z.string(),
  verdict: z.string(),
  gates: z.array(GateResult),
})
const Words = z.string().trim().min(1).max(20_000)

export function proposalRoutes(app: App, hands: ServerHands): void {
  const tags = ['proposals']

  app.get(
    '/api/proposals',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Proposals that wait for a person, the newest run first',
        querystring: z.object({ limit: z.coerce.number().int().min(1).max(50).default(20), before: PageQuery.before.pipe(RunId.optional()) }),
        response: { 200: pageOf(ListedProposal), ...problems },
      },
    },
    async ({ query: { limit, before } }) => {
      const page = await paged(
        limit,
        (more) => hands.runIndex.list({ limit: more, awaiting: true, phase: 'proposing', ...(before === undefined ? {} : { before }) }),
        same,
      )
      const items = await Promise.all(page.items.map(listed))
      return { items: items.filter((item) => item !== undefined), next: page.next }
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
      const { id, awaiting, proposal } = await knownRun(hands, params.run)
      if (proposal === undefined) throw new Refusal(404, 'The run has no proposal')
      const { diff, ...planned } = await read(proposal)
      const { verdict } = Judged.parse(JSON.parse(planned.certificate))
      return { run: id, proposal, awaiting, ...planned, patch: diff, verdict: verdict.name, gates: verdict.gates }
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
        const run = await knownRun(hands, request.params.run)
        if (!run.awaiting || run.proposal === undefined) throw new Refusal(409, 'The run waits for no decision', { detail: `It is ${run.phase}.` })
        if (run.proposal !== decided.proposal) throw new Refusal(409, 'The proposal has changed since it was shown', { hint: 'Look at it again.' })
        return reply.code(202).send(await tell(hands, run.id, message(callerOf(request).name, decided)))
      },
    )
  }

  async function listed(run: RunSummary): Promise<z.infer<typeof ListedProposal> | undefined> {
    if (run.proposal === undefined) return undefined
    const times = { openedAt: run.openedAt.toISOString(), updatedAt: run.updatedAt.toISOString() }
    const line = { run: run.id, proposal: run.proposal, awaiting: run.awaiting, ...times }
    const planned = await read(run.proposal).catch((cause: unknown) => {
      if (cause instanceof Refusal) return undefined
      throw cause
    })
    return planned === undefined ? line : { ...line, title: planned.title, strength: planned.strength }
  }

  async function read(proposal: Digest): Promise<z.infer<typeof Planned>> {
    return Planned.parse(JSON.parse(new TextDecoder().decode(await artifactBytes(hands.artifacts, proposal))))
  }
}

function same<T>(one: T): T {
  return one
}
