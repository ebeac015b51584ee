/** What one room may use. Sizes in bytes. A tmpfs counts as memory, so `memory` covers the tree and the working set together. */
export interface RoomLimits {
  readonly memory: number
  /** Cores; capped by what the engine has. */
  readonly cpus: number
  readonly processes: number
  readonly workspace: number
  readonly temporary: number
  readonly home: number
  readonly results: number
  readonly tools: number
  /** The largest tree that is taken in at all. */
  readonly tree: number
  /** A second copy of the tree, for resets. */
  readonly pristine: number
  readonly files: number
  readonly fileSize: number
}

const MiB = 2 ** 20

export const DEFAULT_LIMITS: RoomLimits = {
  memory: 2048 * MiB,
  cpus: 2,
  processes: 512,
  workspace: 1024 * MiB,
  temporary: 256 * MiB,
  home: 128 * MiB,
  results: 128 * MiB,
  tools: 16 * MiB,
  tree: 1024 * MiB,
  pristine: 4 * MiB,
  files: 300_000,
  fileSize: 512 * MiB,
}

/** Grown by the tree: what the limits leave to the commands does not shrink with a large repository. */
export function withRoomFor(treeBytes: number, limits: RoomLimits): RoomLimits {
  return {
    ...limits,
    workspace: limits.workspace + treeBytes,
    pristine: limits.pristine + treeBytes,
    memory: limits.memory + 2 * treeBytes,
  }
}
