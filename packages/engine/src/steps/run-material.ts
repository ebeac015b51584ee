import { Baseline, BugReport, type Digest, type MappedFrame, Reproduction, type RunIn, type SourceSnapshot, type StackTrace } from '@fixpoint/core'
import { mapFrames, parseStackTraces } from '@fixpoint/intake'
import { PathPolicy } from '../path-policy.ts'
import { Workspace } from '../records.ts'
import type { StepContext } from '../tools.ts'
import { Workshop } from '../workshop.ts'

/** What nearly every handler needs of a run, read back from the artifacts. */
export interface RunMaterial {
  readonly report: BugReport
  readonly workspace: Workspace
  readonly source: SourceSnapshot
  readonly paths: PathPolicy
  /** Frames of all traces of the report that were found in the repository; the innermost error's first. */
  readonly frames: readonly MappedFrame[]
}

export async function runMaterial(
  run:
    | RunIn<'opened'>
    | RunIn<'reproduced'>
    | RunIn<'informed'>
    | RunIn<'drafted'>
    | RunIn<'minimised'>
    | RunIn<'judged'>
    | RunIn<'proposing'>
    | RunIn<'stuck'>,
  { archive, tools }: StepContext,
): Promise<RunMaterial> {
  const [report, workspace, source] = await Promise.all([
    archive.get(BugReport, run.report),
    archive.get(Workspace, run.workspace),
    tools.repository.snapshot(run.base),
  ])
  return { report, workspace, source, paths: new PathPolicy(source, workspace.project, run.policy), frames: framesIn(report.traces, source) }
}

/** The innermost error is the last cause: its frames come first. */
function framesIn(traces: readonly StackTrace[], source: SourceSnapshot): MappedFrame[] {
  return traces.flatMap((trace) => [
    ...framesIn(
      trace.causes.map((cause) => cause.trace),
      source,
    ),
    ...mapFrames(trace, source),
  ])
}

/** Frames of the report, then those of the failure that reproduces it: a report without a trace has only these. */
export function allFrames(material: RunMaterial, reproduction: Reproduction): readonly MappedFrame[] {
  const ours = framesIn(parseStackTraces(`${reproduction.failure.message}\n${reproduction.failure.stack}`), material.source)
  const known = new Set(material.frames.map((frame) => `${frame.path}:${frame.line}`))
  return [...material.frames, ...ours.filter((frame) => !known.has(`${frame.path}:${frame.line}`))]
}

export async function reproductionOf(
  run: { reproduction: Digest; baseline: Digest },
  { archive }: StepContext,
): Promise<{ reproduction: Reproduction; baseline: Baseline }> {
  const [reproduction, baseline] = await Promise.all([archive.get(Reproduction, run.reproduction), archive.get(Baseline, run.baseline)])
  return { reproduction, baseline }
}

export function workshopFor(run: { policy: RunIn<'opened'>['policy'] }, material: RunMaterial, context: StepContext): Workshop {
  const { tools, runId, signal, note } = context
  return new Workshop({ runId, tools, workspace: material.workspace, source: material.source, policy: run.policy, signal, note })
}
