import { type Conversation, Failure, type ModelReply, type ToolCall } from '@fixpoint/core'
import type { Prompts } from './prompts.ts'
import type { Stuckness, StuckWatch } from './stuckness.ts'
import { type Answer, answerTo, refused, type Tool } from './tool.ts'
import type { Transcript } from './transcript.ts'

/** One conversation of a model with tools. */
export interface Talk {
  readonly conversation: Conversation
  readonly transcript: Transcript
  readonly tools: readonly Tool[]
  readonly watch: StuckWatch
  readonly prompts: Prompts
  /** Of the prompts. */
  readonly version: string
  /** Replies that it may take. */
  readonly turns: number
}

export type Ending =
  /** A tool said that the aim is reached. */
  | { readonly kind: 'reached' }
  | { readonly kind: 'stuck'; readonly in: Stuckness }
  /** `isSpent`: no other conversation would get further. `failure`: why nothing more can be paid. */
  | { readonly kind: 'ended'; readonly why: string; readonly isSpent?: true; readonly failure?: Failure }

export interface Progress {
  readonly kind: 'progress'
  readonly message: string
}

/** So many replies before the last, the model is told. */
const LAST_CALL = 3

/** Asks, answers every call in order, asks again: until the aim is reached, or nothing more can come of it. */
export async function* converse(talk: Talk, signal: AbortSignal): AsyncGenerator<Progress, Ending> {
  const { transcript, watch, prompts, turns } = talk
  let warned = false
  for (let turn = 1; turn <= turns; turn += 1) {
    const reply = await ask(talk, signal)
    if ('kind' in reply) return reply
    if (reply.stop === 'refused') return { kind: 'ended', why: 'the model refused to answer' }
    const calls = transcript.hear(reply)
    const answers: { id: string; text: string }[] = []
    for (const call of calls) {
      signal.throwIfAborted()
      const answer = isCut(reply) ? refused(prompts.section('notes', 'cut-call')) : await answered(call, talk, signal)
      watch.saw(call, answer.text)
      yield { kind: 'progress', message: `turn ${turn}: ${call.name}` }
      if (answer.ends) return { kind: 'reached' }
      answers.push({ id: call.id, text: answer.text })
    }
    if (calls.length === 0) watch.heardNothing()
    const stuck = watch.take()
    if (stuck !== undefined && (warned || stuck === 'no-tool-call')) return { kind: 'stuck', in: stuck }
    warned ||= stuck !== undefined
    transcript.answer(answers, [
      ...(calls.length === 0 ? [prompts.section('notes', isCut(reply) ? 'cut-text' : 'no-tool-call')] : []),
      ...(stuck === undefined ? [] : [prompts.section('notes', stuck)]),
      ...(turns - turn === LAST_CALL ? [prompts.section('notes', 'last-call', { turns: String(LAST_CALL) })] : []),
    ])
  }
  return { kind: 'ended', why: `it used up its ${turns} turns` }
}

/** Makes room before there is none, and once more if the endpoint counts differently. */
async function ask(talk: Talk, signal: AbortSignal): Promise<ModelReply | Ending> {
  const { conversation, transcript, version } = talk
  if (transcript.isFull()) transcript.compact()
  for (let again = false; ; again = true) {
    try {
      const reply = await conversation.ask(transcript.request(), version, signal)
      return 'spent' in reply ? { kind: 'ended', why: reply.spent, isSpent: true } : reply
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure
      if (failure.code === 'budget-exhausted' || failure.code === 'model-spend-limit') return { kind: 'ended', why: failure.message, isSpent: true, failure }
      if (failure.code !== 'model-context-exceeded') throw failure
      if (again || !transcript.compact()) return { kind: 'ended', why: failure.message }
    }
  }
}

/** What was answered before a kill is not worked out again; what it left on our side is. */
async function answered(call: ToolCall, { conversation, tools }: Talk, signal: AbortSignal): Promise<Answer> {
  const before = conversation.answered(call)
  if (before === undefined) return answerTo(call, tools, signal)
  if (tools.find(({ spec }) => spec.name === call.name)?.keeps) await answerTo(call, tools, signal)
  return { text: before }
}

/** It may have lost a part of any of its calls: none is carried out. */
function isCut({ stop }: ModelReply): boolean {
  return stop === 'output-limit' || stop === 'cut'
}
