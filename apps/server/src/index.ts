export { bindRefusal } from './bind-refusal.ts'
export { createServer } from './create-server.ts'
export type { FollowedJournal, Log, ReadinessCheck, ServerHands, Wake } from './hands.ts'
export { ServerSettings, type ServerSettingsInput } from './settings.ts'
