import type { Access } from '../access.ts'
import type { Label, Repository, Role } from '../records.ts'
import { fullName, nodeId, type World } from '../world.ts'
import { userShape } from './account.ts'

const RELATED: Readonly<Record<string, string>> = {
  archive_url: '{archive_format}{/ref}',
  assignees_url: 'assignees{/user}',
  blobs_url: 'git/blobs{/sha}',
  branches_url: 'branches{/branch}',
  collaborators_url: 'collaborators{/collaborator}',
  comments_url: 'comments{/number}',
  commits_url: 'commits{/sha}',
  compare_url: 'compare/{base}...{head}',
  contents_url: 'contents/{+path}',
  contributors_url: 'contributors',
  deployments_url: 'deployments',
  downloads_url: 'downloads',
  events_url: 'events',
  forks_url: 'forks',
  git_commits_url: 'git/commits{/sha}',
  git_refs_url: 'git/refs{/sha}',
  git_tags_url: 'git/tags{/sha}',
  hooks_url: 'hooks',
  issue_comment_url: 'issues/comments{/number}',
  issue_events_url: 'issues/events{/number}',
  issues_url: 'issues{/number}',
  keys_url: 'keys{/key_id}',
  labels_url: 'labels{/name}',
  languages_url: 'languages',
  merges_url: 'merges',
  milestones_url: 'milestones{/number}',
  notifications_url: 'notifications{?since,all,participating}',
  pulls_url: 'pulls{/number}',
  releases_url: 'releases{/id}',
  stargazers_url: 'stargazers',
  statuses_url: 'statuses/{sha}',
  subscribers_url: 'subscribers',
  subscription_url: 'subscription',
  tags_url: 'tags',
  teams_url: 'teams',
  trees_url: 'git/trees{/sha}',
}

export function apiOf({ apiUrl }: World, repository: Repository): string {
  return `${apiUrl}/repos/${fullName(repository)}`
}

export function htmlOf({ origin }: World, repository: Repository): string {
  return `${origin}/${fullName(repository)}`
}

export function repositoryShape(world: World, repository: Repository) {
  const { id, name, owner, archived, defaultBranch, createdAt, updatedAt, pushedAt } = repository
  const api = apiOf(world, repository)
  const html = htmlOf(world, repository)
  const openIssues = [...repository.issues.values()].filter(({ state }) => state === 'open').length
  const host = new URL(world.origin).host
  return {
    id,
    node_id: nodeId('R', id),
    name,
    full_name: fullName(repository),
    private: repository.private,
    owner: userShape(world, owner),
    html_url: html,
    description: null,
    fork: false,
    url: api,
    ...Object.fromEntries(Object.entries(RELATED).map(([key, path]) => [key, `${api}/${path}`])),
    git_url: `git://${host}/${fullName(repository)}.git`,
    ssh_url: `git@${host}:${fullName(repository)}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    mirror_url: null,
    homepage: null,
    size: 1,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    archived,
    disabled: false,
    open_issues_count: openIssues,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? 'private' : 'public',
    forks: 0,
    open_issues: openIssues,
    watchers: 0,
    default_branch: defaultBranch,
    created_at: createdAt,
    updated_at: updatedAt,
    pushed_at: pushedAt,
  }
}

export function fullRepositoryShape(world: World, repository: Repository, access: Access) {
  const merging = { allow_merge_commit: true, allow_squash_merge: true, allow_rebase_merge: true, allow_auto_merge: false, delete_branch_on_merge: false }
  return {
    ...repositoryShape(world, repository),
    ...merging,
    subscribers_count: 1,
    network_count: 0,
    ...(access.kind === 'personal' ? { permissions: permissionsOf(world.roleOf(access.token.account, repository)) } : {}),
  }
}

const RANKS: readonly Role[] = ['read', 'triage', 'write', 'maintain', 'admin']

function permissionsOf(role: Role | undefined) {
  const rank = role === undefined ? -1 : RANKS.indexOf(role)
  return { pull: rank >= 0, triage: rank >= 1, push: rank >= 2, maintain: rank >= 3, admin: rank >= 4 }
}

export function labelShape(world: World, repository: Repository, { id, name, color, description }: Label) {
  return { id, node_id: nodeId('LA', id), url: `${apiOf(world, repository)}/labels/${encodeURIComponent(name)}`, name, color, default: false, description }
}
