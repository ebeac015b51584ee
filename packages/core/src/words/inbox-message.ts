import { z } from 'zod'
import { Digest, ObjectId } from './ids.ts'

const Words = z.string().trim().min(1).max(20_000)
export const EditedDiff = z.string().min(1).max(200_000)
/** Who says it: an account of a code host, the name of an API token. */
const Actor = z.string().min(1).max(200)

/** What people and hosts say to a run. An approval is bound to the proposal that was shown. */
export const InboxMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('approve'), by: Actor, proposal: Digest }),
  z.object({ kind: z.literal('request-changes'), by: Actor, proposal: Digest, words: Words, /** Of a code host. */ review: z.number().int().optional() }),
  z.object({ kind: z.literal('reject'), by: Actor, proposal: Digest, words: Words }),
  /** The patch that was shown, as a person made it: a unified diff against the base. */
  z.object({ kind: z.literal('edit'), by: Actor, proposal: Digest, diff: EditedDiff }),
  z.object({ kind: z.literal('steer'), by: Actor, words: Words }),
  z.object({ kind: z.literal('cancel'), by: Actor }),
  /** A pull request of ours came to its end on the code host. */
  z.object({
    kind: z.literal('ended'),
    by: Actor,
    outcome: z.enum(['merged', 'declined']),
    words: Words.optional(),
    merge: ObjectId.optional(),
    edited: z.boolean().optional(),
  }),
])
export type InboxMessage = z.infer<typeof InboxMessage>
