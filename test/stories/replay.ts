import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { EvaluationResult } from '../../apps/cli/src/evaluation/evaluation-result.ts'
import { fixpoint } from './fixture.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const cassettes = join(root, 'fixtures', 'cassettes')

/** Sets of recorded cases: in each folder cases, who was asked, their cassettes, and what came of each. */
export const recordedSets = (await readdir(cassettes, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name)

/** Whole runs, the model's words from a cassette, come out as they did. `only`: these cases alone. */
export async function replay(name: string, only?: readonly string[]): Promise<void> {
  const folder = join(cassettes, name)
  const place = await mkdtemp(join(tmpdir(), 'fixpoint-replay-'))
  try {
    const some = only === undefined ? [] : ['--only', only.join(',')]
    const ended = await fixpoint(['eval', folder, '--replay', folder, ...some, '--out', join(place, 'out')], join(place, 'home'))
    expect(ended.code, ended.stderr).toBe(0)
    const { settings, results } = EvaluationResult.parse(JSON.parse(await readFile(join(place, 'out', 'result.json'), 'utf8')))
    expect(settings.asked).toBe('replayed')
    const expected = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')) as Record<string, string>
    const wanted = Object.entries(expected).filter(([id]) => only === undefined || only.includes(id))
    const here = relative(root, folder)
    const again = `If a prompt or a tool was changed on purpose, record again with a model and look at the result: fixpoint eval ${here} --lane cheap --record ${here}; then bring ${here}/expected.json up to date.`
    const reasons = results.map(({ id, answer, reason, words }) => `${id}: ${answer} ${reason ?? ''} ${words}`)
    expect(Object.fromEntries(results.map(({ id, answer }) => [id, answer])), `${reasons.join('\n')}\n${again}`).toEqual(Object.fromEntries(wanted))
    expect(
      results.some(({ figures }) => figures.turns > 0),
      'a model was asked',
    ).toBe(true)
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}
