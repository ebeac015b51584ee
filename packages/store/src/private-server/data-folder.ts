import { randomUUID } from 'node:crypto'
import { chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, Failure } from '@fixpoint/core'
import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'
import { runAs } from './processes.ts'

/** The only account of the private server, and the name of its database. */
export const SUPERUSER = 'fixpoint'

const STAGED = /^data\.[0-9a-f-]{36}\.partial$/
const ABANDONED_AFTER_MS = 60 * 60 * 1000

/** The major version that wrote `data`; undefined where there is none. */
export async function majorOf(data: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(join(data, 'PG_VERSION'), 'utf8'), 10)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    if (codeOf(error) === 'EACCES') {
      throw new Failure('settings-invalid', `${data} belongs to another account`, 'Run Fixpoint as the account that made it, or choose another data folder.')
    }
    throw error
  }
}

/** Makes `data`, whole or not at all: of many who do so at once, one wins and the others find its folder. */
export async function initialise(
  place: string,
  data: string,
  binaries: Binaries,
  account: Account | undefined,
  password: string,
  options: { readonly durable: boolean },
): Promise<void> {
  await sweep(place)
  const staged = join(place, `data.${randomUUID()}.partial`)
  const passwordFile = `${staged}.password`
  await mkdir(staged, { mode: 0o700 })
  await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' })
  try {
    if (account !== undefined) for (const path of [staged, passwordFile]) await chown(path, account.uid, account.gid)
    const args = [
      '-D',
      staged,
      '-U',
      SUPERUSER,
      `--pwfile=${passwordFile}`,
      '-A',
      'scram-sha-256',
      '-E',
      'UTF8',
      '--locale=C',
      '--data-checksums',
      ...(options.durable ? [] : ['--no-sync']),
    ]
    const { exitCode, output } = await runAs(account, binaries.initdb, args, 180_000)
    if (exitCode !== 0) throw refused(place, output)
    await rename(staged, data)
  } catch (error) {
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error
  } finally {
    await rm(passwordFile, { force: true })
    await rm(staged, { recursive: true, force: true })
  }
}

function refused(place: string, output: string): Failure {
  if (/No space left/.test(output))
    return new Failure('disk-full', `no space left for ${place}`, 'Free some space, or keep the data elsewhere, then start again.')
  return new Failure(
    'settings-invalid',
    `PostgreSQL cannot make its data folder in ${place}: ${output.slice(-500)}`,
    'Choose a data folder on a local file system that you own, or set DATABASE_URL to a PostgreSQL that runs.',
  )
}

/** What somebody left who was killed while making it. */
async function sweep(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    if (!STAGED.test(name)) continue
    const facts = await stat(join(place, name)).catch(() => undefined)
    if (facts !== undefined && Date.now() - facts.mtimeMs > ABANDONED_AFTER_MS) await rm(join(place, name), { recursive: true, force: true })
  }
}
