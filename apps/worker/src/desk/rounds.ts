import type { DeskSettings } from './desk-hands.ts'
import type { RunStatus } from './run-status.ts'

/** By whom a round is asked for when our own checks are red. */
export const CHECKS = 'checks'

/** Why no further attempt is made at a pull request; undefined while one may be. */
export function refusalOfRound(run: RunStatus, by: string, { rounds: most }: Pick<DeskSettings, 'rounds'>): string | undefined {
  const red = run.rounds.filter((round) => round.by === CHECKS).length
  const asked = run.rounds.length - red
  if (by === CHECKS && red >= most.checks) return `its checks were red ${red} times after an attempt`
  if (by !== CHECKS && asked >= most.reviews) return `${asked} rounds of changes were made, which is as many as the settings allow`
  const inVain = run.rounds.slice(-2)
  if (inVain.length === 2 && inVain.every((round) => round.commit === undefined) && run.phase === 'proposed')
    return 'the last two attempts at what was asked for came to nothing'
  return undefined
}

/** Said once nothing further is tried. */
export function needsPerson(run: RunStatus, settings: Pick<DeskSettings, 'rounds'>): string | undefined {
  if (run.phase !== 'proposed' || run.rounds.length === 0) return undefined
  if (run.diagnosis !== undefined) return `another attempt at the changes came to nothing. The pull request stands as it stood.`
  return refusalOfRound(run, run.rounds.at(-1)?.by ?? '', settings)
}
