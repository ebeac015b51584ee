import { type Artifacts, Diagnosis, type Digest, Failure, type OutboundMessage, type StopReason, Strength } from '@fixpoint/core'
import { z } from 'zod'

/** What a receiver is told, as Standard Webhooks lays it out. No text of a report, a repository or a patch is in it. */
export interface Payload {
  readonly type: OutboundMessage['announcement']['topic']
  /** Of the fact: the same at every try. */
  readonly timestamp: string
  readonly data: {
    readonly run?: string
    readonly report?: string
    readonly repository?: string
    readonly outcome?: string
    /** Why a run was abandoned. */
    readonly reason?: StopReason
    readonly strength?: Strength
    /** Digest of the proposal: a decision names it. */
    readonly proposal?: string
    /** The run, for whoever may look. */
    readonly url?: string
    /** Of a report over a time: what else it counts. */
    readonly [count: string]: string | number | undefined
  }
}

export async function payloadOf(message: OutboundMessage, artifacts: Artifacts, publicUrl: string | undefined): Promise<Payload> {
  const { announcement, run, report, repository } = message
  const { topic, ...told } = announcement
  const { proposal, diagnosis, ...facts } = { proposal: undefined, diagnosis: undefined, ...told }
  const data = {
    ...{ run, report, repository, ...facts },
    reason: diagnosis && (await read(artifacts, diagnosis, Diagnosis.pick({ reason: true })))?.reason,
    strength: proposal && (await read(artifacts, proposal, z.object({ strength: Strength })))?.strength,
    proposal,
    url: publicUrl !== undefined && run !== undefined ? `${publicUrl.replace(/\/$/, '')}/api/runs/${run}` : undefined,
  }
  return { type: topic, timestamp: message.at.toISOString(), data: Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)) }
}

/** What has expired, or is not what this version expects, is left out. */
async function read<T>(artifacts: Artifacts, digest: Digest, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(await artifacts.get(digest))))
  } catch (error) {
    if (error instanceof Failure && error.code !== 'artifact-missing') throw error
    return undefined
  }
}
