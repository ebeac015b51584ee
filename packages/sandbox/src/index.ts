export type { EngineAddress } from './docker-engine.ts'
export { DockerSandboxes, type Environments, type SandboxSettings, type SelfTestStamps } from './docker-sandboxes.ts'
export type { RoomMounts } from './host-config.ts'
export { DEFAULT_LIMITS, type RoomLimits } from './limits.ts'
