import { Failure, Topic } from '@fixpoint/core'
import { isSecret, refusalOf, type Subscriber } from '@fixpoint/outbound'
import { z } from 'zod'
import type { Env } from '../env.ts'
import { revealSecret, Secret } from './secrets.ts'

/** What most people want to hear; every step of a run is for those who ask for it. */
const TOLD = ['run.started', 'run.reproduced', 'proposal.ready', 'proposal.published', 'run.parked', 'run.settled'] as const satisfies readonly Topic[]
const events = z
  .array(Topic)
  .min(1)
  .default([...TOLD])
/** It is on this machine or in a private network. */
const privateNetwork = z.boolean().default(false)

/** Somebody who is told. `events`: of what; without it, of what most people want to hear. */
export const OutboundSettings = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('webhook'), url: z.union([z.url(), Secret]), secret: Secret, events, privateNetwork }),
  z.strictObject({ kind: z.literal('slack'), url: Secret, events, privateNetwork }),
])
type OutboundSettings = z.infer<typeof OutboundSettings>

/** The subscribers with their secrets. Throws `Failure('settings-invalid')` for one that nothing could be sent to. */
export async function readSubscribers(settings: Readonly<Record<string, OutboundSettings>>, env: Env): Promise<readonly Subscriber[]> {
  return Promise.all(Object.entries(settings).map(([name, each]) => subscriberOf(name, each, env)))
}

async function subscriberOf(name: string, settings: OutboundSettings, env: Env): Promise<Subscriber> {
  const url = typeof settings.url === 'string' ? settings.url : await revealSecret(`outbound.${name}.url`, settings.url, env)
  const reach = settings.privateNetwork ? 'private' : 'internet'
  const refusal = refusalOf(url, reach)
  if (refusal !== undefined)
    throw invalid(
      `outbound.${name}.url cannot be used: ${refusal}`,
      `Give it an https address. For a receiver on this machine or in a private network say outbound.${name}.privateNetwork: true; http is for this machine alone.`,
    )
  const subscription = { name, topics: settings.events, url, reach } as const
  if (settings.kind === 'slack') return { ...subscription, kind: 'slack' }
  const secrets = (await revealSecret(`outbound.${name}.secret`, settings.secret, env)).split(/\s+/)
  if (!secrets.every(isSecret))
    throw invalid(`outbound.${name}.secret is not whsec_ and 24 to 64 bytes in base64`, 'Make one with: echo "whsec_$(openssl rand -base64 32)"')
  return { ...subscription, kind: 'webhook', secrets }
}

function invalid(message: string, hint: string): Failure {
  return new Failure('settings-invalid', message, hint)
}
