import type { GateResult, ProbeCall } from '@fixpoint/core'
import type { TestRoom } from '../test-room.ts'
import { notApplicable } from './evidence.ts'
import type { JudgeTools, Subject } from './subject.ts'
export async function behaviour(_subject: Subject, _room: TestRoom, _tools: JudgeTools): Promise<{ result: GateResult; probes: readonly ProbeCall[] }> {
  return { result: notApplicable('behaviour', 'calls are not recorded yet'), probes: [] }
}
