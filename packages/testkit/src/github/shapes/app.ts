import type { App, Installation } from '../records.ts'
import { nodeId, type World } from '../world.ts'
import { userShape } from './account.ts'

export function appShape(world: World, { id, slug, name, clientId, owner, permissions, events, createdAt }: App) {
  return {
    id,
    slug,
    node_id: nodeId('A', id),
    client_id: clientId,
    owner: userShape(world, owner),
    name,
    description: null,
    external_url: 'https://example.com',
    html_url: `${world.origin}/apps/${slug}`,
    created_at: createdAt,
    updated_at: createdAt,
    permissions,
    events,
  }
}

export function installationShape(world: World, installation: Installation) {
  const { id, app, account, repositories, permissions, events, suspended, createdAt, updatedAt } = installation
  const isOrganization = account.type === 'Organization'
  return {
    id,
    account: userShape(world, account),
    repository_selection: repositories === null ? 'all' : 'selected',
    access_tokens_url: `${world.apiUrl}/app/installations/${id}/access_tokens`,
    repositories_url: `${world.apiUrl}/installation/repositories`,
    html_url: `${world.origin}${isOrganization ? `/organizations/${account.login}` : ''}/settings/installations/${id}`,
    app_id: app.id,
    client_id: app.clientId,
    app_slug: app.slug,
    target_id: account.id,
    target_type: isOrganization ? 'Organization' : 'User',
    permissions,
    events,
    created_at: createdAt,
    updated_at: updatedAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: suspended === null ? null : userShape(world, suspended.by),
    suspended_at: suspended?.at ?? null,
  }
}
