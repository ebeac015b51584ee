import { neutral, neutralCode, type ReproductionSource, type Suspect } from '@fixpoint/core'
import type { RunCause } from './run-cause.ts'
import type { RunStatus } from './run-status.ts'
import { headline, STRENGTHS, type ThreadStatus } from './status-text.ts'

/** Where people look at lines of a commit. */
export type LineUrl = (at: { readonly commit: string; readonly path: string; readonly lines: readonly [number, number] }) => string

const SUSPECTS = 5
const REASONS = 3
const REFUSED = 5

const MADE_BY: Readonly<Record<ReproductionSource, string>> = {
  'named-test': 'a test that the report names',
  'matching-test': 'a test of the repository that fails in this way already',
  snippet: 'the code that the report shows',
  command: 'the command that the report names',
  'replayed-calls': 'calls that the tests make, with other values',
  agent: 'a test that a model wrote from the report',
}

/** Why it fails, as far as it is known, with the evidence. Foreign text in it notifies nobody, loads nothing and closes nothing. */
export function causeText(thread: ThreadStatus, cause: RunCause, lineUrl: LineUrl): string {
  const { run } = thread
  const place = (path: string, lines: readonly [number, number]) => `[\`${neutralCode(path)}:${lines[0]}\`](${lineUrl({ commit: cause.base, path, lines })})`
  const parts = [
    '### What is known of the cause',
    failing(cause, place),
    reproduced(cause),
    suspected(cause.suspects, place),
    explained(cause, place),
    standing(thread),
    run === undefined ? '' : refused(run),
    `<sub>of ${run?.run ?? 'no run'} · made of what the run wrote down, on commit ${cause.base.slice(0, 12)} · \`/fixpoint help\`</sub>`,
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

type Place = (path: string, lines: readonly [number, number]) => string

/** What happened here goes before what was told. */
function failing({ reported, reproduction, suspects }: RunCause, place: Place): string {
  const error = reproduction?.failure ?? reported
  if (error === undefined) return ''
  const said = [error.errorType, error.message?.split('\n')[0]].filter((part) => part !== undefined && part !== '')
  const frame = suspects.find(({ hotLine }) => hotLine !== undefined)
  const at = frame?.hotLine === undefined ? '' : ` at ${place(frame.path, [frame.hotLine, frame.hotLine])}${inFunction(frame)}`
  // Many runners say the type in the message once more.
  const words = error.message?.startsWith(`${error.errorType}`) === true ? said.slice(1) : said
  return `**It fails with** \`${neutralCode(words.join(': '), 400)}\`${at}.`
}

function reproduced({ reproduction }: RunCause): string {
  if (reproduction === undefined) return '**It could not be made to happen here** so far.'
  const { source, tests, files, because } = reproduction
  const names = tests.slice(0, REASONS).map(({ id }) => `\`${neutralCode(id)}\``)
  const brought = files.length === 0 ? '' : ` (${files.map(({ path }) => `\`${neutralCode(path)}\``).join(', ')}, which the repository does not have)`
  return [
    `**It was made to happen here** by ${MADE_BY[source]}: ${names.join(', ')}${brought}.`,
    ...because.slice(0, REASONS).map((why) => `- ${neutral(why, 300)}`),
  ].join('\n')
}

function suspected(suspects: readonly Suspect[], place: Place): string {
  if (suspects.length === 0) return ''
  const rows = suspects.slice(0, SUSPECTS).map((suspect) => {
    const { path, lines, hotLine, why } = suspect
    const reasons = why.slice(0, REASONS).map(({ evidence }) => neutral(evidence, 120))
    return `1. ${place(path, hotLine === undefined ? lines : [hotLine, hotLine])}${inFunction(suspect)}${reasons.length === 0 ? '' : ` — ${reasons.join('; ')}`}`
  })
  return `**Where the cause may lie**, likeliest first:\n${rows.join('\n')}`
}

function explained({ explanation }: RunCause, place: Place): string {
  if (explanation === undefined) return ''
  const shown = explanation.evidence.map(({ path, lines, why }) => `- ${place(path, lines)} — ${neutral(why, 300)}`)
  return [`**In a model’s words** (${neutral(explanation.model, 100)}; words, no evidence): ${neutral(explanation.text, 4000)}`, ...shown].join('\n')
}

function standing(thread: ThreadStatus): string {
  const { run } = thread
  if (run === undefined) return ''
  const { proposal, published, diagnosis } = run
  if (diagnosis !== undefined && run.outcome !== 'merged')
    return `**Why nothing${published === undefined ? '' : ' more'} is proposed:** ${neutral(diagnosis.summary)}`
  if (proposal === undefined) return `**How it stands:** ${headline(thread)}.`
  const where = published?.pull === undefined ? 'waits' : `is #${published.pull}`
  return `**What is proposed** ${where}: ${neutral(proposal.title)} — ${STRENGTHS[proposal.strength]}.`
}

function refused({ judged }: RunStatus): string {
  const rows = judged.filter(({ gate }) => gate !== undefined).map(({ summary, gate }) => `- ${neutral(summary, 200)} — refused by the gate ${gate}`)
  return rows.length === 0 ? '' : `**What was judged and is not good enough:**\n${rows.slice(-REFUSED).join('\n')}`
}

function inFunction({ function: name }: Suspect): string {
  return name === undefined ? '' : ` in \`${neutralCode(name)}\``
}
