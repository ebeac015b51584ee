import { Failure, inert, type RunId, timeLimit } from '@fixpoint/core'
import { z } from 'zod'
import type { Followers, Frame } from '../followers.ts'
import type { Log, ServerHands } from '../hands.ts'
import { TokenBuckets } from '../hooks/token-bucket.ts'
import { Refusal } from '../problem.ts'
import type { QuestionDesk } from '../reading-hands.ts'
import type { ServerSettings } from '../settings.ts'
import { type App, callerOf, problems } from './app.ts'
import { AtRun, knownRun } from './runs.ts'

/** Longer than a question that people read needs; each takes memory and a connection. */
const LONGEST_ANSWER_MS = 5 * 60_000

export function questionRoutes(app: App, hands: ServerHands, { questions: limits }: ServerSettings, followers: Followers): void {
  const asked = new TokenBuckets(limits.rate, () => hands.clock.monotonic())
  let underWay = 0

  app.post(
    '/api/runs/:run/questions',
    {
      // It spends money: looking is not enough.
      config: { scope: 'decide' },
      schema: {
        tags: ['runs'],
        summary: 'Ask the configured model about a run',
        description:
          'The answer is words, not evidence. Server-sent events: `looking` and `words` while it is thought about, then `answer`, or `refused` with a problem. Closing the connection ends it.',
        params: AtRun,
        body: z.strictObject({ question: z.string().trim().min(1).max(2000) }),
        produces: ['text/event-stream'],
        response: { ...problems },
      },
    },
    async (request, reply) => {
      const { questions, log } = hands
      if (questions === undefined) throw new Refusal(409, 'No model is set up', { hint: 'docs/models.md says how to set one up.' })
      const { id: run } = await knownRun(hands, request.params.run)
      const { id, name } = callerOf(request)
      if (underWay >= limits.atOnce || !followers.admits())
        throw new Refusal(503, 'Too many questions are being answered', { headers: { 'retry-after': '30' } })
      if (!asked.take(id)) throw new Refusal(429, 'Too many questions', { hint: 'Ask again later.', headers: { 'retry-after': String(asked.wait(id)) } })
      log.info({ run, by: name }, 'somebody asks a question about a run')
      underWay += 1
      try {
        await followers.send(reply, (signal) => answering(questions, { run, question: request.body.question, log }, signal))
      } finally {
        underWay -= 1
      }
      return reply
    },
  )
}

interface Asked {
  readonly run: RunId
  readonly question: string
  readonly log: Log
}

/** What is told on the way, and what it came to. Nobody waits for a slow reader: the words of a few replies are all that can pile up. */
function answering(questions: QuestionDesk, { run, question, log }: Asked, gone: AbortSignal): AsyncIterable<Frame> {
  const late = timeLimit(LONGEST_ANSWER_MS)
  return new ReadableStream<Frame>({
    async start(frames) {
      const tell = (event: string, data: unknown) => {
        if (!gone.aborted) frames.enqueue({ event, data })
      }
      try {
        tell('answer', await questions.ask(run, question, ({ kind, ...news }) => tell(kind, news), AbortSignal.any([gone, late])))
      } catch (cause) {
        if (!(cause instanceof Failure) && !gone.aborted && !late.aborted)
          log.error({ run, error: cause instanceof Error ? cause.name : 'unknown' }, 'a question could not be answered')
        tell('refused', late.aborted ? TOO_LATE : problemOf(cause))
      }
      if (!gone.aborted) frames.close()
    },
  })
}

const TOO_LATE = { title: 'The answer took too long', hint: 'Ask something narrower.' }

function problemOf(cause: unknown): { title: string; hint: string } {
  if (!(cause instanceof Failure)) return { title: 'The question could not be answered', hint: 'The log of the service says more.' }
  return { title: inert(cause.message, 500), hint: inert(cause.hint, 500) }
}
