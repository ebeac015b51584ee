import { type Certificate, neutralCode as code, type Dossier, type Expectation, fenced, type GateResult, neutral, tokensOf } from '@fixpoint/core'
import type { Rival } from '../steps/choose-patch.ts'

export interface ProposalText {
  readonly title: string
  readonly slug: string
  readonly body: string
  readonly message: string
  readonly question: string | undefined
}

const STRENGTH_SENTENCE = {
  verified: 'A test states what should happen; it failed before and passes now.',
  implicit: 'All that is known is that the failure is gone: no test states what should happen instead.',
  choice: 'More than one behaviour is defensible; a person should choose.',
  suggestion: 'A suggestion: the evidence does not carry more.',
} as const

/** A longer alternative is shown by its beginning. */
const MAXIMUM_DIFF = 8000

/** Title, body and commit message of a proposal, from the certificate. Foreign text is only ever shown inert. */
export function proposalText({ certificate, dossier, rival }: { certificate: Certificate; dossier: Dossier; rival: Rival | undefined }): ProposalText {
  const { origin, diff } = certificate.patch
  const error = certificate.report.errorType ?? 'failure'
  const suspect = dossier.suspects.find((each) => diff.includes(`b/${each.path}\n`)) ?? dossier.suspects[0]
  const place = suspect?.function ?? suspect?.path ?? 'the code'
  const title = neutral(`Fix ${error} in ${place}`.slice(0, 72))
  const question = rival ? questionOf(rival) : undefined
  const sections = [
    `${sentenceOf(origin.summary)}${origin.symptomOnly ? ' **This is a symptom fix**: it keeps the error from surfacing and does not say why the value was wrong.' : ''}`,
    `**Evidence: ${certificate.strength}.** ${STRENGTH_SENTENCE[certificate.strength]}`,
    question ? `## One question\n\n${question}` : '',
    `## Root cause\n\n${suspect ? placeOf(suspect) : 'unknown'}. Reproduced by \`${code(certificate.reproduction.tests[0]?.id ?? '')}\`: ${code(certificate.reproduction.failure.message.split('\n')[0] ?? '')}`,
    evidence(certificate),
    whatChanged(certificate),
    `## Gates\n\n| gate | result | why |\n|---|---|---|\n${certificate.verdict.gates.map(gateRow).join('\n')}`,
    contradicted(certificate),
    expectations(certificate),
    differences(certificate.verdict.gates),
    certificate.rejected.length > 0
      ? `## Rejected\n\n${certificate.rejected.map((each) => `- ${code(each.summary)}: refused by **${each.gate}** — ${code(each.why.split('\n')[0] ?? '')}`).join('\n')}`
      : '',
    took(certificate.asked),
    `## Run it again\n\n\`\`\`\nfixpoint verify --repo <dir> certificate.json\n\`\`\``,
  ]
  const body = `${sections.filter((section) => section !== '').join('\n\n')}\n`
  const message = `${title}\n\n${sentenceOf(origin.summary)}\n\n${STRENGTH_SENTENCE[certificate.strength]}\n\nFixpoint-Run: ${certificate.runId}\nAssisted-by: fixpoint:${origin.drafter}\n${origin.by === undefined ? '' : `Edited-by: ${neutral(origin.by)}\n`}`
  return { title, slug: slugOf(`${error} ${place}`), body, message, question }
}

function placeOf({ path, hotLine, lines, function: name }: Dossier['suspects'][number]): string {
  return `\`${code(path)}:${hotLine ?? lines[0]}\`${name ? ` in \`${code(name)}\`` : ''}`
}

/** Before and after, side by side: what a reviewer looks at first. */
function evidence({ reproduction, baseline, verdict }: Certificate): string {
  const count = (tests: Certificate['verdict']['testsAfter'], status: string) => tests.filter((test) => test.status === status).length
  const suite = (tests: Certificate['verdict']['testsAfter']) => `${count(tests, 'passed')} passed, ${count(tests, 'failed')} failed`
  // Those that we planted fail, and must.
  const known = new Set([...verdict.testsBefore.map(({ id }) => id), ...reproduction.tests.map(({ id }) => id)])
  const after = verdict.testsAfter.filter(({ id }) => known.has(id))
  const said = (name: GateResult['gate']) => verdict.gates.find((gate) => gate.gate === name)
  const rows = [
    ...reproduction.tests
      .slice(0, 3)
      .map(
        ({ id }) =>
          `| \`${cellText(id)}\` | fails: ${cellText(reproduction.failure.message.split('\n')[0] ?? '')} | ${said('reproduction')?.status === 'passed' ? 'passes, three of three' : 'see below'} |`,
      ),
    after.length > 0 ? `| the whole suite | ${suite(verdict.testsBefore)} | ${suite(after)} |` : '',
    baseline.flaky.length > 0 ? `| flaky, and counted for nothing | ${baseline.flaky.length} | |` : '',
    said('static') === undefined ? '' : `| type check and lint | | ${cellText(said('static')?.summary ?? '')} |`,
  ].filter((row) => row !== '')
  return `## Evidence\n\n| | before | after |\n|---|---|---|\n${rows.join('\n')}`
}

