import {
  Baseline,
  type Dossier,
  type EventIn,
  type Interlocutor,
  type Reproducer,
  type ReproduceTask,
  type ReproduceTools,
  Reproduction,
  type RunIn,
  type TestRun,
} from '@fixpoint/core'
import { withStandIns } from '@fixpoint/intake'
import { interlocutorOf } from '../interlocutors.ts'
import { evidenceOf, outputKeeper } from '../judge/evidence.ts'
import { Findings } from '../records.ts'
import { confirm, reproducingHands } from '../reproduce/reproducing.ts'
import { matchingTestReproducer, namedTestReproducer } from '../reproduce/suite-reproducers.ts'
import { takeBaseline } from '../reproduce/take-baseline.ts'
import { commandReproducer, snippetReproducer } from '../reproduce/written-reproducers.ts'
import type { StepContext } from '../tools.ts'
import { dossierOf } from './gather-dossier.ts'
import { type RunMaterial, runMaterial, workshopFor } from './run-material.ts'

/** Nothing is drafted before the failure is ours: ways to get it, in order of trust. */
export async function reproduceBug(run: RunIn<'opened'>, context: StepContext): Promise<EventIn<'opened'>> {
  const { archive, note, signal } = context
  const material = await runMaterial(run, context)
  await using workshop = workshopFor(run, material, context)
  const room = await workshop.open()
  const { baseline, suite } = await takeBaseline({ room, open: context.tools.parallelRooms > 1 ? () => workshop.open() : undefined }, signal, note)

  const task: ReproduceTask = {
    report: material.report,
    frames: material.frames,
    project: material.workspace.project,
    baseline,
    suite,
    source: material.source,
  }
  let dossier: Promise<Dossier> | undefined
  const hands: Omit<ReproduceTools, 'model'> = {
    ...reproducingHands(material, room, context),
    dossier: () => {
      dossier ??= dossierOf(material, undefined, context)
      return dossier
    },
  }
  const tried: string[] = []
  for (const { reproducer, model } of waysToReproduce(run, context)) {
    for await (const event of reproducer.reproduce(model === undefined ? task : { ...task, report: withStandIns(task.report) }, { ...hands, model }, signal)) {
      if (event.kind === 'progress') note(event.message)
      else if (event.kind === 'gave-up') tried.push(...event.tried)
      else {
        const doubt = await confirm(event.reproduction, material, room, signal)
        if (doubt === undefined) {
          note(`reproduced: ${event.reproduction.tests[0]?.id} — ${event.reproduction.failure.message.split('\n')[0]?.slice(0, 160)}`)
          return {
            kind: 'bug-reproduced',
            reproduction: await archive.put(Reproduction, event.reproduction),
            baseline: await archive.put(Baseline, { ...baseline, suite: await evidenceOf(suite, 'base', outputKeeper(context.tools.artifacts)) }),
            source: event.reproduction.source,
          }
        }
        tried.push(`${reproducer.name}: ${doubt}`)
      }
    }
  }
  return { kind: 'bug-not-reproduced', findings: await archive.put(Findings, { tried, baseline, ...missing(material, baseline, suite) }) }
}

/** In order of trust; one that needs a model comes once for each lane that has one. */
function* waysToReproduce(run: RunIn<'opened'>, context: StepContext): Generator<{ reproducer: Reproducer; model: Interlocutor | undefined }> {
  const own = [namedTestReproducer, snippetReproducer, commandReproducer, matchingTestReproducer, ...context.tools.reproducers]
  // Who only reads stays apart: the first test is not to be known to whoever writes the second.
  const authors = run.policy.lanes.filter(({ attempts }) => attempts !== 0)
  const models = authors.flatMap((lane) => interlocutorOf(run, lane.name, 'reproduce', context) ?? [])
  for (const reproducer of own) for (const model of reproducer.needsModel ? models : [undefined]) yield { reproducer, model }
}

function missing(material: RunMaterial, baseline: Baseline, suite: TestRun): Pick<Findings, 'missingFact' | 'nextCommand'> {
  const { frames } = material
  if (suite.timedOut)
    return {
      missingFact: `a suite that ends: one run of the tests did not within ${Math.round(suite.durationMs / 1000)} s`,
      nextCommand: 'run only the tests that end with --test "<command>", or give them longer with testTimeout in .github/fixpoint.yml',
    }
  if (baseline.problem)
    return {
      missingFact: `a suite that runs: ${baseline.problem}`,
      nextCommand: 'fixpoint fix --repo <dir> --test "<command that runs your tests>" --report <file>',
    }
  if (material.report.origin === 'suite')
    return {
      missingFact:
        baseline.flaky.length > 0
          ? `a test that fails every time: ${baseline.flaky[0]} fails now and then, and no report was given`
          : 'what is wrong: the suite passes and no report was given',
      nextCommand: 'fixpoint fix --repo <dir> --report <file with the stack trace or the issue>',
    }
  if (material.report.traces.length === 0) {
    return baseline.failing.length > 0
      ? {
          missingFact: `which of the ${baseline.failing.length} failing tests shows it, for example ${baseline.failing[0]}`,
          nextCommand: 'add a line "FAIL <name of the test>" to the report and run the command again',
        }
      : {
          missingFact: 'a stack trace, a failing test or a piece of code that shows the failure',
          nextCommand: 'add one of them to the report and run the command again',
        }
  }
  if (frames.length === 0)
    return {
      missingFact: 'a frame of the trace that is a file of this repository: is it the right repository and revision?',
      nextCommand: 'fixpoint fix --repo <the repository that the trace comes from> --report <file>',
    }
  return {
    missingFact: `the input that made ${frames[0]?.function ?? frames[0]?.path} fail in production`,
    nextCommand: 'write a failing test with that input, name it in the report and run the command again',
  }
}
