import { migrate, migrationStatus } from '@fixpoint/store'
import type { Env } from '../env.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { Screen } from '../present/terminal.ts'
import { openServiceDatabase } from '../serve/open-stores.ts'

/** Brings the database of the service up to this version; forward only. */
export async function migrateDatabase(env: Env, screen: Screen): Promise<ExitCode> {
  await using opened = await openServiceDatabase(env, (message) => screen.line(screen.colors.dim(message)))
  const taken = await migrate(opened.database)
  screen.line(taken === 0 ? `${opened.database.place} is up to date` : `${opened.database.place}: ${taken} migration${taken === 1 ? '' : 's'} applied`)
  return 0
}

/** Which migrations the database has. */
export async function databaseStatus(options: { readonly json?: boolean }, env: Env, screen: Screen): Promise<ExitCode> {
  await using opened = await openServiceDatabase(env, (message) => screen.line(screen.colors.dim(message)))
  const { migrations, pending } = await migrationStatus(opened.database)
  for (const { number, name, appliedAt } of migrations) {
    if (options.json) process.stdout.write(`${JSON.stringify({ number, name, appliedAt: appliedAt?.toISOString() ?? null })}\n`)
    else process.stdout.write(`${String(number).padStart(4)}  ${name.padEnd(24)} ${appliedAt?.toISOString() ?? 'pending'}\n`)
  }
  if (pending > 0) screen.line(`${pending} pending: fixpoint db migrate`)
  return 0
}
