import { type Certificate, type Diagnosis, type GateResult, inert, type Reproduction } from '@fixpoint/core'
import type { PlannedProposal } from '@fixpoint/engine'
import type { Screen } from './terminal.ts'

/** The proposal, as a person reads it on a terminal. */
export function showProposal(screen: Screen, proposal: PlannedProposal, certificate: Certificate): void {
  const { bold, green, red, yellow, dim } = screen.colors
  const mark = (gate: GateResult) => (gate.status === 'passed' ? green('✔') : gate.status === 'failed' ? red('✘') : dim('–'))
  screen.line('')
  screen.line(bold(proposal.title))
  screen.line(inert(certificate.patch.origin.summary, 700))
  screen.line(proposal.strength === 'verified' ? green(`evidence: ${proposal.strength}`) : yellow(`evidence: ${proposal.strength}`))
  if (certificate.patch.origin.symptomOnly) screen.line(yellow('a symptom fix: it keeps the error from surfacing'))
  screen.line('')
  for (const line of proposal.diff.trimEnd().split('\n')) screen.line(colored(screen, inert(line, 400)))
  screen.line('')
  for (const gate of certificate.verdict.gates) {
    screen.line(`${mark(gate)} ${gate.gate.padEnd(12)} ${inert(gate.summary, 200)}`)
    for (const difference of gate.differences.slice(0, 5))
      screen.line(
        dim(`    ${inert(difference.call, 100)}: ${inert(difference.before, 80)} → ${inert(difference.after, 80)}${difference.expected ? '' : '  (!)'}`),
      )
  }
  if (certificate.rejected.length > 0) {
    screen.line('')
    screen.line(bold('passed the failing test, and rejected all the same'))
    for (const rejected of certificate.rejected) {
      screen.line(`${red('✘')} ${inert(rejected.summary, 160)}`)
      screen.line(dim(`    gate ${rejected.gate}: ${inert(rejected.why, 300).split('\n')[0]}`))
    }
  }
  if (proposal.question) {
    screen.line('')
    screen.line(yellow('One question for a person:'))
    for (const line of inert(proposal.question, 4000).split('\n')) screen.line(`  ${line}`)
  }
}

/** What is known of a failure: how it is made to happen, and where its cause may lie. */
export function showKnown(
  screen: Screen,
  { reproduction, files, diagnosis }: { reproduction: Reproduction | undefined; files: readonly string[]; diagnosis?: Diagnosis },
): void {
  const { bold, green, yellow, dim } = screen.colors
  screen.line('')
  if (reproduction === undefined) screen.line(bold(yellow('Not reproduced')))
  else {
    screen.line(bold(green(`Reproduced by ${inert(reproduction.tests[0]?.id ?? '', 200)}`)))
    for (const line of inert(reproduction.failure.message, 2000).split('\n').slice(0, 12)) screen.line(`  ${line}`)
    for (const because of reproduction.because) screen.line(dim(`  ${inert(because, 300)}`))
    for (const [index, file] of files.entries()) screen.line(`wrote     ${file} ${dim(`for ${reproduction.files[index]?.path ?? ''}`)}`)
  }
  if (diagnosis !== undefined) showFindings(screen, diagnosis)
}

/** The diagnosis of a run that ended without a proposal. */
export function showDiagnosis(screen: Screen, diagnosis: Diagnosis): void {
  const { bold, yellow } = screen.colors
  screen.line('')
  screen.line(bold(yellow(`No proposal: ${diagnosis.reason.replaceAll('-', ' ')}`)))
  screen.line(inert(diagnosis.summary))
  showFindings(screen, diagnosis)
  if (diagnosis.bestRejected) {
    screen.line(bold(`best rejected patch (gate ${diagnosis.bestRejected.gate}: ${inert(diagnosis.bestRejected.why, 200).split('\n')[0]})`))
    for (const line of diagnosis.bestRejected.diff.trimEnd().split('\n')) screen.line(colored(screen, inert(line, 400)))
  }
  screen.line(`${bold('missing')}  ${inert(diagnosis.missingFact)}`)
  screen.line(`${bold('next')}     ${inert(diagnosis.nextCommand)}`)
}

function showFindings(screen: Screen, diagnosis: Diagnosis): void {
  const { bold, dim } = screen.colors
  if (diagnosis.suspects.length > 0) screen.line(bold('suspects'))
  for (const suspect of diagnosis.suspects)
    screen.line(
      `  ${suspect.path}:${suspect.hotLine ?? suspect.lines[0]} ${suspect.function ?? ''} ${dim(
        suspect.why
          .map((why) => inert(why.evidence, 100))
          .slice(0, 2)
          .join('; '),
      )}`,
    )
  if (diagnosis.tried.length > 0) screen.line(bold('tried'))
  for (const tried of diagnosis.tried.slice(0, 20)) screen.line(`  ${inert(tried, 300)}`)
  if (diagnosis.explanation) {
    screen.line(bold(`cause, as ${inert(diagnosis.explanation.model, 80)} sees it`))
    for (const line of inert(diagnosis.explanation.text, 4000).split('\n')) screen.line(`  ${line}`)
    for (const { path, lines, why } of diagnosis.explanation.evidence)
      screen.line(`  ${path}:${lines[0]}${lines[1] > lines[0] ? `-${lines[1]}` : ''} ${dim(inert(why, 200))}`)
  }
}

function colored(screen: Screen, line: string): string {
  if (line.startsWith('+')) return screen.colors.green(line)
  if (line.startsWith('-')) return screen.colors.red(line)
  return line.startsWith('@@') ? screen.colors.cyan(line) : line
}

/** A path as a person has to type it. */
export function typed(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${inert(path).replaceAll("'", `'\\''`)}'`
}
