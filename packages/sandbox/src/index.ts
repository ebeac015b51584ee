export type { EngineAddress } from './docker-engine.ts'
export { DockerSandboxes, type Environments, type SandboxSettings } from './docker-sandboxes.ts'
export { DEFAULT_LIMITS, type RoomLimits } from './limits.ts'
