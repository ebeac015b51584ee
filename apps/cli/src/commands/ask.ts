import { resolve } from 'node:path'
import { createExplainer } from '@fixpoint/agent'
import { gatherDossier, IgnoreGate } from '@fixpoint/context'
import { type Dossier, type Explanation, inert, type Lane, RunId, type SourceSnapshot } from '@fixpoint/core'
import { Archive, codeViewOf, Workspace } from '@fixpoint/engine'
import { reportFrom } from '@fixpoint/intake'
import { withBudget } from '@fixpoint/models'
import { detectProject } from '@fixpoint/test-runners'
import { type Composed, compose, composeStore } from '../compose.ts'
import { DirectInterlocutor } from '../direct-interlocutor.ts'
import type { Env } from '../env.ts'
import { ExitCode, UsageError } from '../exit-codes.ts'
import { knownRun } from '../known-run.ts'
import { budgetFor, lanesFor } from '../lanes.ts'
import { runFacts } from '../present/run-facts.ts'
import type { Screen } from '../present/terminal.ts'
import { RunLedger } from '../run-ledger.ts'
import { lanesSetUp, loadAgentWords, openableLanes, openLanes, operatorsModels } from '../run-models.ts'
import { parseBudget } from '../settings.ts'
import { wholeExchange } from './exchanges.ts'
import { interruptible } from './interruptible.ts'

export interface AskOptions {
  readonly repo?: string
  readonly run?: string
  readonly lane?: string
  readonly model?: string
  readonly budget?: string
  /** Every word that was sent and said. */
  readonly prompt?: boolean
  readonly json?: boolean
}

/** Whoever asks has no run; its calls are reserved under this name. */
const NOBODY = RunId.parse(`run_${'0'.repeat(26)}`)
const COMMITS_READ = 500

/** Answers a question about a repository or a run, with the lines that show it. Without a model: the places that the question leads to. */
export async function ask(question: string, options: AskOptions, env: Env, screen: Screen): Promise<ExitCode> {
  const about = await subjectOf(options, env)
  await using hands = await compose(about.folder, env)
  const source = await hands.tools.repository.snapshot(await hands.tools.repository.resolve(about.base))
  const dossier = await dossierFor(question, source, hands)
  const facts = [...repositoryFacts(source, dossier), ...about.facts]
  const answer = await answered(question, { facts, dossier, source, hands, options, env, screen })
  if (options.json) process.stdout.write(`${JSON.stringify({ type: 'answer', answer: answer ?? null, places: dossier.suspects, facts })}\n`)
  else if (answer !== undefined) showAnswer(answer, screen)
  else showPlaces(dossier, about.facts, screen)
  return ExitCode.delivered
}

interface Subject {
  readonly folder: string
  readonly base: string | undefined
  readonly facts: readonly string[]
}

async function subjectOf({ repo, run }: AskOptions, env: Env): Promise<Subject> {
  if (run === undefined) {
    if (repo === undefined) throw new UsageError('nobody knows what the question is about', 'Say --repo <dir>, or --run <run>.')
    return { folder: resolve(repo), base: undefined, facts: [] }
  }
  const { journal, artifacts } = composeStore(env)
  const { entries } = await knownRun(run, journal)
  const first = entries[0]?.event
  if (first?.kind !== 'run-opened') throw new UsageError(`${run} was never opened`, 'fixpoint runs list')
  const archive = new Archive(artifacts)
  const { repository } = await archive.get(Workspace, first.workspace)
  return { folder: repo === undefined ? repository : resolve(repo), base: first.base, facts: await runFacts(entries, archive) }
}

