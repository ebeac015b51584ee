import { Denial } from '../denial.ts'
import type { Role } from '../records.ts'
import { privateUserShape, publicUserShape, userShape } from '../shapes/account.ts'
import { fullRepositoryShape } from '../shapes/repository.ts'
import { type Call, found, ok, type Reply, type Route, route } from './route.ts'

export const repositoryRoutes: readonly Route[] = [
  route('GET /repos/{owner}/{repo}', 'metadata=read', ({ world, repository, access }) => ok(fullRepositoryShape(world, repository, access))),
  route('GET /repos/{owner}/{repo}/collaborators/{username}/permission', 'metadata=read', permissionOf),
  route('GET /repos/{owner}/{repo}/collaborators/{username}', 'metadata=read', (call) => {
    const { world, repository } = call
    const account = world.accounts.get(call.parameter('username').toLowerCase())
    const isCollaborator = account !== undefined && (account.id === repository.owner.id || repository.collaborators.has(account.login.toLowerCase()))
    return {
      status: isCollaborator ? 204 : 404,
      ...(isCollaborator ? {} : { body: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' } }),
    }
  }),
  route('GET /users/{username}', 'anyone', (call) => ok(publicUserShape(call.world, found(call.world.accounts.get(call.parameter('username').toLowerCase()))))),
  route('GET /user', 'signed-in', ({ world, access, doer }) => {
    if (access.kind !== 'personal') throw new Denial(403, 'Resource not accessible by integration')
    return ok(privateUserShape(world, doer.account))
  }),
  route('GET /rate_limit', 'anyone', ({ limits, access }) => {
    const core = limits.standing(access)
    return ok({ resources: { core, search: { limit: 30, remaining: 30, reset: core.reset, used: 0 }, graphql: core }, rate: core })
  }),
]

const LEGACY: Readonly<Record<Role, string>> = { read: 'read', triage: 'read', write: 'write', maintain: 'write', admin: 'admin' }

function permissionOf(call: Call): Reply {
  const { world, repository } = call
  const account = world.accounts.get(call.parameter('username').toLowerCase())
  if (account === undefined) throw new Denial(404, `${call.parameter('username')} is not a user`)
  const role = world.roleOf(account, repository)
  const role_name = role ?? 'none'
  return ok({ permission: role === undefined ? 'none' : LEGACY[role], role_name, user: { ...userShape(world, account), role_name } })
}
