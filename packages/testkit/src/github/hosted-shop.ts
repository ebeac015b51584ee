import { GitHubDouble } from './github-double.ts'
import type { App, Repository } from './records.ts'

const PERMISSIONS = { contents: 'write', pull_requests: 'write', issues: 'write', checks: 'write', actions: 'read', metadata: 'read' } as const
const EVENTS = ['issues', 'issue_comment', 'pull_request', 'pull_request_review', 'pull_request_review_comment', 'check_run', 'check_suite', 'repository']

export interface HostedShop {
  readonly github: GitHubDouble
  /** `acme/shop`: ann is admin, tom may write, tri may triage, rita may read. */
  readonly shop: Repository
  readonly fixpoint: App
  readonly installation: ReturnType<GitHubDouble['install']>
}

const FILES = { 'src/cart.js': 'export const total = 1\n', 'docs/a b.md': 'a\n' }

/** A repository on the double, with an app that is installed there and has what it needs. */
export async function hostedShop({
  files = FILES,
  isPrivate = true,
}: {
  files?: Readonly<Record<string, string>>
  isPrivate?: boolean
} = {}): Promise<HostedShop> {
  const github = await GitHubDouble.start()
  const collaborators = { ann: 'admin', tom: 'write', tri: 'triage', rita: 'read' } as const
  const shop = await github.addRepository({ owner: 'acme', name: 'shop', private: isPrivate, files, collaborators })
  const fixpoint = github.addApp({ slug: 'fixpoint', permissions: PERMISSIONS, events: EVENTS })
  return { github, shop, fixpoint, installation: github.install(fixpoint, 'acme', [shop]) }
}
