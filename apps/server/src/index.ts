export { bindRefusal } from './bind-refusal.ts'
export { createServer } from './create-server.ts'
export type { EmergencyStop, FollowedJournal, Log, ReadinessCheck, ServerHands, StopState, Wake } from './hands.ts'
export { ServerSettings, type ServerSettingsInput } from './settings.ts'
