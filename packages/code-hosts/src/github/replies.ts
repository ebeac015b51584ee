import { ObjectId } from '@fixpoint/core'
import { z } from 'zod'

// What we look at in GitHub's replies: nothing else of them is required, and nothing else is kept.

/** Beyond 2^53 octokit gives a `bigint`. */
export const Id = z.union([z.number(), z.bigint()]).transform(Number)

export const User = z.object({ login: z.string(), id: Id, type: z.string().optional() })

export const Repository = z.object({
  id: Id,
  full_name: z.string(),
  default_branch: z.string(),
  archived: z.boolean(),
  private: z.boolean(),
  html_url: z.string(),
})

export const Label = z
  .union([z.string(), z.object({ name: z.string().nullish() })])
  .transform((label) => (typeof label === 'string' ? label : (label.name ?? '')))

export const Issue = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string(),
  labels: z.array(Label),
  user: User.nullish(),
  html_url: z.string(),
})

export const Comment = z.object({ id: Id, body: z.string().nullish(), user: User.nullish(), html_url: z.string() })

export const Pull = z.object({
  number: z.number(),
  node_id: z.string(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string(),
  draft: z.boolean().optional(),
  merged_at: z.string().nullish(),
  merge_commit_sha: z.string().nullish(),
  merged_by: User.nullish(),
  head: z.object({ ref: z.string(), sha: ObjectId }),
  html_url: z.string(),
})
export type Pull = z.infer<typeof Pull>

export const ReviewComment = z.object({
  id: Id,
  path: z.string().nullish(),
  line: z.number().nullish(),
  original_line: z.number().nullish(),
  body: z.string(),
  user: User.nullish(),
  in_reply_to_id: Id.nullish(),
})

export const CheckRun = z.object({
  id: Id,
  name: z.string(),
  external_id: z.string().nullish(),
  conclusion: z.string().nullish(),
  html_url: z.string().nullish(),
  app: z.object({ slug: z.string().nullish() }).nullish(),
  output: z.object({ title: z.string().nullish(), summary: z.string().nullish(), text: z.string().nullish() }).nullish(),
})
export const CheckRuns = z.object({ check_runs: z.array(CheckRun) }).transform(({ check_runs }) => check_runs)

export const Ref = z.object({ object: z.object({ sha: ObjectId, type: z.string().optional() }) })

const Person = z.object({ name: z.string().nullish(), email: z.string().nullish() }).nullish()
export const Commit = z.object({
  sha: ObjectId,
  message: z.string(),
  tree: z.object({ sha: ObjectId }),
  parents: z.array(z.object({ sha: ObjectId })),
  author: Person,
  committer: Person,
})
export type Commit = z.infer<typeof Commit>
