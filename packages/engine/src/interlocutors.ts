import {
  type Answered,
  type Conversation,
  canonicalJson,
  costOf,
  Exchange,
  Failure,
  type Interlocutor,
  type Lane,
  type LanguageModel,
  type ModelReply,
  type ModelRequest,
  type Policy,
  type RunEvent,
  type Spent,
  type ToolCall,
  tokensOf,
} from '@fixpoint/core'
import type { StepContext } from './tools.ts'

/** What a run's models were asked before and what they may still cost. */
interface Standing {
  readonly policy: Policy
  readonly answered: readonly Answered[]
}

/** The model of a lane for one purpose (`draft 2`), or undefined when the lane has none, or none is there any more. */
export function interlocutorOf(run: Standing, lane: string, purpose: string, context: StepContext): Interlocutor | undefined {
  const place = run.policy.lanes.find((each) => each.name === lane)
  const model = place === undefined ? undefined : context.tools.models?.get(lane)
  if (place === undefined || model === undefined) return undefined
  const spending = new LaneSpending(run, place)
  return {
    card: model.card,
    open: (name) => {
      const conversation = `${lane}: ${purpose}: ${name}`
      return new RecordedConversation(
        conversation,
        run.answered.filter((each) => each.conversation === conversation),
        { lane, model, context, spending },
      )
    },
  }
}

/** What one lane has taken of its share; exchanges of this step are added as they come. */
class LaneSpending {
  readonly #run: Standing
  readonly #lane: Lane
  #money: number
  #tokens: number

  constructor(run: Standing, lane: Lane) {
    this.#run = run
    this.#lane = lane
    const own = run.answered.filter((each) => each.lane === lane.name)
    this.#money = own.reduce((sum, each) => sum + each.money, 0)
    this.#tokens = own.reduce((sum, each) => sum + tokensOf(each.usage), 0)
  }

  add(answered: Answered): void {
    this.#money += answered.money
    this.#tokens += tokensOf(answered.usage)
  }

  /** Why nothing more may be asked. A lane may pass its share by its last call, the run's budget binds before. */
  spent(): string | undefined {
    const { share, name } = this.#lane
    const { money, tokens } = this.#run.policy.budget
    if (share >= 1) return undefined
    if (this.#tokens >= tokens * share) return `the lane ${name} has used its share of ${Math.round(tokens * share)} tokens`
    if (this.#money >= money * share && this.#money > 0) return `the lane ${name} has used its share of $${(money * share).toFixed(2)}`
    return undefined
  }
}

interface Asking {
  readonly lane: string
  readonly model: LanguageModel
  readonly context: StepContext
  readonly spending: LaneSpending
}

/**
 * Gives recorded replies as long as the requests are those of then, and asks the model from the first that is not. What was asked is a
 * fact of the journal before its reply is given: a second driver is refused there, and a kill costs the one call that was under way.
 */
class RecordedConversation implements Conversation {
  readonly card: Conversation['card']
  readonly #name: string
  readonly #asking: Asking
  readonly #answered: readonly Answered[]
  /** What is left of the record, the next exchange first. */
  #recorded: { readonly digest: string; readonly exchange: Exchange }[] | undefined

  constructor(name: string, recorded: readonly Answered[], asking: Asking) {
    this.card = asking.model.card
    this.#name = name
    this.#asking = asking
    this.#answered = recorded
  }

  async ask(request: ModelRequest, prompts: string, signal: AbortSignal): Promise<ModelReply | Spent> {
    const { tools, archive } = this.#asking.context
    this.#recorded ??= await Promise.all(this.#answered.map(async (each) => ({ digest: each.request, exchange: await archive.get(Exchange, each.exchange) })))
    const digest = tools.hash(canonicalJson(request))
    const [next, ...rest] = this.#recorded
    if (next?.digest === digest) {
      this.#recorded = rest
      return next.exchange.reply
    }
    const spent = this.#asking.spending.spent()
    if (spent !== undefined) return { spent }
    // A request that is refused as too long leaves no record: what was asked instead of it may still be on record.
    const reply = await this.#ask(request, digest, prompts, signal)
    // From here on it is another conversation than the recorded one.
    this.#recorded = []
    return reply
  }

  /** What the tools of a turn answered is the last message of the request that came after it. Ids alone would not do: some servers count calls anew each turn. */
  answered(call: ToolCall): string | undefined {
    const last = this.#recorded?.[0]?.exchange.request.messages.findLast(({ role }) => role === 'user')
    const result = last?.content.find((part) => part.kind === 'tool-result' && part.id === call.id)
    return result?.kind === 'tool-result' ? result.text : undefined
  }

  async #ask(request: ModelRequest, digest: string, prompts: string, signal: AbortSignal): Promise<ModelReply> {
    const { model, lane, spending, context } = this.#asking
    const { tools, archive } = context
    await context.assertHeld()
    const started = tools.clock.monotonic()
    let reply: ModelReply | undefined
    for await (const event of model.ask(request, signal)) if (event.kind === 'reply') reply = event.reply
    if (reply === undefined) throw new Failure('model-malformed', `${model.card.name} ended without a reply`, 'Try it with fixpoint models test.')
    const exchange = await archive.put(Exchange, {
      model: model.card.name,
      request,
      reply,
      at: tools.clock.now().toISOString(),
      durationMs: tools.clock.monotonic() - started,
    })
    const answered: RunEvent = {
      kind: 'model-answered',
      ...{ lane, conversation: this.#name, model: model.card.name, prompts, exchange, usage: reply.usage },
      request: digest as Answered['request'],
      money: costOf(reply.usage, model.card),
    }
    await context.record(answered)
    spending.add(answered)
    return reply
  }
}
