import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { codeOf, Failure } from '@fixpoint/core'
import { Seal } from '@fixpoint/store'
import type { Env } from '../env.ts'
import { makeHomeFolder } from '../folders.ts'

const KEY_BYTES = 32

/**
 * The key under which contents of deliveries and signing secrets lie in the database. Kept apart from it: in a file that the operator names, or
 * in one that is made at the first start. Each further line is an older key, which still opens what it sealed.
 */
export async function readSeal(env: Pick<Env, 'home' | 'keyFile'>): Promise<Seal> {
  const file = env.keyFile === undefined ? await ownKeyFile(env.home) : resolve(env.keyFile)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Failure('settings-invalid', `${file} cannot be read (${codeOf(error)})`, 'Correct FIXPOINT_KEY_FILE, or unset it.', { cause: error })
  })
  const [current, ...older] = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => Buffer.from(line, 'hex'))
  if (current !== undefined && [current, ...older].every((key) => key.length === KEY_BYTES)) return new Seal(current, older)
  throw new Failure(
    'settings-invalid',
    `${file} does not hold keys of ${KEY_BYTES} bytes in hexadecimal, one a line`,
    'Put it back from a backup: what was sealed with it cannot be read without it. A new one: openssl rand -hex 32.',
  )
}

async function ownKeyFile(home: string): Promise<string> {
  const file = join(home, 'secret.key')
  await makeHomeFolder(home)
  try {
    await writeFile(file, randomBytes(KEY_BYTES).toString('hex'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  return file
}
