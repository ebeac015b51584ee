import { fenced, neutral, neutralCode } from '@fixpoint/core'
import type { RunStatus } from './run-status.ts'

/** What we know of a report besides its run. */
export interface ThreadStatus {
  /** Who asked, as the host calls them. */
  readonly asked: string | undefined
  /** Why no run is under way: a gate, a problem with the settings, what is missing. Markdown of ours. */
  readonly held: string | undefined
  /** The service cannot go on with its run by itself. Why is its operator's business: the reason may hold words of this machine. */
  readonly parked: boolean
  /** What would help, asked for once. Markdown of ours. */
  readonly missing: string | undefined
  readonly run: RunStatus | undefined
  readonly runUrl: string | undefined
  /** Attempts at the pull request are over: a person has to go on. */
  readonly needsPerson: string | undefined
}

const GAVE_UP =
  'This run came to grief several times at the same place: its worker died, or something failed that should not. Whoever runs this Fixpoint finds the reason with the run. Nothing of it is lost: `/fixpoint retry` takes it up where it stopped, `/fixpoint stop` ends it.'

/** Characters of a diff that are shown in a comment. */
const DIFF = 20_000

export const STRENGTHS = {
  verified: 'a test states what should happen; it failed before and passes now',
  implicit: 'the failure is gone; no test states what should happen instead',
  choice: 'more than one behaviour is defensible: there is one question to answer',
  suggestion: 'a suggestion: the evidence does not carry more',
} as const