/** The question leads to places as a report does. */
async function dossierFor(question: string, source: SourceSnapshot, { tools }: Composed): Promise<Dossier> {
  const report = await reportFrom(question, 'file')
  if ('refused' in report) throw new UsageError(`the question is ${report.refused}`, report.hint)
  const detected = detectProject(source, { deps: 'install' })
  const signal = new AbortController().signal
  return gatherDossier(
    { report, frames: [], testFiles: 'unsupported' in detected ? [] : detected.project.testFiles, ignore: new IgnoreGate(source) },
    {
      search: { search: (patterns, limit) => tools.search.search(source, patterns, { limit, signal }) },
      history: await tools.history.recent(source.commit, COMMITS_READ),
      syntax: tools.syntax,
    },
  )
}

function repositoryFacts(source: SourceSnapshot, { history }: Dossier): string[] {
  const detected = detectProject(source, { deps: 'install' })
  return [
    `the tree at ${source.commit.slice(0, 12)} has ${source.list().length} files`,
    'unsupported' in detected ? detected.unsupported : `tests: ${detected.project.runner}, ${detected.project.testFiles.length} files`,
    ...history.map(({ commit, subject }) => `commit ${commit.slice(0, 12)}: ${inert(subject, 200)}`),
  ]
}

interface Asking {
  readonly facts: readonly string[]
  readonly dossier: Dossier
  readonly source: SourceSnapshot
  readonly hands: Composed
  readonly options: AskOptions
  readonly env: Env
  readonly screen: Screen
}

/** By the last lane that can be asked, which is the strongest; undefined without one, or when it gave no answer. */
async function answered(question: string, { facts, dossier, source, hands, options, env, screen }: Asking): Promise<Explanation | undefined> {
  const { models: settings, perRun } = await operatorsModels(env)
  const surroundings = { env, settings, warn: (text: string) => screen.line(screen.colors.yellow(text)) }
  const wished = options.lane !== undefined || options.model !== undefined
  const lanes = await openableLanes(lanesFor(options, lanesSetUp(settings)), wished, surroundings)
  const lane = lanes.lanes.findLast((each): each is Lane & { model: string } => each.model !== undefined)
  if (lane === undefined) return undefined
  await using opened = await openLanes([lane], surroundings)
  const model = opened.lanes.get(lane.name)
  if (model === undefined) return undefined
  const { money, tokens } = budgetFor(lanes, parseBudget(options.budget))
  const ledger = new RunLedger({ money: 0, tokens: 0 }, perRun)
  const interlocutor = new DirectInterlocutor(
    withBudget(model, { ledger, run: NOBODY, repository: hands.tools.repository.workTree, budget: { money, tokens } }),
  )
  const answer = await interruptible(screen, async (signal) => {
    screen.doing(`asking ${lane.model}`)
    const view = codeViewOf(source, hands.tools, signal)
    return createExplainer(await loadAgentWords()).ask({ question, facts, dossier, source }, { ...view, model: interlocutor }, signal)
  }).finally(() => screen.doing(undefined))
  if (options.prompt) for (const exchange of interlocutor.exchanges) process.stdout.write(wholeExchange(`ask · ${exchange.model}`, exchange))
  screen.line(screen.colors.dim(`asked     ${lane.model}: ${interlocutor.inWords()}`))
  return answer
}

function showAnswer({ text, evidence }: Explanation, screen: Screen): void {
  process.stdout.write(`${inert(text, 8000)}\n`)
  for (const { path, lines, why } of evidence)
    process.stdout.write(`  ${path}:${lines[0]}${lines[1] > lines[0] ? `-${lines[1]}` : ''} ${screen.colors.dim(inert(why, 200))}\n`)
}

function showPlaces({ suspects }: Dossier, facts: readonly string[], screen: Screen): void {
  screen.line('No model is set up (docs/models.md): these are the places that the question leads to.')
  for (const fact of facts) process.stdout.write(`${inert(fact, 400)}\n`)
  for (const { path, lines, function: name, why } of suspects.slice(0, 10))
    process.stdout.write(`${path}:${lines[0]}-${lines[1]} ${name ?? ''} ${why.map(({ evidence }) => inert(evidence, 120)).join('; ')}\n`)
}
