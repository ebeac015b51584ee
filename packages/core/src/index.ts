export { announcementOf } from './life/announcement-of.ts'
export { costByLane } from './life/cost-by-lane.ts'
export { Answered, type EventKind, JournalEntry, Outcome, RunEvent, StopReason } from './life/events.ts'
export { evolve, fold, isSurvivor } from './life/evolve.ts'
export { type EventIn, lifecycle } from './life/lifecycle.ts'
export { awaitsOthers, mustBeRead, nextStep, type PerformedStep, type Step } from './life/next-step.ts'
export { type JudgedPatch, type Phase, type Run, type RunIn, shownProposal } from './life/run.ts'
export type { Artifacts } from './ports/artifacts.ts'
export type { Change, Changes } from './ports/changes.ts'
export type { Clock, Hash, Ids } from './ports/clock.ts'
export type { CodeHost, OfferedProposal, PublishedProposal, Standing } from './ports/code-host.ts'
export type { Deliveries, DeliveryRecord, DeliveryState, NewDelivery } from './ports/deliveries.ts'
export type {
  CandidateResult,
  CodeSearch,
  CodeSymbols,
  Critic,
  DraftEvent,
  Drafter,
  DraftTask,
  DraftTools,
  EditSession,
  Explainer,
  ExplainTask,
  LookingTools,
  OwnerGuidance,
  ReproduceEvent,
  Reproducer,
  ReproduceTask,
  ReproduceTools,
  ReviewTask,
  Room,
  SecondTask,
  SymbolPlace,
  TestBench,
  TestImport,
  TestStyle,
  WidenTask,
} from './ports/drafting.ts'
export type { EmergencyStop, StopState } from './ports/emergency-stop.ts'
export type { FixedReport, Fixes, SeenRelease, ServiceNumbers } from './ports/fixes.ts'
export type { HostThread, HostThreads, KeptExplanation, PullOutcome } from './ports/host-threads.ts'
export type {
  FailedCheck,
  HostedCheck,
  HostedPull,
  HostedRepositories,
  HostedRepository,
  HostPermission,
  OurCheck,
  Reaction,
  ReviewPoint,
} from './ports/hosted-repository.ts'
export type { Inbox, WaitingMessage } from './ports/inbox.ts'
export type { Funnel, InsightReport, Insights, RunGroup, StepLatency } from './ports/insights.ts'
export type { Journal, JournalLease } from './ports/journal.ts'
export type { Conversation, Interlocutor, LanguageModel, ModelEvent, Spent } from './ports/language-model.ts'
export type { DaySpend, Ledger, ReservationRequest } from './ports/ledger.ts'
export type { ObservedProposal, ObservedReport, Resemblance, WithheldProposal } from './ports/observed.ts'
export type { Attempted, OutboundMessage, OutboundState, Outbox, Subscription } from './ports/outbox.ts'
export type { Pauses } from './ports/pauses.ts'
export type { Progress, ProgressListener } from './ports/progress.ts'
export type { DailySightings, NewSighting, ReportChange, ReportCursor, ReportFix, ReportMove, ReportState, Reports, StoredReport } from './ports/reports.ts'
export type { CommitIdentity, CommitRequest, CommitSummary, History, Repository, TextMatch, TextSearch } from './ports/repository.ts'
export type { Retention } from './ports/retention.ts'
export type { RunIndex, RunOwner, RunPage, RunSummary } from './ports/run-index.ts'
export type { RunQueue } from './ports/run-queue.ts'
export type { Command, CommandResult, Environment, EnvironmentRequest, RoomRequest, Sandbox, Sandboxes } from './ports/sandboxes.ts'
export type { SourceMaps, StoredSourceMap } from './ports/source-maps.ts'
export { type SourceSnapshot, type TreeEntry, textOf } from './ports/source-snapshot.ts'
export type { ApiToken, IngestKey, NewSession, PresentedIngestKey, Scope, Session, Tokens } from './ports/tokens.ts'
export type { SeenWorker, WorkerBeat, WorkerRoster } from './ports/worker-roster.ts'
export { timeLimit } from './time-limit.ts'
export { Alert, Severity } from './words/alert.ts'
export { Announcement, ObservedCounts, Topic } from './words/announcement.ts'
export type { Assets } from './words/assets.ts'
export { BugReport, ReportedCheck } from './words/bug-report.ts'
export { canonicalJson } from './words/canonical-json.ts'
export { Certificate, LaneCost, RejectedPatch } from './words/certificate.ts'
export {
  costOf,
  Exchange,
  ModelCard,
  ModelMessage,
  ModelReply,
  ModelRequest,
  ReplyPart,
  StopCause,
  ToolCall,
  type ToolResult,
  ToolSpec,
  tokensOf,
  Usage,
} from './words/conversation.ts'
export { Diagnosis, Explanation } from './words/diagnosis.ts'
export { Dossier, Excerpt, Suspect, Why } from './words/dossier.ts'
export {
  codeOf,
  Failure,
  type FailureCode,
  HostFailure,
  type HostFailureCode,
  IllegalEvent,
  ModelFailure,
  type ModelFailureCode,
  StaleRun,
} from './words/failure.ts'
export { HostActor, HostCommand, HostEvent, HostIssue, RepositoryName } from './words/host-event.ts'
export { Digest, isRepoPath, ObjectId, RepoPath, RunId } from './words/ids.ts'
export { EditedDiff, InboxMessage } from './words/inbox-message.ts'
export { visible } from './words/invisible-text.ts'
export { fenced, neutral, neutralCode } from './words/neutral-text.ts'
export { Candidate, Contradiction, FileEdit, Patch, PatchOrigin } from './words/patch.ts'
export { Autonomy, Budget, Lane, Policy } from './words/policy.ts'
export { EnvironmentRecipe, Project, RunnerName, Toolchain } from './words/project.ts'
export { Proposal } from './words/proposal.ts'
export { Baseline, Expectation, ProbeCall, Reproduction, ReproductionSource, SecondTest, TestFile } from './words/reproduction.ts'
export { Review } from './words/review.ts'
export {
  type Amount,
  Ceiling,
  type Exhausted,
  passedBy,
  reachedToday,
  Spending,
  type SpendingScope,
  type SpentSoFar,
} from './words/spending.ts'
export { MappedFrame, StackFrame, StackTrace, TraceLanguage } from './words/stack-trace.ts'
export { TestFailure, TestId, TestResult, TestRun, TestSelection } from './words/test-run.ts'
export { inert, reveal, Untrusted, untrusted } from './words/untrusted.ts'
export { BehaviourDifference, CommandEvidence, ContradictedTest, GateName, GateResult, Lesson, Strength, Verdict, VerdictName } from './words/verdict.ts'
