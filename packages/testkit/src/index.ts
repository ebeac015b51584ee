export { artifactsContract } from './artifacts-contract.ts'
export {
  aBaseline,
  aCandidate,
  aDossier,
  aGateResult,
  aPatch,
  aPolicy,
  aProject,
  aReport,
  aReproduction,
  aTestResult,
  aTestRun,
  aVerdict,
  someEntries,
} from './builders.ts'
export { FixedClock, SequentialIds, SteppingClock } from './clocks.ts'
export { InMemoryArtifacts } from './in-memory-artifacts.ts'
export { InMemoryJournal } from './in-memory-journal.ts'
export { journalContract } from './journal-contract.ts'
export { type MemoryFile, MemorySnapshot } from './memory-snapshot.ts'
export { sandboxesContract } from './sandboxes-contract.ts'
export { type DraftScript, RecordingCodeHost, type ReproduceScript, ScriptedDrafter, ScriptedReproducer } from './scripted.ts'
export { UnconfinedSandboxes } from './unconfined-sandboxes.ts'
