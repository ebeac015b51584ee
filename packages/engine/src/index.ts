export { Archive } from './archive.ts'
export { type CodeView, codeViewOf } from './code-view.ts'
export { patchFrom } from './diff.ts'
export { passesByItself } from './disposition.ts'
export { type JudgedSubject, judge } from './judge/judge.ts'
export type { JudgeTools, Subject } from './judge/subject.ts'
export { type ComparedFile, resemblanceOf } from './observed/resemblance.ts'
export { type NewRun, openRun } from './open-run.ts'
export { FailureDetail, Findings, Judgement, PlannedProposal, Words, Workspace } from './records.ts'
export { type DriveOptions, drive } from './run-loop.ts'
export type { EngineTools } from './tools.ts'
export { type Verification, verifyCertificate } from './verify-certificate.ts'

/** The drivers that try many candidates in a room, for `/fixpoint/tools`. */
export const engineAssets = new URL('../assets/', import.meta.url)
