import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { codeOf, Failure } from '@fixpoint/core'
import { z } from 'zod'
import type { Env } from '../env.ts'

/** A secret is never in the settings: they say where it is. */
export const Secret = z.union([
  z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable') }),
  /** Relative to FIXPOINT_HOME. */
  z.strictObject({ file: z.string().min(1) }),
])
export type Secret = z.infer<typeof Secret>

/** What a secret of the settings is; `what` is its key there. Throws `Failure('settings-invalid')`. */
export async function revealSecret(what: string, secret: Secret, env: Env): Promise<string> {
  if ('env' in secret) {
    const value = env.named?.(secret.env)?.trim()
    if (value) return value
    throw invalid(`${what}: the environment has no ${secret.env}`, `Set ${secret.env} for the service, or correct its name in the settings.`)
  }
  const file = resolve(env.home, secret.file)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw invalid(`${what}: ${file} cannot be read (${codeOf(error) ?? 'unknown'})`, 'Write the secret into it, readable for the service alone.')
  })
  if (text.trim() !== '') return text.trim()
  throw invalid(`${what}: ${file} is empty`, 'Write the secret into it, readable for the service alone.')
}

function invalid(message: string, hint: string): Failure {
  return new Failure('settings-invalid', message, hint)
}
