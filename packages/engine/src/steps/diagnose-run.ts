import { BugReport, Diagnosis, Dossier, type EventIn, Failure, isSurvivor, Reproduction, Review, type RunIn, type Suspect } from '@fixpoint/core'
import { mapFrames, withStandIns } from '@fixpoint/intake'
import { codeViewOf } from '../code-view.ts'
import { interlocutorOf } from '../interlocutors.ts'
import { objectionOf } from '../objection.ts'
import { FailureDetail, Findings, Judgement } from '../records.ts'
import { readingsOf } from '../reproduce/second-test.ts'
import type { StepContext } from '../tools.ts'
import { dossierOf } from './gather-dossier.ts'
import { UNREAD } from './review-patch.ts'
import { allFrames, runMaterial } from './run-material.ts'

/** Hands over what is known when there is no proposal. Needs artifacts only, so that it works when the world does not; a model may add its view. */
export async function diagnoseRun(run: RunIn<'stuck'>, context: StepContext): Promise<EventIn<'stuck'>> {
  const { archive } = context
  const judged = await Promise.all(run.judged.map((each) => archive.get(Judgement, each.judgement)))
  const findings = run.findings === undefined ? undefined : await archive.get(Findings.or(FailureDetail), run.findings)
  const explored: Findings = findings && 'tried' in findings ? findings : { tried: [] }
  const world = findings && 'code' in findings ? findings : undefined
  const unread = world?.step === 'publish-proposal' ? `it could not be published: ${world.message}` : (explored.unproposed ?? UNREAD)
  const best = (await unproposed(run, judged, unread, context)) ?? bestRejected(judged)
  const reproduction = run.reproduction === undefined ? undefined : await archive.get(Reproduction, run.reproduction)
  const readings = reproduction === undefined ? [] : readingsOf(reproduction)
  const words = sentences(run, world, { gate: best?.gate, isSplit: readings.length > 0, findings: explored })
  const suspects = (await suspectsOf(run, context)).slice(0, 5)
  const explanation = WORTH_EXPLAINING.has(run.reason)
    ? await explanationOf(run, [...readings, ...explored.tried, ...judged.map(refusalOf)], context)
    : undefined
  const diagnosis: Diagnosis = {
    reason: run.reason,
    summary: words.summary,
    suspects,
    ...(explanation ? { explanation } : {}),
    tried: [...readings, ...explored.tried, ...judged.map((each) => `${each.candidate.origin.summary}: ${each.verdict.name}`)],
    ...(best ? { bestRejected: best } : {}),
    missingFact: words.missingFact,
    nextCommand: words.nextCommand,
  }
  return { kind: 'run-diagnosed', diagnosis: await archive.put(Diagnosis, diagnosis) }
}

function refusalOf({ candidate, verdict }: Judgement): string {
  const gate = verdict.gates.find((each) => each.status === 'failed')
  return `a patch of ${candidate.origin.drafter} makes the reproduction pass (${candidate.origin.summary}); ${gate === undefined ? verdict.name : `the gate ${gate.gate} refused it: ${gate.summary}`}`
}

/** Reasons that lie in the defect; where the world failed, or nothing is left to spend, nobody is asked. */
const WORTH_EXPLAINING: ReadonlySet<Diagnosis['reason']> = new Set(['not-reproduced', 'no-patch', 'needs-a-person', 'budget-exhausted'])

/** By the last lane that has a model, which is the strongest. What keeps it from answering keeps no diagnosis from being handed over. */
async function explanationOf(run: RunIn<'stuck'>, findings: readonly string[], context: StepContext): Promise<Diagnosis['explanation']> {
  const { archive, tools, signal, note } = context
  const lane = run.policy.lanes.findLast((each) => each.model !== undefined)
  const model = lane === undefined ? undefined : interlocutorOf(run, lane.name, 'explain', context)
  if (model === undefined || tools.explainer === undefined) return undefined
  try {
    const material = await runMaterial(run, context)
    const reproduction = run.reproduction === undefined ? undefined : await archive.get(Reproduction, run.reproduction)
    const dossier = run.dossier === undefined ? await dossierOf(material, reproduction, context) : await archive.get(Dossier, run.dossier)
    const frames = reproduction === undefined ? material.frames : allFrames(material, reproduction)
    const task = { report: withStandIns(material.report), frames, reproduction, dossier, findings, source: material.source }
    return await tools.explainer.explain(task, { ...codeViewOf(material.source, tools, signal), model }, signal)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    note(`no explanation: ${error.message}`)
    return undefined
  }
}

/** The last patch that passed every gate and is not proposed: who read it objects, nobody could, or it could not be published. */
async function unproposed(run: RunIn<'stuck'>, judged: readonly Judgement[], unread: string, { archive }: StepContext): Promise<Diagnosis['bestRejected']> {
  const at = run.judged.findLastIndex((each) => isSurvivor(each) || each.objection !== undefined)
  const [patch, judgement] = [run.judged[at], judged[at]]
  if (patch === undefined || judgement === undefined) return undefined
  const why = patch.objection === undefined ? unread : objectionOf(await archive.get(Review, patch.objection))
  return { diff: judgement.candidate.patch.diff, gate: 'review', why }
}

/** The rejected patch that came furthest. */
function bestRejected(judged: readonly Judgement[]): Diagnosis['bestRejected'] {
  const refused = judged.filter(({ verdict }) => verdict.gates.some(({ status }) => status === 'failed'))
  const furthest = refused.sort((a, b) => b.verdict.gates.length - a.verdict.gates.length)[0]
  const gate = furthest?.verdict.gates.find((each) => each.status === 'failed')
  return furthest && gate ? { diff: furthest.lesson?.diff ?? '', gate: gate.gate, why: [gate.summary, ...gate.findings.slice(0, 2)].join('\n') } : undefined
}

