import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Certificate, inert } from '@fixpoint/core'
import { verifyCertificate } from '@fixpoint/engine'
import { compose } from '../compose.ts'
import type { Env } from '../env.ts'
import { ExitCode, UsageError } from '../exit-codes.ts'
import type { Screen } from '../present/terminal.ts'
import { reapFirst } from './fix.ts'
import { interruptible } from './interruptible.ts'

const LARGEST = 64 * 1024 * 1024

export interface VerifyCommandOptions {
  readonly repo: string
  readonly json?: boolean
}

/** Says true or false about a certificate, and why. */
export async function verify(file: string, options: VerifyCommandOptions, env: Env, screen: Screen): Promise<ExitCode> {
  const certificate = await readCertificate(file)
  const folder = resolve(options.repo)
  await using hands = await compose(folder, env)
  await reapFirst(hands, screen)
  const { dim, green, red, bold } = screen.colors
  const copies = certificate.environment.recipe.way === 'copy'
  const verification = await interruptible(screen, (signal) =>
    verifyCertificate({
      certificate,
      tools: hands.tools,
      dependencyFolder: copies ? hands.tools.repository.workTree : undefined,
      note: (message) => screen.line(dim(`  ${inert(message, 400)}`)),
      signal,
    }),
  )
  screen.line(verification.holds ? bold(green('true: the certificate holds')) : bold(red('false: the certificate does not hold')))
  for (const doubt of verification.doubts) screen.line(`  ${inert(doubt, 1000)}`)
  for (const note of verification.notes) screen.line(dim(`  (${inert(note, 400)})`))
  if (options.json) process.stdout.write(`${JSON.stringify({ type: 'result', ...verification })}\n`)
  return verification.holds ? ExitCode.delivered : ExitCode.noPatch
}

/** A text may carry a certificate; what unpacks to more than any certificate holds is none. */
function carried(text: string): string | undefined {
  const packed = /```fixpoint-certificate\s+([A-Za-z0-9+/=\s]+)```/.exec(text)?.[1]
  return packed === undefined ? undefined : gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: LARGEST }).toString()
}

async function readCertificate(file: string): Promise<Certificate> {
  const hint = 'Name the certificate.json that a run wrote, or the text of a pull request of ours, saved as a file.'
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read: ${error.code ?? error.message}`, hint)
  })
  let value: unknown
  try {
    value = JSON.parse(carried(text) ?? text)
  } catch {
    throw new UsageError(`${file} is not JSON`, hint)
  }
  const parsed = Certificate.safeParse(value)
  if (!parsed.success)
    throw new UsageError(
      `${file} is not a certificate of a version this program knows: ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`,
      hint,
    )
  return parsed.data
}
