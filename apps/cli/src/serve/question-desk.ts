import { createExplainer } from '@fixpoint/agent'
import {
  type Artifacts,
  Dossier,
  type Explanation,
  Failure,
  type Ids,
  type Journal,
  type JournalEntry,
  type Ledger,
  type ModelEvent,
  RunId,
  type SourceSnapshot,
} from '@fixpoint/core'
import { Archive, codeViewOf } from '@fixpoint/engine'
import { listedModels, withBudget } from '@fixpoint/models'
import type { Answer, AnswerNews, QuestionDesk } from '@fixpoint/server'
import { DirectInterlocutor } from '../direct-interlocutor.ts'
import type { Env } from '../env.ts'
import { chooseModels } from '../model-settings.ts'
import { runFacts } from '../present/run-facts.ts'
import { loadAgentWords, openLanes } from '../run-models.ts'
import { codePlace } from './code-place.ts'
import type { OperatorSettings } from './operator-settings.ts'
import type { Premises } from './premises.ts'
import type { ReadableCode } from './readable-code.ts'
import type { ServiceRuns } from './service-runs.ts'

interface Hands {
  readonly stores: { readonly journal: Pick<Journal, 'read'>; readonly artifacts: Artifacts }
  readonly runs: Pick<ServiceRuns, 'premisesOf'>
  readonly ledger: Ledger
  readonly ids: Ids
  readonly env: Env
  readonly settings: Pick<OperatorSettings, 'models' | 'questions'>
  readonly code: ReadableCode
  readonly warn: (message: string) => void
}

/** Answers people's questions about runs by the last lane that can be asked, which is the strongest. Undefined when there is none. */
export function questionDesk({ env, settings, stores, ledger, runs, ids, code, warn }: Hands): QuestionDesk | undefined {
  const models = chooseModels(settings.models, env).settings
  const lane = listedModels(models, (variable) => env.named?.(variable)).findLast(({ keyFrom, keySet }) => keyFrom === undefined || keySet)?.lane
  if (lane?.model === undefined) return undefined
  const asked = { ...lane, model: lane.model }
  return {
    model: asked.model,
    atMost: settings.questions,
    async ask(run, question, tell, signal) {
      const entries = await stores.journal.read(run)
      const archive = new Archive(stores.artifacts)
      const { opened, base, dossier } = await subjectOf(entries, archive)
      const premises = await runs.premisesOf(opened)
      await using lanes = await openLanes([asked], { env, settings: models, warn })
      const model = lanes.lanes.get(asked.name)
      if (model === undefined) throw new Failure('settings-invalid', `${asked.model} cannot be asked`, 'fixpoint models list shows what it wants.')
      // Each question has a budget of its own; the days of the repository and of everybody hold for it too.
      const budget = { ledger, run: RunId.parse(`run_${ids.sortable()}`), repository: premises.name, budget: settings.questions }
      const interlocutor = new DirectInterlocutor(withBudget(model, budget), (event) => newsOf(event).forEach(tell))
      return await code.read(premises, base, async ({ source, search, syntax }) => {
        const facts = await runFacts(entries, archive)
        const tools = { ...codeViewOf(source, { search, syntax }, signal), model: interlocutor }
        const answer = await createExplainer(await loadAgentWords()).ask({ question, facts, dossier, source }, tools, signal)
        return { ...told(answer, source, premises), model: asked.model, spent: interlocutor.spent() }
      })
    },
  }
}

async function subjectOf(entries: readonly JournalEntry[], archive: Archive) {
  const opened = entries[0]?.event
  if (opened?.kind !== 'run-opened') throw new Failure('artifact-missing', 'the run was never opened', 'Ask again when it has begun.')
  const moved = entries.findLast(({ event }) => event.kind === 'base-moved')?.event
  const gathered = entries.findLast(({ event }) => event.kind === 'dossier-gathered')?.event
  return {
    opened,
    base: moved?.kind === 'base-moved' ? moved.base : opened.base,
    // It may have expired: the code is there all the same.
    dossier: gathered?.kind === 'dossier-gathered' ? await archive.get(Dossier, gathered.dossier).catch(() => undefined) : undefined,
  }
}

function told(answer: Explanation | undefined, source: SourceSnapshot, premises: Premises): Pick<Answer, 'text' | 'places'> {
  const places = (answer?.evidence ?? []).map(({ path, lines, why }) => ({ ...codePlace(source, path, lines, premises), why }))
  return { ...(answer !== undefined && { text: answer.text }), places }
}

/** What a reader is told of it: the argument by which they recognise what is looked at. */
function newsOf(event: ModelEvent): AnswerNews[] {
  if (event.kind === 'text') return [{ kind: 'words', text: event.text }]
  if (event.kind !== 'tool-call' || event.call.name === 'answer') return []
  const { path, name, text, pattern } = event.call.input as Record<string, unknown>
  const at = [path, name, text, pattern].find((each) => typeof each === 'string')
  return [{ kind: 'looking', tool: event.call.name, at: typeof at === 'string' ? at.slice(0, 200) : '' }]
}
