import type { Repository } from '../records.ts'
import { fullName, type World } from '../world.ts'
import type { Doer } from './issues.ts'

export function renameRepository(world: World, repository: Repository, name: string, doer: Doer): void {
  const from = repository.name
  repository.formerNames.push(fullName(repository).toLowerCase())
  repository.name = name
  announce(world, repository, 'renamed', doer, { changes: { repository: { name: { from } } } })
}

export function setArchived(world: World, repository: Repository, archived: boolean, doer: Doer): void {
  repository.archived = archived
  announce(world, repository, archived ? 'archived' : 'unarchived', doer)
}

export function setPrivate(world: World, repository: Repository, isPrivate: boolean, doer: Doer): void {
  repository.private = isPrivate
  announce(world, repository, isPrivate ? 'privatized' : 'publicized', doer)
}

export function deleteRepository(world: World, repository: Repository, doer: Doer): void {
  announce(world, repository, 'deleted', doer)
  repository.deleted = true
  for (const { repositories } of world.installations) repositories?.delete(repository.id)
}

function announce(world: World, repository: Repository, action: string, { account }: Doer, payload: Readonly<Record<string, unknown>> = {}): void {
  repository.updatedAt = world.now()
  world.announce({ event: 'repository', action, sender: account, repository, payload })
}
