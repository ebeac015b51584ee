import { z } from 'zod'
import { ObjectId, RunId } from './ids.ts'

/** `owner/name`, as the code host spells it now. */
export const RepositoryName = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/)
export type RepositoryName = z.infer<typeof RepositoryName>

const Number_ = z.number().int().positive()

/** Somebody on a code host. `login` is what people are called; an app's ends with `[bot]`, and so may a stranger's app. */
export const HostActor = z.object({ login: z.string().min(1).max(100), id: z.number().int(), bot: z.boolean() })
export type HostActor = z.infer<typeof HostActor>

/** An issue with its text as it was when it was told of: edits that come later are another text. */
export const HostIssue = z.object({
  number: Number_,
  title: z.string(),
  body: z.string(),
  open: z.boolean(),
  labels: z.array(z.string()),
  author: HostActor.optional(),
  url: z.string(),
})
export type HostIssue = z.infer<typeof HostIssue>

/** What somebody says to us at the beginning of a line: `/fixpoint retry try the parser`. A mention without a known word is `words`. */
export const HostCommand = z.object({
  name: z.enum(['run', 'retry', 'stop', 'explain', 'approve', 'help', 'words', 'unknown']),
  /** What follows, or the whole text of a mention. A stranger's text. */
  words: z.string(),
})
export type HostCommand = z.infer<typeof HostCommand>

const at = { repository: RepositoryName, by: HostActor }

/** What a code host tells us of, in our words. Whether whoever did it may want something of us is asked of the host, and not of this. */
export const HostEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('labelled'), ...at, issue: HostIssue, label: z.string() }),
  z.object({ kind: z.literal('unlabelled'), ...at, issue: HostIssue, label: z.string() }),
  /** `pull`: the number is a pull request's; `comment` is the id to react to, `point` when it stands at a line of a diff (hosts count those apart). */
  z.object({
    kind: z.literal('commanded'),
    ...at,
    issue: HostIssue,
    pull: z.boolean(),
    comment: z.number().int(),
    point: z.boolean(),
    command: HostCommand,
  }),
  z.object({ kind: z.literal('issue-closed'), ...at, issue: HostIssue }),
  z.object({
    kind: z.literal('reviewed'),
    ...at,
    pull: Number_,
    review: z.number().int(),
    state: z.enum(['approved', 'changes-requested', 'commented']),
    body: z.string(),
    /** What its own text says to us; its points come by themselves when they do. */
    command: HostCommand.optional(),
    commit: ObjectId,
  }),
  z.object({
    kind: z.literal('pull-closed'),
    ...at,
    pull: Number_,
    head: ObjectId,
    branch: z.string(),
    /** The commit that it became; undefined when it was closed without. */
    merged: ObjectId.optional(),
  }),
  z.object({ kind: z.literal('button-pressed'), ...at, action: z.string().max(40), run: RunId }),
  /** One app's checks of a commit are complete, and something of them is red. A commit has one such event for each app: act once on a commit. */
  z.object({ kind: z.literal('checks-failed'), ...at, commit: ObjectId, pulls: z.array(Number_) }),
  /** We may work on it from now on: one event for each repository. */
  z.object({ kind: z.literal('installed'), ...at }),
  z.object({ kind: z.literal('repository-gone'), ...at, why: z.enum(['deleted', 'archived', 'removed', 'transferred']) }),
  z.object({ kind: z.literal('repository-renamed'), ...at, from: RepositoryName }),
])
export type HostEvent = z.infer<typeof HostEvent>
