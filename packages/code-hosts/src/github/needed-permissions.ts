/** What the app needs, and for what. Workflows are not among it: a patch to them is refused before it is pushed. */
export const NEEDED_PERMISSIONS = {
  contents: 'write', // branches below fixpoint/
  pull_requests: 'write',
  issues: 'write', // comments, labels, reactions
  checks: 'write', // the one check run
  actions: 'read', // logs of red checks
  metadata: 'read',
} as const

export const NEEDED_EVENTS = [
  'issues',
  'issue_comment',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'check_run',
  'check_suite',
  'repository',
] as const

export type PermissionName = keyof typeof NEEDED_PERMISSIONS
export type Level = 'read' | 'write' | 'admin'
/** As the host names them. */
export type Granted = Readonly<Record<string, string>>

/** What may be seen, of all repositories at once. */
export type Looking = Readonly<Partial<Record<PermissionName, 'read'>>>

/** Reading, or everything. */
export type Use = 'read' | 'write'

const LEVELS = ['read', 'write', 'admin']

/** What a token for this use asks for: never more than is needed, and nothing that was not granted, which would be refused as a whole. */
export function permissionsFor(use: Use, granted: Granted): Partial<Record<PermissionName, 'read' | 'write'>> {
  const wanted = Object.entries(NEEDED_PERMISSIONS).map(([name, level]) => [name, use === 'read' ? 'read' : level] as const)
  return Object.fromEntries(
    wanted.flatMap(([name, level]) => {
      const has = granted[name]
      if (has === undefined) return []
      return [[name, LEVELS.indexOf(has) >= LEVELS.indexOf(level) ? level : 'read']]
    }),
  )
}

export interface MissingPermission {
  readonly name: PermissionName
  readonly needed: Level
  readonly granted: string | undefined
}

export function missingOf(granted: Granted): readonly MissingPermission[] {
  return Object.entries(NEEDED_PERMISSIONS).flatMap(([name, needed]) => {
    const has = name === 'metadata' ? (granted[name] ?? 'read') : granted[name]
    return has !== undefined && LEVELS.indexOf(has) >= LEVELS.indexOf(needed) ? [] : [{ name: name as PermissionName, needed, granted: has }]
  })
}
