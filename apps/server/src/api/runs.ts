import { type Digest, type InboxMessage, Outcome, RunId, type RunSummary } from '@fixpoint/core'
import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { quietly } from '../quietly.ts'
import { type App, callerOf, PageQuery, paged, pageOf, present, problems } from './app.ts'
import { PHASES, Run, shownRun } from './shown-run.ts'

export const AtRun = z.object({ run: RunId })
export const Accepted = z.object({ message: z.string() })

export function runRoutes(app: App, hands: ServerHands): void {
  const { runIndex } = hands
  const tags = ['runs']

  app.get(
    '/api/runs',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Runs, the newest first',
        querystring: z.object({
          limit: PageQuery.limit,
          before: RunId.optional(),
          phase: z.enum(PHASES).optional(),
          awaiting: z.enum(['true', 'false']).optional(),
          outcome: Outcome.optional(),
          repository: z.string().max(300).optional(),
          source: z.string().max(100).optional(),
          text: z.string().trim().max(200).describe('in the title of its report').optional(),
        }),
        response: { 200: pageOf(Run), ...problems },
      },
    },
    async ({ query: { limit, awaiting, ...page } }) => {
      const waits = awaiting === undefined ? undefined : awaiting === 'true'
      const parked = await hands.parked()
      return paged(
        limit,
        (more) => runIndex.list({ ...present({ ...page, awaiting: waits }), limit: more }),
        (run) => shownRun(run, parked),
      )
    },
  )

  app.get(
    '/api/runs/:run',
    { config: { scope: 'read' }, schema: { tags, summary: 'One run', params: AtRun, response: { 200: Run, ...problems } } },
    async ({ params }) => shownRun(await knownRun(hands, params.run), await hands.parked()),
  )

  app.post(
    '/api/runs/:run/cancel',
    { config: { scope: 'decide' }, schema: { tags, summary: 'End it where it stands', params: AtRun, response: { 202: Accepted, ...problems } } },
    async (request, reply) => {
      const { run } = request.params
      const { name } = callerOf(request)
      await unsettled(run)
      const told = await tell(hands, run, { kind: 'cancel', by: name })
      // A parked run hears nobody: it is let go on to hear this.
      if (await isParked(run)) await hands.retry(run, name)
      return reply.code(202).send(told)
    },
  )

  app.post(
    '/api/runs/:run/steer',
    {
      config: { scope: 'decide' },
      schema: {
        tags,
        summary: 'Tell the next attempt something',
        params: AtRun,
        body: z.strictObject({ words: z.string().trim().min(1).max(20_000) }),
        response: { 202: Accepted, ...problems },
      },
    },
    async (request, reply) => {
      await unsettled(request.params.run)
      return reply.code(202).send(await tell(hands, request.params.run, { kind: 'steer', by: callerOf(request).name, words: request.body.words }))
    },
  )

  app.post(
    '/api/runs/:run/retry',
    {
      config: { scope: 'decide' },
      schema: {
        tags,
        summary: 'A new run on the report of a settled one; a parked one goes on',
        params: AtRun,
        response: { 201: z.object({ run: RunId }), ...problems },
      },
    },
    async (request, reply) => {
      const run = await knownRun(hands, request.params.run)
      if (run.phase !== 'settled' && !(await isParked(run.id)))
        throw new Refusal(409, `The run is ${run.phase}`, { hint: 'Cancel it first, or wait until it is settled.' })
      const opened = await hands.retry(run.id, callerOf(request).name)
      if (opened === undefined) throw new Refusal(409, 'The run cannot be retried', { hint: 'Its report or its repository is gone.' })
      return reply.code(201).send({ run: opened })
    },
  )

  async function isParked(id: RunId): Promise<boolean> {
    return (await hands.parked()).some(({ run }) => run === id)
  }

  async function unsettled(id: RunId): Promise<void> {
    const run = await knownRun(hands, id)
    if (run.phase === 'settled') throw new Refusal(409, 'The run is settled', { hint: 'Retry it to open a new one.' })
  }
}

export async function knownRun(hands: ServerHands, id: RunId): Promise<RunSummary> {
  const run = await hands.runIndex.get(id)
  if (run === undefined) throw new Refusal(404, 'No such run')
  return run
}

/** The run, while it waits for a decision on exactly this proposal. */
export async function decidedOn(hands: ServerHands, id: RunId, proposal: Digest): Promise<RunSummary> {
  const run = await knownRun(hands, id)
  if (!run.awaiting || run.proposal === undefined) throw new Refusal(409, 'The run waits for no decision', { detail: `It is ${run.phase}.` })
  if (run.proposal !== proposal) throw new Refusal(409, 'The proposal has changed since it was shown', { hint: 'Look at it again.' })
  return run
}

/** Durable before it is answered; the wake-up may be lost. */
export async function tell(hands: ServerHands, run: RunId, message: InboxMessage): Promise<z.infer<typeof Accepted>> {
  const id = await hands.inbox.put(run, message)
  hands.log.info({ run, said: message.kind, by: message.by }, 'somebody spoke to a run')
  await quietly(hands.log, hands.wake.run(run))
  return { message: id }
}