async function suspectsOf(run: RunIn<'stuck'>, { archive, tools }: StepContext): Promise<Suspect[]> {
  if (run.dossier) return (await archive.get(Dossier, run.dossier)).suspects
  // Without a repository there is nothing to map frames to, and the diagnosis says so elsewhere.
  const source = await tools.repository.snapshot(run.base).catch(() => undefined)
  if (!source) return []
  const report = await archive.get(BugReport, run.report)
  return report.traces
    .flatMap((trace) => mapFrames(trace, source))
    .map((frame) => ({
      path: frame.path,
      ...(frame.function ? { function: frame.function } : {}),
      lines: [frame.line ?? 1, frame.line ?? 1] satisfies [number, number],
      ...(frame.line ? { hotLine: frame.line } : {}),
      score: frame.confidence / (1 + frame.depth),
      why: [{ lane: 'frame', weight: frame.confidence, evidence: `frame ${frame.depth} of the reported trace` }],
    }))
}

interface Sentences {
  readonly summary: string
  readonly missingFact: string
  readonly nextCommand: string
}

interface Known {
  readonly gate: string | undefined
  /** Two tests were written from the report. */
  readonly isSplit: boolean
  readonly findings: Findings
}

function sentences(run: RunIn<'stuck'>, world: FailureDetail | undefined, { gate, isSplit, findings }: Known): Sentences {
  const budget = run.policy.budget
  switch (run.reason) {
    case 'not-reproduced':
      return {
        summary: 'The reported failure could not be made to happen here, so nothing was changed.',
        missingFact: findings.missingFact ?? 'an input that makes it fail',
        nextCommand: findings.nextCommand ?? 'fixpoint fix --repo <dir> --report <file with more detail>',
      }
    case 'no-patch':
      return {
        summary: `The failure is reproduced, but ${run.policy.lanes.some((lane) => lane.model !== undefined) ? 'no patch came of it that was worth judging' : 'none of the known fix patterns makes it pass'}.`,
        missingFact: 'what the code should do instead: this defect needs more than one small edit',
        nextCommand: 'fixpoint runs show <run> — the suspects and the failing test are a head start for a person',
      }
    case 'needs-a-person':
      if (world !== undefined) return { summary: `${world.message}.`, missingFact: 'a person', nextCommand: world.hint }
      if (run.published !== undefined)
        return {
          summary: 'Nothing was found that does what was asked for and passes every gate.',
          missingFact: 'a person who makes the change, or more words on how it should be done',
          nextCommand: 'Say more in a comment, or push to the branch yourself.',
        }
      if (gate === 'review')
        return {
          summary: 'A patch passed every gate. It is not proposed: a second reading of the report objects to it, or could not be had.',
          missingFact: 'whether the patch does what the report says',
          nextCommand: 'fixpoint runs show <run> — read the patch and the objection',
        }
      if (isSplit)
        return {
          summary: 'Two minds read the report; each wrote a test that fails on the base, and no patch passes both. Nothing is proposed.',
          missingFact: 'which of the two tests says what the report means, or whether both do',
          nextCommand: 'fixpoint runs show <run> — read what each test expects, and say in the report which behaviour is meant',
        }
      return {
        summary: `${run.judged.length} patches make the reproduction pass; none of them passed every gate.`,
        missingFact: `whether the behaviour that the gate ${gate ?? ''} protects is wanted`,
        nextCommand: 'fixpoint runs show <run> — read the best rejected patch and the gate that refused it',
      }
    case 'budget-exhausted':
      return budget.attempts === 0
        ? {
            summary: 'The failure is reproduced. The budget allows no attempt, so nothing was drafted.',
            missingFact: 'a budget of at least one attempt',
            nextCommand: 'fixpoint fix --repo <dir> --report <file> --budget attempts=8',
          }
        : {
            summary: `The budget of ${budget.attempts} attempts is used up; no patch passed every gate.`,
            missingFact: 'a larger budget, or a person',
            nextCommand: `fixpoint fix --repo <dir> --report <file> --budget attempts=${budget.attempts * 2}`,
          }
    case 'time-exhausted':
      return {
        summary: world?.message ?? `The budget of ${budget.minutes} minutes is used up.`,
        missingFact: 'more time',
        nextCommand: `fixpoint fix --repo <dir> --report <file> --budget minutes=${Math.max(15, budget.minutes * 2)}`,
      }
    case 'refused-by-policy':
      return {
        summary: world?.message ?? 'The policy refuses this run.',
        missingFact: 'a policy that allows it',
        nextCommand: world?.hint ?? 'fixpoint doctor',
      }
    case 'model-unavailable':
      return {
        summary: world?.message ?? 'The model could not be asked.',
        missingFact: 'a model that answers',
        nextCommand: world?.hint ?? 'fixpoint models test',
      }
    case 'overtaken':
      return {
        summary: world?.message ?? 'The failure does not happen any more on the code as it is now: somebody else mended it meanwhile.',
        missingFact: 'nothing',
        nextCommand: world?.hint ?? 'fixpoint reproduce — if it is seen again',
      }
    case 'environment':
      return {
        summary: world ? `${world.step}: ${world.message}` : 'The environment failed.',
        missingFact: 'a working environment',
        nextCommand: world?.hint ?? 'fixpoint doctor',
      }
    default:
      return run.reason satisfies never
  }
}
