import { createHash } from 'node:crypto'
import { chmod, mkdir, realpath } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { Failure } from '@fixpoint/core'
import { type Account, accountFor, canReach } from './account.ts'

/** Where things are. They are in `folder` itself, unless we are root and the server's account cannot get there. */
export interface Places {
  readonly folder: string
  readonly place: string
  readonly data: string
  readonly account: Account | undefined
}

/** Makes the folders that are not there yet. */
export async function placesFor(folder: string): Promise<Places> {
  if (!isAbsolute(folder)) throw new Failure('settings-invalid', `${folder} is no absolute path`, 'Name the data folder by its whole path.')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const real = await realpath(folder)
  const inside: Places = { folder: real, place: real, data: join(real, 'data'), account: await accountFor(join(real, 'data')) }
  if (inside.account === undefined) return inside
  if (await canReach(inside.account, real)) {
    // To be passed through, not to be listed; what is secret in it has modes of its own.
    await chmod(real, 0o711)
    return inside
  }
  const place = join('/var/lib/fixpoint', `postgres-${createHash('sha256').update(real).digest('hex').slice(0, 16)}`)
  await mkdir(place, { recursive: true, mode: 0o711 })
  for (const path of ['/var/lib/fixpoint', place]) await chmod(path, 0o711)
  const data = join(place, 'data')
  return { folder: real, place, data, account: await accountFor(data) }
}
