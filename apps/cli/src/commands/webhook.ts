import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { inert } from '@fixpoint/core'
import { signedHeaders } from '@fixpoint/intake'
import type { Env } from '../env.ts'
import { ExitCode, UsageError } from '../exit-codes.ts'
import type { Screen } from '../present/terminal.ts'

const ANSWER_BYTES = 2000

export interface SendOptions {
  readonly to: string
  readonly headers?: string
  readonly secret?: string
}

/** Posts a payload to an ingest address as its source would, signed anew, and says what was answered. */
export async function sendWebhook(file: string, { to, headers: headersFile, secret }: SendOptions, _env: Env, screen: Screen): Promise<ExitCode> {
  const body = await read(file)
  const source = /^https?:\/\/[^/]+\/hooks\/([^/]+)\/./.exec(to)?.[1]
  if (source === undefined) throw new UsageError(`${to} is no address of an alert source`, 'Make one with: fixpoint keys create <source>')
  // A captured payload has its headers beside it.
  const captured = headersOf(await read(headersFile ?? file.replace(/\.json$/, '.headers.json'), headersFile === undefined), file)
  const signed = secret === undefined ? {} : await signedHeaders(source, body, secret, { id: `msg_${randomUUID()}`, now: new Date() })
  const headers = { 'content-type': 'application/json', ...captured, ...signed }
  const answer = await fetch(to, { method: 'POST', headers, body, redirect: 'error', signal: AbortSignal.timeout(15_000) }).catch((error: unknown) => {
    throw new UsageError(
      `nobody answers at ${new URL(to).host} (${error instanceof Error ? error.message : 'unknown'})`,
      'Start the service with: fixpoint serve',
    )
  })
  const text = (await answer.text()).slice(0, ANSWER_BYTES)
  screen.line(`${answer.status} ${inert(answer.statusText, 100)} ${inert(text, ANSWER_BYTES)}`)
  return answer.ok ? ExitCode.delivered : ExitCode.refused
}

async function read(file: string, optional = false): Promise<Buffer> {
  return readFile(file).catch(() => {
    if (optional) return Buffer.from('{}')
    throw new UsageError(`${file} cannot be read`, 'Captured payloads of every source lie in fixtures/payloads.')
  })
}

function headersOf(text: Buffer, file: string): Record<string, string> {
  const parsed: unknown = JSON.parse(text.toString('utf8'))
  if (typeof parsed !== 'object' || parsed === null) throw new UsageError(`${file} holds no headers`, 'It is a JSON object of names and values.')
  const headers = 'headers' in parsed && typeof parsed.headers === 'object' && parsed.headers !== null ? parsed.headers : parsed
  return Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
