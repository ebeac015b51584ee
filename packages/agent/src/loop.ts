import { type Conversation, ModelFailure, type ModelReply, type Spent, type ToolCall } from '@fixpoint/core'
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

/** `reached`: a tool said that the aim is reached. */
export type Ending = { readonly kind: 'reached' } | { readonly kind: 'stuck'; readonly in: Stuckness } | { readonly kind: 'ended'; readonly why: string }

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
    if ('spent' in reply) return { kind: 'ended', why: reply.spent }
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
async function ask({ conversation, transcript, version }: Talk, signal: AbortSignal): Promise<ModelReply | Spent> {
  if (transcript.isFull()) transcript.compact()
  try {
    return await conversation.ask(transcript.request(), version, signal)
  } catch (error) {
    if (!(error instanceof ModelFailure) || error.code !== 'model-context-exceeded') throw error
    if (!transcript.compact()) return { spent: error.message }
  }
  return conversation.ask(transcript.request(), version, signal)
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
