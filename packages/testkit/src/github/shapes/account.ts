import type { Account, Repository } from '../records.ts'
import { nodeId, type World } from '../world.ts'

export type Association = 'OWNER' | 'MEMBER' | 'COLLABORATOR' | 'NONE'

export function userShape({ origin, apiUrl }: World, { id, login, type }: Account) {
  const name = encodeURIComponent(login)
  const url = `${apiUrl}/users/${name}`
  return {
    login,
    id,
    node_id: nodeId('U', id),
    avatar_url: `${origin}/avatars/u/${id}?v=4`,
    gravatar_id: '',
    url,
    html_url: type === 'Bot' ? `${origin}/apps/${name.replace('%5Bbot%5D', '')}` : `${origin}/${name}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: 'public',
    site_admin: false,
  }
}

export function publicUserShape(world: World, account: Account) {
  const none = { name: null, company: null, blog: '', location: null, email: null, hireable: null, bio: null, twitter_username: null }
  const counts = { public_repos: 0, public_gists: 0, followers: 0, following: 0 }
  return { ...userShape(world, account), ...none, ...counts, created_at: '2020-01-01T00:00:00Z', updated_at: '2020-01-01T00:00:00Z' }
}

export function privateUserShape(world: World, account: Account) {
  const counts = { private_gists: 0, total_private_repos: 0, owned_private_repos: 0, disk_usage: 0, collaborators: 0 }
  return { ...publicUserShape(world, account), ...counts, two_factor_authentication: true }
}

/** What GitHub tells everybody about how a person stands to a repository. Not a permission. */
export function associationOf(author: Account, repository: Repository): Association {
  if (author.id === repository.owner.id) return 'OWNER'
  if (!repository.collaborators.has(author.login.toLowerCase())) return 'NONE'
  return repository.owner.type === 'Organization' ? 'MEMBER' : 'COLLABORATOR'
}
