import { Failure } from '@fixpoint/core'
import type { Database } from './database.ts'
import type { Seal } from './sealed.ts'

/**
 * Writes down which key this process seals with. Throws `Failure('settings-invalid')` when another one has sealed with a newer key that is not
 * here: it could not open what is delivered there. Of a key, only four bytes of its digest are kept.
 */
export async function registerSeal(database: Database, seal: Seal): Promise<void> {
  const { rows } = await database.query<{ id: string }>('SELECT id FROM fixpoint.seal_keys ORDER BY first_used_at DESC LIMIT 1')
  const [newest] = rows
  if (newest !== undefined && !seal.knows(Number(newest.id)))
    throw new Failure(
      'settings-invalid',
      `what ${database.place} keeps is sealed with a key that is not on this machine`,
      'Copy secret.key from the machine where the service was first started, or name its file in FIXPOINT_KEY_FILE.',
    )
  await database.query('INSERT INTO fixpoint.seal_keys (id) VALUES ($1) ON CONFLICT DO NOTHING', [seal.keyId])
}
