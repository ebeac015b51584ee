import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure, type Tokens } from '@fixpoint/core'
import { signedHeaders } from '@fixpoint/intake'
import { exists } from '../folders.ts'
import type { OperatorSettings } from './operator-settings.ts'
import { prepareSampleRepository, SAMPLE_ALERT } from './sample-repository.ts'

/** The name of the repository that sample alerts are about. */
export const SAMPLE = 'sample'
const SOURCE = 'sentry'
const ANSWER_MS = 15_000

function folderOf(home: string): string {
  return join(home, 'sample', 'tabs')
}

/** The settings with the sample among the repositories, unless the operator has one of that name. */
export function withSample(settings: OperatorSettings, home: string): OperatorSettings {
  return { ...settings, repositories: { [SAMPLE]: { path: folderOf(home), revision: 'HEAD' }, ...settings.repositories } }
}

/** Posts what Sentry would, signed, to a key of its own; the repository is made when it is first wanted. Shows the whole road without any credential. */
export async function sendSampleAlert({ home, address, tokens }: { home: string; address: string; tokens: Pick<Tokens, 'issueIngestKey' | 'revoke'> }) {
  await ensureRepository(folderOf(home))
  const signingSecret = randomBytes(16).toString('hex')
  const { key, secret } = await tokens.issueIngestKey({ name: 'sample alert', source: SOURCE, signingSecret, repository: SAMPLE })
  try {
    const body = await readFile(SAMPLE_ALERT)
    const signed = await signedHeaders(SOURCE, body, signingSecret, { id: `msg_${randomUUID()}`, now: new Date() })
    const answer = await fetch(`${address}/hooks/${SOURCE}/${secret}`, {
      ...{ method: 'POST', body, redirect: 'error', signal: AbortSignal.timeout(ANSWER_MS) },
      headers: { 'content-type': 'application/json', ...(await capturedHeaders()), ...signed },
    })
    await answer.body?.cancel()
    if (!answer.ok) throw new Failure('settings-invalid', `the sample alert was answered with ${answer.status}`, 'fixpoint deliveries list tells why.')
  } finally {
    await tokens.revoke(key.id)
  }
  return { repository: SAMPLE }
}

async function ensureRepository(folder: string): Promise<void> {
  if (await exists(folder)) return
  // Whole or not at all: somebody may end us in between.
  const made = `${folder}-${randomUUID()}`
  await mkdir(made, { recursive: true })
  await prepareSampleRepository(made)
  await rename(made, folder).catch(() => rm(made, { recursive: true, force: true }))
}

/** A captured payload has its headers beside it. */
async function capturedHeaders(): Promise<Record<string, string>> {
  const text = await readFile(SAMPLE_ALERT.replace(/\.json$/, '.headers.json'), 'utf8').catch(() => '{}')
  const parsed = JSON.parse(text) as { readonly headers?: Record<string, string> }
  return parsed.headers ?? {}
}
