import type { ObjectId } from '../words/ids.ts'

/** Where a proposal is published. `ensure` is idempotent under `branch`: look, compare, create or update. */
export interface CodeHost {
  ensureProposal(proposal: { branch: string; base: ObjectId; commit: ObjectId; title: string; body: string }): Promise<{ url: string | undefined }>
  /** `delivered` where nobody will report back. */
  readonly reportsBack: boolean
}
