export { type BranchPublisher, LocalCodeHost } from './local-code-host.ts'
