import { randomBytes, randomUUID } from 'node:crypto'
import { readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, Failure } from '@fixpoint/core'
import { publishFile, writeNewFile } from '../durable.ts'
import type { Places } from './places.ts'
import { readState } from './server-state.ts'

/** Random, made once: of many who make it at once, the first one's counts. */
export async function passwordOf(places: Places, fresh: boolean): Promise<string> {
  const file = join(places.folder, 'password')
  const read = async () => (await readFile(file, 'utf8')).trim()
  try {
    const known = await read()
    const elsewhere = places.place !== places.folder
    if (fresh && elsewhere && (await readState(places.folder)) !== undefined) {
      throw new Failure(
        'settings-invalid',
        `the data that belongs to ${places.folder} was kept in ${places.data} and is gone`,
        `Bring it back, or remove ${places.folder} to begin anew. Everybody has to be able to pass through to a folder that keeps its data inside.`,
      )
    }
    return known
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
  if (!fresh) throw wrongPassword(places)
  const staged = `${file}.${randomUUID()}.partial`
  await writeNewFile(staged, randomBytes(32).toString('base64url'))
  try {
    await publishFile(staged, file)
  } finally {
    await unlink(staged)
  }
  return read()
}

export function wrongPassword(places: Places, cause?: unknown): Failure {
  return new Failure(
    'settings-invalid',
    `the password in ${join(places.folder, 'password')} is not the one of the data in ${places.data}`,
    'Bring the file back from a backup, or choose another data folder.',
    { cause },
  )
}
