export { aPlannedProposal } from './a-planned-proposal.ts'
export { aSighting } from './a-sighting.ts'
export { AnthropicDouble } from './anthropic-double.ts'
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
export { bundledShop } from './bundled-shop.ts'
export { FixedClock, SequentialIds, SteppingClock } from './clocks.ts'
export { codeHostContract } from './code-host-contract.ts'
export { deliveriesContract } from './deliveries-contract.ts'
export { GitHubDouble, type GitHubDoubleOptions, type NewRepository } from './github/github-double.ts'
export { type HostedShop, hostedShop } from './github/hosted-shop.ts'
export type { IssueRef, Person } from './github/person.ts'
export { PushingClone } from './github/pushing-clone.ts'
export { hostThreadsContract } from './host-threads-contract.ts'
export { hostedRepositoryContract } from './hosted-repository-contract.ts'
export { InMemoryArtifacts } from './in-memory-artifacts.ts'
export { InMemoryDeliveries } from './in-memory-deliveries.ts'
export { InMemoryHost } from './in-memory-host.ts'
export { InMemoryHostThreads } from './in-memory-host-threads.ts'
export { InMemoryInbox } from './in-memory-inbox.ts'
export { InMemoryJournal } from './in-memory-journal.ts'
export { InMemoryLedger } from './in-memory-ledger.ts'
export { InMemoryOutbox } from './in-memory-outbox.ts'
export { InMemoryReports } from './in-memory-reports.ts'
export { InMemoryRunIndex } from './in-memory-run-index.ts'
export { InMemorySourceMaps } from './in-memory-source-maps.ts'
export { InMemoryTokens } from './in-memory-tokens.ts'
export { InMemoryWorkerRoster } from './in-memory-worker-roster.ts'
export { inboxContract } from './inbox-contract.ts'
export { journalContract } from './journal-contract.ts'
export { languageModelContract, type MadeModel } from './language-model-contract.ts'
export { ledgerContract } from './ledger-contract.ts'
export { type MemoryFile, MemorySnapshot } from './memory-snapshot.ts'
export { type ModelFault, modelFaults } from './model-faults.ts'
export { OpenAiDouble } from './openai-double.ts'
export { outboxContract } from './outbox-contract.ts'
export { type PayloadFixture, payloadFixtures } from './payload-fixtures.ts'
export { reportsContract } from './reports-contract.ts'
export { sandboxesContract } from './sandboxes-contract.ts'
export { MemoryEdits, RecordingRoom, ScriptWorld, type ScriptWorldFiles } from './script-world.ts'
export { type DraftScript, RecordingCodeHost, type ReproduceScript, ScriptedDrafter, ScriptedReproducer } from './scripted.ts'
export { type ReplyScript, type ScriptedCall, ScriptedInterlocutor } from './scripted-conversation.ts'
export { aModelCard, aModelRequest, aReply, aUsage, calls, type ModelTurn, ScriptedModel, says } from './scripted-model.ts'
export { textFilesIn } from './text-files.ts'
export { tokensContract } from './tokens-contract.ts'
export { UnconfinedSandboxes } from './unconfined-sandboxes.ts'
export type { WireTurn } from './wire-double.ts'
export { workerRosterContract } from './worker-roster-contract.ts'
