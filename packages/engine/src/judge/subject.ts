import type { Baseline, BugReport, Candidate, Environment, Ids, Policy, Reproduction, SourceSnapshot } from '@fixpoint/core'
import type { Syntax } from '@fixpoint/syntax'
import type { PathPolicy } from '../path-policy.ts'
import type { Workspace } from '../records.ts'
import type { TestRoom } from '../test-room.ts'
import type { KeepOutput } from './evidence.ts'

/** What is judged, and against what. */
export interface Subject {
  readonly candidate: Candidate
  readonly source: SourceSnapshot
  readonly workspace: Workspace
  readonly reproduction: Reproduction
  readonly baseline: Baseline
  readonly policy: Policy
  readonly report: Pick<BugReport, 'traces'> | undefined
}

/** What the judge works with. It opens its own rooms; a drafter's room never comes in here. */
export interface JudgeTools {
  readonly open: (edits: Subject['candidate']['patch']['edits']) => Promise<TestRoom>
  readonly environment: () => Promise<Environment>
  readonly paths: PathPolicy
  readonly syntax: Syntax
  readonly keep: KeepOutput
  readonly ids: Ids
  readonly note: (message: string) => void
  readonly signal: AbortSignal
  /** Rooms that may work at once. */
  readonly parallelRooms: number
}

/** The texts of the files that the reproduction's tests stand in. */
export function testTextsOf({ reproduction, source }: Subject): string[] {
  return reproduction.tests.flatMap((test) => reproduction.files.find((file) => file.path === test.file)?.content ?? source.text(test.file) ?? [])
}
