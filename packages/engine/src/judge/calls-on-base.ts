import type { ProbeCall } from '@fixpoint/core'
import { type ProbeOutcome, recordProbes, runProbes, worthReplaying } from '@fixpoint/patterns'
import { testStyle } from '@fixpoint/test-runners'
import { hunksOf } from '../diff.ts'
import type { JudgeTools, Subject } from './subject.ts'

const PROBES = 80

/** Calls of what a patch touches, each with what it answers without the patch; or why there are none. */
export type CallsOnBase = { readonly answered: readonly ProbeOutcome[] } | { readonly none: string }

/** Records how the suite calls the functions that the patch touches, makes up others, and replays all of them: in a room that never saw the patch. */
export async function callsOnBase(subject: Subject, tools: JudgeTools, signal: AbortSignal): Promise<CallsOnBase> {
  const { source, baseline, policy, reproduction, candidate } = subject
  const { project } = subject.workspace
  if (project.runner === 'command') return { none: 'a custom test command gives no way to record calls' }
  await using room = await tools.open(reproduction.files.map(({ path, content }) => ({ path, content })))
  const base = { room, source, style: testStyle(project, source), nonce: () => tools.ids.nonce(), syntax: tools.syntax }
  const touched = hunksOf(source, candidate.patch.edits).map(({ path, line }) => ({ path, line }))
  const options = { limit: PROBES, timeoutMs: policy.testTimeoutMs, suiteMs: baseline.durationMs }
  const recorded = await recordProbes(base, project, touched, options, signal)
  const replay = async (calls: readonly ProbeCall[]) => {
    await room.reset()
    return runProbes(base, calls, signal)
  }
  const worth = recorded.length === 0 ? [] : worthReplaying(await replay(recorded))
  if (worth.length === 0) return { none: 'no call of what the patch touches could be recorded or made up' }
  // What answers differently on the same tree (a clock, a random number) says nothing about the patch.
  const answered = (await replay(worth)).filter(({ call, outcome }) => outcome === call.outcome)
  return answered.length === 0 ? { none: `${worth.length} calls replayed: each answers differently every time` } : { answered }
}
