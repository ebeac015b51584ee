import type { HostedWorker } from './hosted-worker.ts'

type Fact = readonly [what: string, value: string]

/** All that a run has no business with: everything on the host but its own branch, pull request, comment and check, and the issue that it is about. */
export async function surroundings({ github, shop }: HostedWorker, issue: number): Promise<readonly Fact[]> {
  // The host itself keeps a name for the head of every pull request.
  const refs = [...(await shop.git.refs())].filter(([ref]) => !/^refs\/(?:heads\/fixpoint|pull)\//.test(ref))
  const issues = [...shop.issues.values()].filter(({ number, pull }) => number !== issue && pull === null)
  const talk = [...shop.issues.values()].filter(({ number, pull }) => number === issue || pull !== null)
  const { collaborators, labels, private: isPrivate, archived, name, protectedBranches } = shop
  return [
    ['branches and tags', JSON.stringify(refs)],
    ['other issues', JSON.stringify(issues)],
    [
      'what others wrote',
      JSON.stringify(
        talk.flatMap(({ title, body, comments, author }) => [
          ...(isOurs(author) ? [] : [title, body]),
          ...comments.filter((each) => !isOurs(each.author)).map((each) => each.body),
        ]),
      ),
    ],
    ['labels of the repository', JSON.stringify(labels.filter((label) => !label.name.startsWith('fixpoint')))],
    ['the repository itself', JSON.stringify([[...collaborators], isPrivate, archived, name, [...protectedBranches]])],
    [
      'what is merged or approved',
      JSON.stringify(
        github.pulls(shop).flatMap(({ pull }) => [...(pull.merge === null ? [] : [pull.merge]), ...pull.reviews.filter(({ author }) => isOurs(author))]),
      ),
    ],
  ]
}

function isOurs({ login }: { readonly login: string }): boolean {
  return login === 'fixpoint[bot]'
}

const R = '/repos/acme/shop'
/** Every request that may come of an issue, besides looking. */
const WRITES: readonly RegExp[] = [
  /^POST \/app\/installations\/\d+\/access_tokens$/,
  new RegExp(`^POST ${R}/issues(?:/comments)?/\\d+/reactions$`),
  new RegExp(`^POST ${R}/pulls/comments/\\d+/reactions$`),
  new RegExp(`^(?:POST ${R}/issues/\\d+/comments|PATCH ${R}/issues/comments/\\d+)$`),
  new RegExp(`^(?:POST ${R}/labels|POST ${R}/issues/\\d+/labels|DELETE ${R}/issues/\\d+/labels/fixpoint.*)$`),
  new RegExp(`^(?:POST ${R}/check-runs|PATCH ${R}/check-runs/\\d+)$`),
  new RegExp(`^(?:POST ${R}/git/(?:trees|commits|refs)|PATCH ${R}/git/refs/heads%2Ffixpoint%2F.*)$`),
  new RegExp(`^(?:POST ${R}/pulls|PATCH ${R}/pulls/\\d+|POST ${R}/pulls/\\d+/comments/\\d+/replies)$`),
  /^POST \/acme\/shop\.git\/git-upload-pack$/,
]
const LOOKS: readonly RegExp[] = [
  /^GET \/app(?:$|\/hook\/deliveries)/,
  /^GET \/users\/fixpoint%5Bbot%5D$/,
  /^GET \/repos\/acme\/(?:shop|\.github)(?:$|[/?])/,
  // Where the host sends those who ask for a log.
  /^GET \/_logs\/\d+\/\d+$/,
  /^GET \/acme\/shop\.git\/info\/refs\?service=git-upload-pack$/,
]

/** Requests that nothing of ours makes. */
export function strangeRequests({ github }: HostedWorker): readonly string[] {
  return github.requests.map(({ method, path }) => `${method} ${path}`).filter((asked) => ![...LOOKS, ...WRITES].some((allowed) => allowed.test(asked)))
}