/** Which files, by how much, and what was left alone on purpose. */
function whatChanged({ patch, reproduction, policy, verdict }: Certificate): string {
  const needed = verdict.gates.some((gate) => gate.gate === 'necessity' && gate.status === 'passed')
  const files = patch.diff.split(/^diff --git /m).flatMap((part) => {
    const path = /^\+\+\+ b\/(.+)$/m.exec(part)?.[1] ?? /^--- a\/(.+)$/m.exec(part)?.[1]
    const lines = part.split('\n')
    const added = lines.filter((line) => /^\+(?!\+\+ )/.test(line)).length
    const removed = lines.filter((line) => /^-(?!-- )/.test(line)).length
    return path === undefined ? [] : [`- \`${code(path)}\` (+${added} −${removed})`]
  })
  const tests = reproduction.files.map(({ path }) => `- \`${code(path)}\` (new: the regression test)`)
  const kept = `Not touched: the tests, their settings and CI${policy.protectedPaths.length > 0 ? `, and what the settings protect (${policy.protectedPaths.length} patterns)` : ''}${needed ? '; every hunk is needed for the test to pass' : ''}.`
  return `## What changed\n\n${[...files.slice(0, 20), ...tests].join('\n')}\n\n${kept}`
}

/** What a drafter says of its patch: on one line, with a full stop. */
function sentenceOf(summary: string): string {
  const line = neutral(summary).replace(/\.$/, '')
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}.`
}

function took(asked: Certificate['asked']): string {
  const line = ({ lane, model, exchanges, usage, money }: (typeof asked)[number]) =>
    `| ${lane} | ${code(model)} | ${exchanges} | ${tokensOf(usage)} | ${money > 0 ? `$${money.toFixed(4)}` : '–'} |`
  return asked.length === 0 ? '' : `## What it took\n\n| lane | model | exchanges | tokens | cost |\n|---|---|---|---|---|\n${asked.map(line).join('\n')}`
}

function gateRow(gate: GateResult): string {
  return `| ${gate.gate} | ${gate.status} | ${plain(gate.summary)} |`
}

/** In red: what a person has to agree to before anything is merged. */
function contradicted({ verdict, patch: { origin } }: Certificate): string {
  const tests = verdict.contradicted ?? []
  if (tests.length === 0 || origin.contradicts === undefined) return ''
  const rows = tests.map(({ id, assertion, message }) => `| 🔴 ${cell(id)} | ${assertion === undefined ? '–' : cell(assertion)} | ${cell(message)} |`)
  return [
    '## Existing tests that fail with this patch',
    `They demand what the report calls wrong, its author says, and are left as they are: ${sentenceOf(origin.contradicts.why)} The report: "${neutral(origin.contradicts.quote)}"`,
    `| test | it demands | with the patch |\n|---|---|---|\n${rows.join('\n')}`,
  ].join('\n\n')
}

const MET = { yes: 'yes', no: '**no**', unclear: 'cannot be seen' } as const

/** Of a test that a model wrote: which of the report's sentences it states, and what a second reader says. */
function expectations({ reproduction, review }: Certificate): string {
  const written = (reproduction.expectations ?? []).map(expectationRow)
  const read = (review?.expectations ?? []).map(
    ({ quote, met, asserted, contradictedBy }) =>
      `| ${plain(quote)} | ${MET[met]} | ${asserted ? 'yes' : 'no'} | ${contradictedBy === undefined ? '–' : plain(contradictedBy)} |`,
  )
  return [
    ...(written.length === 0 ? [] : [`## What the test was written from\n\n| the report says | the test |\n|---|---|\n${written.join('\n')}`]),
    ...secondTest(reproduction),
    ...(read.length === 0
      ? []
      : [`## What a second reader says\n\n| the report says | done | asserted | otherwise in |\n|---|---|---|---|\n${read.join('\n')}`]),
  ].join('\n\n')
}

/** A test that a model wrote is one reading of the report. */
function secondTest({ second }: Certificate['reproduction']): string[] {
  if (second === undefined) return []
  if ('missing' in second) return [`There is no second test: ${plain(second.missing)}. What the test asks for is one reading of the report.`]
  const said =
    'A second test, written from the report by a mind that saw neither the first test nor a patch, fails on the base and passes with the patch. Both are part of the proposal: the gates were passed by both.'
  const rows = (second.expectations ?? []).map(expectationRow)
  return [`## What a second test says\n\n${said}${rows.length === 0 ? '' : `\n\n| the report says | the second test |\n|---|---|\n${rows.join('\n')}`}`]
}

function expectationRow({ quote, assertion, unstated }: Expectation): string {
  return `| ${plain(quote)} | ${assertion === undefined ? `not asserted: ${plain(unstated ?? '')}` : cell(assertion)} |`
}

function differences(gates: readonly GateResult[]): string {
  const shown = gates.flatMap((gate) => gate.differences).slice(0, 12)
  if (shown.length === 0) return ''
  return `## What behaves differently\n\n| call | before | after |\n|---|---|---|\n${shown.map((each) => `| ${cell(each.call)} | ${cell(each.before)} | ${cell(each.after)}${each.expected ? '' : ' (!)'} |`).join('\n')}`
}

function questionOf(rival: Rival): string {
  return `What should \`${code(rival.call)}\` do? This patch: ${code(rival.best)}. The alternative (${code(rival.other.candidate.origin.summary)}): ${code(rival.theirs)}.\n\n${fenced(rival.other.candidate.patch.diff, MAXIMUM_DIFF, 'diff')}`
}

function cellText(text: string): string {
  return code(text).replaceAll('|', '\\|')
}

function cell(text: string): string {
  return `\`${code(text).replaceAll('|', '\\|')}\``
}

/** In a table, not as code. */
function plain(text: string): string {
  return neutral(text).replaceAll('|', '\\|')
}

function slugOf(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40) || 'bug'
  )
}
