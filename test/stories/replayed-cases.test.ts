import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { EvaluationResult } from '../../apps/cli/src/evaluation/evaluation-result.ts'
import { fixpoint } from './fixture.ts'

// Whole runs, the model's words from a cassette: a prompt, a tool or a step that asks for something else, or makes less of the same
// words, is seen here. Each folder: cases, who was asked, their cassettes, and what came of each.

const root = fileURLToPath(new URL('../../', import.meta.url))
const cassettes = join(root, 'fixtures', 'cassettes')
const sets = (await readdir(cassettes, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name)

describe.each(sets)('the recorded cases of %s', (name) => {
  it('come out as they did', { timeout: 900_000 }, async () => {
    const folder = join(cassettes, name)
    const place = await mkdtemp(join(tmpdir(), 'fixpoint-replay-'))
    try {
      const ended = await fixpoint(['eval', folder, '--replay', folder, '--out', join(place, 'out')], join(place, 'home'))
      expect(ended.code, ended.stderr).toBe(0)
      const { settings, results } = EvaluationResult.parse(JSON.parse(await readFile(join(place, 'out', 'result.json'), 'utf8')))
      expect(settings.asked).toBe('replayed')
      const expected = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')) as Record<string, string>
      const here = relative(root, folder)
      const again = `If a prompt or a tool was changed on purpose, record again with a model and look at the result: fixpoint eval ${here} --lane cheap --record ${here}; then bring ${here}/expected.json up to date.`
      const reasons = results.map(({ id, answer, reason, words }) => `${id}: ${answer} ${reason ?? ''} ${words}`)
      expect(Object.fromEntries(results.map(({ id, answer }) => [id, answer])), `${reasons.join('\n')}\n${again}`).toEqual(expected)
      expect(
        results.some(({ figures }) => figures.turns > 0),
        'a model was asked',
      ).toBe(true)
    } finally {
      await rm(place, { recursive: true, force: true })
    }
  })
})
