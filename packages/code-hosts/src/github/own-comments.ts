import { IllegalEvent } from '@fixpoint/core'
import { z } from 'zod'
import type { GitHubApi } from './github-api.ts'
import { withinText } from './host-limits.ts'
import { Comment, ReviewComment } from './replies.ts'
import type { At } from './repository-place.ts'

interface Written {
  readonly id: number
  readonly url: string
  readonly body: string
}

const KEY = /^[A-Za-z0-9][A-Za-z0-9:._-]{0,99}$/
const MOST_REMEMBERED = 500

/** Comments of our own account, each found again by a marker that people do not see. Somebody else's with the same marker is nobody's. */
export class OwnComments {
  readonly #api: GitHubApi
  readonly #at: At
  readonly #self: number
  /** So that a comment that is edited forty times is looked for once. */
  readonly #written = new Map<string, Written>()

  constructor(api: GitHubApi, at: At, self: number) {
    this.#api = api
    this.#at = at
    this.#self = self
  }

  async ensure(issue: number, key: string, text: string): Promise<{ readonly url: string }> {
    const body = withinText(`${markerOf(key)}\n${text}`)
    const place = `${issue} ${key}`
    const known = this.#written.get(place)
    // Another worker may have edited it meanwhile, or a person deleted it.
    const there = known && (await this.#api.find(Comment, (rest) => rest.issues.getComment({ ...this.#at, comment_id: known.id })))
    const edited = there && (await this.#edit(writtenOf(there), body))
    return this.#remember(place, edited ?? (await this.#ensureAnew(issue, key, body)))
  }

  async #ensureAnew(issue: number, key: string, body: string): Promise<Written> {
    const there = await this.#find(issue, key)
    if (there !== undefined) return (await this.#edit(there, body)) ?? this.#ensureAnew(issue, key, body)
    const made = writtenOf(await this.#api.ask(Comment, (rest) => rest.issues.createComment({ ...this.#at, issue_number: issue, body })))
    // Another worker may have looked at the same moment: the older one stays.
    const first = await this.#find(issue, key)
    if (first === undefined || first.id === made.id) return made
    await this.#api.unless([404], () => this.#api.tell((rest) => rest.issues.deleteComment({ ...this.#at, comment_id: made.id })))
    return (await this.#edit(first, body)) ?? first
  }

  /** undefined: it is not there any more. */
  async #edit(known: Written, body: string): Promise<Written | undefined> {
    if (known.body === body) return known
    const edited = await this.#api.find(Comment, (rest) => rest.issues.updateComment({ ...this.#at, comment_id: known.id, body }))
    return edited && writtenOf(edited)
  }

  /** Under a point of a review. A point that is not there any more needs no answer. */
  async answer(pull: number, point: number, key: string, text: string): Promise<void> {
    const marker = markerOf(key)
    let root: number | undefined
    for await (const { id, in_reply_to_id, user, body } of this.#api.each(z.array(ReviewComment), (rest, page) =>
      rest.pulls.listReviewComments({ ...this.#at, pull_number: pull, per_page: 100, page }),
    )) {
      if (user?.id === this.#self && body.startsWith(marker)) return
      // An answer in a thread is an answer to what began it.
      if (id === point) root = in_reply_to_id ?? id
    }
    if (root === undefined) return
    const to = { ...this.#at, pull_number: pull, comment_id: root, body: withinText(`${marker}\n${text}`) }
    await this.#api.tell((rest) => rest.pulls.createReplyForReviewComment(to))
  }

  async #find(issue: number, key: string): Promise<Written | undefined> {
    const marker = markerOf(key)
    for await (const comment of this.#api.each(z.array(Comment), (rest, page) =>
      rest.issues.listComments({ ...this.#at, issue_number: issue, per_page: 100, page }),
    )) {
      if (comment.user?.id === this.#self && comment.body?.startsWith(marker)) return writtenOf(comment)
    }
    return undefined
  }

  #remember(place: string, written: Written): { readonly url: string } {
    this.#written.delete(place)
    this.#written.set(place, written)
    const [oldest] = this.#written.keys()
    if (this.#written.size > MOST_REMEMBERED && oldest !== undefined) this.#written.delete(oldest)
    return { url: written.url }
  }
}

function writtenOf({ id, html_url, body }: z.infer<typeof Comment>): Written {
  return { id, url: html_url, body: body ?? '' }
}

function markerOf(key: string): string {
  if (!KEY.test(key)) throw new IllegalEvent(`${JSON.stringify(key.slice(0, 120))} is no key for a comment`)
  return `<!-- fixpoint:${key} -->`
}