/** The one comment that we keep up to date. Foreign text in it notifies nobody, loads nothing and closes nothing. */
export function commentText(thread: ThreadStatus): string {
  const { run } = thread
  const parts = [
    `### ${headline(thread)}`,
    thread.held ?? '',
    thread.parked ? GAVE_UP : '',
    thread.missing ?? '',
    run === undefined ? '' : steps(run),
    run === undefined ? '' : lastWord(run),
    thread.needsPerson === undefined ? '' : `**A person has to go on from here:** ${thread.needsPerson}`,
    footer(thread),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** What it is about, on one line; also the title of the check. */
export function headline({ run, held, parked, missing, needsPerson }: ThreadStatus): string {
  if (parked) return 'Fixpoint cannot go on by itself'
  if (run === undefined)
    return missing !== undefined ? 'Fixpoint needs more to go on' : held !== undefined ? 'Fixpoint does not begin yet' : 'Fixpoint has seen this'
  if (run.outcome !== undefined) return OUTCOMES[run.outcome]
  if (needsPerson !== undefined) return 'Fixpoint needs a person'
  switch (run.phase) {
    case 'opened':
      return 'Fixpoint is making the failure happen'
    case 'reproduced':
    case 'informed':
      return run.published === undefined ? 'Fixpoint is looking for a fix' : 'Fixpoint is working on the changes that were asked for'
    case 'drafted':
    case 'minimised':
    case 'judged':
      return 'Fixpoint is judging a patch'
    case 'proposing':
      return run.awaitsApproval ? 'Fixpoint has a patch that waits for your word' : 'Fixpoint is opening a pull request'
    case 'proposed':
      return `Fixpoint proposes a fix${run.published?.pull === undefined ? '' : `: #${run.published.pull}`}`
    default:
      return 'Fixpoint is writing down what it found'
  }
}

const OUTCOMES = {
  merged: 'Fixed and merged',
  declined: 'The fix was declined',
  delivered: 'Fixpoint has a fix',
  abandoned: 'Fixpoint has no fix to propose',
  cancelled: 'Fixpoint was stopped',
} as const

function steps(run: RunStatus): string {
  const over = run.outcome !== undefined
  const mark = (done: boolean, under: boolean) => (done ? 'done' : under && !over ? 'under way' : over ? '–' : 'waits')
  const fixed = run.judged.some(({ verdict }) => verdict === 'fixed')
  const judged = run.judged.length
  const rows = [
    ['make it happen', mark(run.reproduced, run.phase === 'opened'), run.reproduced ? 'it fails here as the report says' : ''],
    ['find a patch', mark(judged > 0, run.reproduced && judged === 0), judged > 0 ? `${judged} judged` : ''],
    [
      'prove it',
      mark(fixed, judged > 0 && !fixed),
      run.judged
        .map(({ verdict, gate }) => (gate === undefined ? verdict : `${verdict} (${gate})`))
        .slice(-3)
        .join(', '),
    ],
    ['propose it', mark(run.published !== undefined, run.phase === 'proposing'), run.published?.pull === undefined ? '' : `#${run.published.pull}`],
  ]
  return `| step | | |\n|---|---|---|\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}`
}

function lastWord(run: RunStatus): string {
  const { proposal, diagnosis } = run
  const parts: string[] = []
  if (run.awaitsApproval && proposal !== undefined)
    parts.push(
      `${neutral(proposal.title)} — ${STRENGTHS[proposal.strength]}. It is not published by itself: \`/fixpoint approve\` opens the draft pull request, \`/fixpoint stop\` drops it.`,
      proposal.question === undefined ? '' : `**One question.** ${proposal.question}`,
      details('The patch', fenced(proposal.diff, DIFF, 'diff')),
    )
  if (run.phase === 'proposed' && proposal !== undefined) parts.push(`${neutral(proposal.title)} — **${proposal.strength}**: ${STRENGTHS[proposal.strength]}.`)
  if (diagnosis !== undefined && run.outcome !== 'merged') {
    parts.push(`**Why:** ${neutral(diagnosis.summary)}`)
    if (diagnosis.missingFact !== 'nothing') parts.push(`**What would help:** ${neutral(diagnosis.missingFact)}`)
    // What it says to somebody at a terminal is of no use here.
    if (!/^(?:fixpoint |$)/.test(diagnosis.nextCommand)) parts.push(`**What to do:** ${neutral(diagnosis.nextCommand)}`)
    const suspects = diagnosis.suspects
      .slice(0, 3)
      .map(
        ({ path, function: name, lines, hotLine }) =>
          `- \`${neutralCode(path)}:${hotLine ?? lines[0]}\`${name === undefined ? '' : ` in \`${neutralCode(name)}\``}`,
      )
    if (suspects.length > 0) parts.push(`Where it looked first:\n${suspects.join('\n')}`)
    if (diagnosis.explanation !== undefined) parts.push(details('A cause in a model’s words (words, no evidence)', neutral(diagnosis.explanation.text, 4000)))
    if (diagnosis.bestRejected !== undefined)
      parts.push(
        details(
          diagnosis.bestRejected.gate === 'review'
            ? 'The patch that passed every gate and is not proposed'
            : `The best patch that was refused, by the gate ${diagnosis.bestRejected.gate}`,
          `${neutral(diagnosis.bestRejected.why, 600)}\n\n${fenced(diagnosis.bestRejected.diff, DIFF, 'diff')}`,
        ),
      )
    if (diagnosis.tried.length > 0)
      parts.push(
        details(
          'What was tried',
          diagnosis.tried
            .slice(0, 15)
            .map((line) => `- ${neutral(line, 300)}`)
            .join('\n'),
        ),
      )
  }
  return parts.filter((part) => part !== '').join('\n\n')
}

function footer({ asked, run, parked, runUrl }: ThreadStatus): string {
  const spent = run === undefined || run.tokens === 0 ? '' : `${run.tokens} tokens${run.money > 0 ? `, $${run.money.toFixed(2)}` : ''}`
  const time = run === undefined || run.minutes < 0.1 ? '' : `${run.minutes.toFixed(1)} min`
  const over = run?.outcome !== undefined
  const commands = run === undefined || over || parked ? '`/fixpoint retry` · `/fixpoint help`' : '`/fixpoint stop` · `/fixpoint help`'
  const facts = [
    run?.run ?? '',
    asked === undefined ? '' : `asked by ${neutral(asked)}`,
    time,
    spent,
    commands,
    runUrl === undefined ? '' : `[details](${runUrl})`,
  ]
  return `<sub>${facts.filter((fact) => fact !== '').join(' · ')}</sub>`
}

function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`
}
