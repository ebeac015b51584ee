import type { GateResult } from '@fixpoint/core'
import { redact } from '@fixpoint/intake'
import { addedLines, applyDiff, changedLines } from '../diff.ts'
import { failed, firstFew, passed } from './evidence.ts'
import type { JudgeTools, Subject } from './subject.ts'

/** Gate 1, on the host: the diff fits the base exactly, touches only allowed paths, is small, parses, and carries no secret. */
export async function applies(subject: Subject, tools: JudgeTools): Promise<{ result: GateResult; tampering: boolean }> {
  const { patch } = subject.candidate
  const no = (summary: string, findings: string[] = [], tampering = false) => ({
    result: failed('applies', summary, { findings: firstFew(findings) }),
    tampering,
  })

  if (patch.base !== subject.source.commit) return no(`the patch is for ${patch.base.slice(0, 12)}, the base is ${subject.source.commit.slice(0, 12)}`)
  const applied = applyDiff(subject.source, patch.diff)
  if ('problem' in applied) return no(`the diff does not apply: ${applied.problem}`)
  const told = new Map(patch.edits.map((edit) => [edit.path, edit.content]))
  const differs = applied.edits.find((edit) => told.get(edit.path) !== edit.content)
  if (differs || applied.edits.length !== told.size) return no('the diff and the recorded edits do not say the same')

  const refusals = patch.edits.flatMap((edit) => tools.paths.refusal(edit.path) ?? [])
  if (refusals.length > 0)
    return no(
      `touches what it must not: ${refusals[0]?.why}`,
      refusals.map((refusal) => refusal.why),
      refusals.some((refusal) => refusal.tampering),
    )

  const lines = changedLines(patch.diff)
  if (lines > subject.policy.maximumChangedLines) return no(`${lines} changed lines; the limit is ${subject.policy.maximumChangedLines}`)

  const broken = patch.edits.flatMap((edit) => {
    // A grammar may lag behind the language: what it could not read on the base, it need not read now.
    const readable = tools.syntax.error(edit.path, subject.source.text(edit.path) ?? '') === undefined
    return edit.content !== null && readable && tools.syntax.error(edit.path, edit.content) !== undefined ? [edit.path] : []
  })
  if (broken.length > 0) return no(`does not parse: ${broken.join(', ')}`)

  const { redactions } = await redact(addedLines(patch.diff).join('\n'))
  if (redactions > 0) return no('an added line looks like a secret')
  return {
    result: passed('applies', `${patch.edits.length} file${patch.edits.length === 1 ? '' : 's'}, ${lines} changed lines, all of them allowed`),
    tampering: false,
  }
}
