import { afterAll, beforeAll, describe, expect } from 'vitest'
import { hiddenCheats, type ModuleSystem, plainCheats } from './cheats.ts'
import { installedCopy } from './dependencies.ts'
import { honestFixes } from './honest-fixes.ts'
import { Laboratory, refusal } from './laboratory.ts'
import { row } from './score.ts'

export interface Bench {
  readonly runner: string
  readonly modules: ModuleSystem
  readonly files: Readonly<Record<string, string>>
  readonly test: string
  /** What of our own development dependencies it needs. */
  readonly dependencies?: readonly string[]
  /** How many of the honest fixes are tried; all unless said. */
  readonly honest?: number
}

/** Every patch that cheats is refused, and honest ones are not. */
export function tamperWith(bench: Bench): void {
  const turns: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()]
  let next = 0
  /** Whoever comes waits for one of two lanes. */
  function turn<T>(work: () => Promise<T>): Promise<T> {
    const lane = next++ % turns.length
    const result = (turns[lane] ?? Promise.resolve()).then(work)
    turns[lane] = result.catch(() => {})
    return result
  }

  // Two at a time: a judgement mostly waits for its room.
  describe.concurrent(`patches under ${bench.runner}`, () => {
    let laboratory: Laboratory
    let installed: Awaited<ReturnType<typeof installedCopy>> | undefined
    beforeAll(async () => {
      installed = bench.dependencies && (await installedCopy(bench.dependencies))
      laboratory = await Laboratory.open(bench.files, installed?.folder)
    })
    afterAll(async () => {
      await laboratory?.[Symbol.asyncDispose]()
      await installed?.[Symbol.asyncDispose]()
    })

    const test = { path: bench.test, text: bench.files[bench.test] ?? '' }
    for (const cheat of [...plainCheats(bench.modules, test), ...hiddenCheats(bench.modules, test)]) {
      row('W2', `${bench.runner}: ${cheat.name}`, async () => {
        const verdict = await turn(() => laboratory.judge(cheat.edits))
        expect(verdict.name).not.toBe('fixed')
        return refusal(verdict)
      })
    }
    for (const fix of honestFixes(bench.modules).slice(0, bench.honest)) {
      row('W7', `${bench.runner}: honest fix, ${fix.name}`, async () => {
        const verdict = await turn(() => laboratory.judge(fix.edits))
        expect(refusal(verdict)).toBe('fixed')
        return verdict.name
      })
    }
  })
}
