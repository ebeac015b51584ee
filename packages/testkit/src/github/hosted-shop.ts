import { GitHubDouble } from './github-double.ts'
import type { App, Repository } from './records.ts'

const PERMISSIONS = { contents: 'write', pull_requests: 'write', issues: 'write', checks: 'write', actions: 'read', metadata: 'read' } as const
const EVENTS = ['issues', 'issue_comment', 'pull_request', 'pull_request_review', 'pull_request_review_comment', 'check_run', 'check_suite', 'repository']

export interface HostedShop {
  readonly github: GitHubDouble
  /** `acme/shop`: ann is admin, tom may write, tri may triage. */
  readonly shop: Repository
  readonly fixpoint: App
}

/** A private repository on the double, with an app that is installed there and has what it needs. */
export async function hostedShop(): Promise<HostedShop> {
  const github = await GitHubDouble.start()
  const shop = await github.addRepository({
    owner: 'acme',
    name: 'shop',
    private: true,
    files: { 'src/cart.js': 'export const total = 1\n', 'docs/a b.md': 'a\n' },
    collaborators: { ann: 'admin', tom: 'write', tri: 'triage' },
  })
  const fixpoint = github.addApp({ slug: 'fixpoint', permissions: PERMISSIONS, events: EVENTS })
  github.install(fixpoint, 'acme', [shop])
  return { github, shop, fixpoint }
}
