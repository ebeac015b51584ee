import { z } from 'zod'
import { Digest, ObjectId } from './ids.ts'
import { Strength } from './verdict.ts'

/** A patch offered to people: the branch it stands on, its commit, the files that go with it. */
export const Proposal = z.object({
  strength: Strength,
  branch: z.string(),
  commit: ObjectId,
  title: z.string(),
  body: z.string(),
  patch: Digest,
  certificate: Digest,
})
export type Proposal = z.infer<typeof Proposal>
