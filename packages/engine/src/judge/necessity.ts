import type { GateResult, TestSelection } from '@fixpoint/core'
import { hunksOf, withoutHunk } from '../diff.ts'
import type { TestRoom } from '../test-room.ts'
import { keepsPassing, passes } from '../test-room.ts'
import { failed, firstFew, notApplicable, passed } from './evidence.ts'
import type { JudgeTools, Subject } from './subject.ts'

/** Gate 6: without any one of its hunks the reproduction fails, or a test that passed on the base, or what parsed no longer does. */
export async function necessity(subject: Subject, room: TestRoom, tools: JudgeTools): Promise<GateResult> {
  const { patch, origin } = subject.candidate
  const { edits } = patch
  const { baseline } = subject
  const hunks = hunksOf(subject.source, edits)
  if (hunks.length <= 1) return passed('necessity', 'one hunk, and the reproduction fails without it')
  const selection: TestSelection = { kind: 'tests', tests: subject.reproduction.tests }
  const idle: string[] = []
  for (const hunk of hunks) {
    const rest = withoutHunk(subject.source, edits, hunk)
    if (rest.some((edit) => edit.content !== null && tools.syntax.error(edit.path, edit.content) !== undefined)) continue
    await room.reset()
    await room.lay(rest, edits)
    if (!passes(await room.test(selection, tools.signal), selection)) continue
    // A part of a fix can mend what was reported and break what the rest of it keeps whole.
    if (baseline.problem !== undefined || keepsPassing(await room.test({ kind: 'all' }, tools.signal), baseline, origin)) idle.push(`${hunk.path}:${hunk.line}`)
  }
  await room.reset()
  if (idle.length > 0 && subject.reproduction.source === 'agent')
    return notApplicable(
      'necessity',
      `the one test, which a model wrote, needs ${hunks.length - idle.length} of ${hunks.length} hunks: it is too thin to say more`,
      {
        findings: firstFew(idle),
      },
    )
  if (idle.length > 0) return failed('necessity', `${idle.length} of ${hunks.length} hunks change nothing that a test sees`, { findings: firstFew(idle) })
  return passed('necessity', `each of ${hunks.length} hunks is needed`)
}
