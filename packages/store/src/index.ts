export { FileArtifacts } from './file-artifacts.ts'
export { FileJournal, type Oddity, runFolder } from './file-journal.ts'
export { UnreadableJournal } from './unreadable-journal.ts'
