import {
  type FailedCheck,
  type HostedCheck,
  type HostedPull,
  type HostedRepositories,
  type HostedRepository,
  HostFailure,
  type HostIssue,
  type HostPermission,
  type ObjectId,
  type OurCheck,
  type Reaction,
  type RepositoryName,
  type ReviewPoint,
} from '@fixpoint/core'

type ReactedTo = Parameters<HostedRepository['react']>[0]

/** A code host with one repository, for as long as the process lives. What people do on it is done through its fields. */
export class InMemoryHost implements HostedRepositories {
  readonly self = { login: 'fixpoint[bot]', id: 1, slug: 'fixpoint' }
  readonly repository: InMemoryHostedRepository
  gone = false

  constructor(name: RepositoryName = 'acme/shop') {
    this.repository = new InMemoryHostedRepository(name, () => this.gone)
  }

  async open(name: RepositoryName): Promise<InMemoryHostedRepository> {
    if (name.toLowerCase() !== this.repository.name.toLowerCase()) throw gone(name)
    await this.repository.about()
    return this.repository
  }

  async *missedDeliveries(): AsyncGenerator<never> {}
}

class InMemoryHostedRepository implements HostedRepository {
  readonly name: RepositoryName
  readonly #isGone: () => boolean
  readonly people = new Map<string, HostPermission>()
  readonly issues = new Map<number, HostIssue>()
  readonly pulls = new Map<number, HostedPull>()
  readonly points = new Map<number, readonly (ReviewPoint & { readonly review: number })[]>()
  readonly red = new Map<ObjectId, readonly FailedCheck[]>()
  readonly files = new Map<string, string>()
  /** By issue or pull request, then by key. */
  readonly comments = new Map<number, Map<string, string>>()
  readonly ownChecks: OurCheck[] = []
  readonly ci = new Map<ObjectId, readonly HostedCheck[]>()
  readonly reactions: { readonly to: ReactedTo; readonly reaction: Reaction }[] = []
  readonly answers = new Map<string, { readonly point: number; readonly body: string }>()
  readonly states = new Map<number, string>()
  readonly deleted: string[] = []
  readonly labels = new Set<string>()

  constructor(name: RepositoryName, isGone: () => boolean) {
    this.name = name
    this.#isGone = isGone
  }

  async permissionOf(login: string): Promise<HostPermission> {
    this.#assertThere()
    return this.people.get(login) ?? 'none'
  }

  async about() {
    this.#assertThere()
    return { name: this.name, defaultBranch: 'main', archived: false, isPrivate: true, url: `https://host.example/${this.name}` }
  }

  async issue(number: number): Promise<HostIssue | undefined> {
    this.#assertThere()
    return this.issues.get(number)
  }

  async pull(number: number): Promise<HostedPull | undefined> {
    this.#assertThere()
    return this.pulls.get(number)
  }

  async reviewPoints(pull: number, review: number): Promise<readonly ReviewPoint[]> {
    this.#assertThere()
    return (this.points.get(pull) ?? []).filter((point) => point.review === review).map(({ review: _, ...point }) => point)
  }

  async failedChecks(commit: ObjectId): Promise<readonly FailedCheck[]> {
    this.#assertThere()
    return this.red.get(commit) ?? []
  }

  async checks(commit: ObjectId): Promise<readonly HostedCheck[]> {
    this.#assertThere()
    return this.ci.get(commit) ?? []
  }

  async react(to: ReactedTo, reaction: Reaction): Promise<void> {
    this.#assertThere()
    const known = this.reactions.some((each) => each.reaction === reaction && JSON.stringify(each.to) === JSON.stringify(to))
    if (!known) this.reactions.push({ to, reaction })
  }

  async ensureComment(issue: number, key: string, body: string): Promise<{ readonly url: string }> {
    this.#assertThere()
    const comments = this.comments.get(issue) ?? new Map<string, string>()
    this.comments.set(issue, comments.set(key, body))
    return { url: `https://host.example/${this.name}/${issue}#${key}` }
  }

  async ensureCheck(check: OurCheck): Promise<void> {
    this.#assertThere()
    const known = this.ownChecks.findIndex(({ run, commit }) => run === check.run && commit === check.commit)
    this.ownChecks.splice(known === -1 ? this.ownChecks.length : known, 1, check)
  }

  async answerPoint(_pull: number, point: number, key: string, body: string): Promise<void> {
    this.#assertThere()
    if (!this.answers.has(key)) this.answers.set(key, { point, body })
  }

  async markReady(pull: number): Promise<void> {
    this.#assertThere()
    const known = this.pulls.get(pull)
    if (known !== undefined) this.pulls.set(pull, { ...known, draft: false })
  }

  async ensureLabel(name: string): Promise<void> {
    this.#assertThere()
    this.labels.add(name)
  }

  async setState(issue: number, label: string | undefined): Promise<void> {
    this.#assertThere()
    if (label === undefined) this.states.delete(issue)
    else this.states.set(issue, label)
  }

  async deleteBranch(branch: string): Promise<void> {
    this.#assertThere()
    this.deleted.push(branch)
  }

  lineUrl({ commit, path, lines }: Parameters<HostedRepository['lineUrl']>[0]): string {
    return `https://host.example/${this.name}/${commit}/${encodeURIComponent(path).replace(/[()]/g, '')}#${lines.join('-')}`
  }

  async text(path: string): Promise<string | undefined> {
    this.#assertThere()
    return this.files.get(path)
  }

  #assertThere(): void {
    if (this.#isGone()) throw gone(this.name)
  }
}

function gone(name: RepositoryName): HostFailure {
  return new HostFailure('host-gone', `${name} is gone`, 'Install the app there.')
}
