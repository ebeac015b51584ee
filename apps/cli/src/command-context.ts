import type { Env } from './env.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Screen } from './present/terminal.ts'

/** What every command is given. */
export interface CommandContext {
  readonly env: Env
  readonly screen: Screen
  readonly done: (code: ExitCode) => void
}

export const RUN = 'its id, or the last letters of it'
