import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { layOutFolder } from './case-trees.ts'
import type { EvaluationCase } from './evaluation-case.ts'
import { heldOutFolder } from './written-cases.ts'

const Fixture = z.object({
  title: z.string(),
  /** In `reports`; without it the failing suite is the report. */
  report: z.string().optional(),
  expects: z.enum(['verified', 'implicit', 'choice', 'not-reproduced', 'no-patch']),
  note: z.string().default(''),
  heldOut: z.string().nullable(),
})

/** The repositories of `fixtures/`: `repos/<id>` with `repos/<id>.case.json`, its report in `reports`, its tests in `held-out/<id>`. */
export async function readFixtureCases(fixtures: string): Promise<readonly EvaluationCase[]> {
  const names = (await readdir(join(fixtures, 'repos'))).filter((name) => name.endsWith('.case.json')).sort()
  return Promise.all(
    names.map(async (name): Promise<EvaluationCase> => {
      const id = name.replace('.case.json', '')
      const fixture = Fixture.parse(JSON.parse(await readFile(join(fixtures, 'repos', name), 'utf8')))
      return {
        id,
        title: fixture.title,
        kind: fixture.note.split(/[;,:]/)[0]?.trim() || 'not said',
        report: fixture.report === undefined ? undefined : await readFile(join(fixtures, 'reports', fixture.report), 'utf8'),
        wishes: { deps: 'install' },
        expects: ['not-reproduced', 'no-patch'].includes(fixture.expects) ? 'abstain' : 'fix',
        scoring: fixture.heldOut === null ? { kind: 'none' } : { kind: 'held-out', files: await heldOutFolder(join(fixtures, 'held-out', id)) },
        layOut: (folder) => layOutFolder(join(fixtures, 'repos', id), folder),
      }
    }),
  )
}
