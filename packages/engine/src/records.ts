import { Baseline, Candidate, EnvironmentRecipe, FileEdit, Lesson, ObjectId, ProbeCall, Project, Verdict } from '@fixpoint/core'
import { z } from 'zod'

/** The repository as the run sees it, decided when the run opens. */
export const Workspace = z.object({
  /** Folder of the repository on the host, or the name that a code host gives it. */
  repository: z.string(),
  project: Project,
  recipe: EnvironmentRecipe,
  /** Folder whose installed dependencies are copied. */
  dependencyFolder: z.string().optional(),
  commands: z.object({ test: z.string().optional(), setup: z.string().optional() }),
  /** What the owner wrote for agents, as it stood on the default branch when the run opened. */
  guidance: z.array(z.object({ path: z.string(), text: z.string() })).optional(),
})
export type Workspace = z.infer<typeof Workspace>

/** What a person said to a run. */
export const Words = z.object({
  by: z.string(),
  words: z.string(),
  /** Of the code host: whose points are to be answered. */
  review: z.number().int().optional(),
})

/** What a person made of a proposal's patch: a unified diff against the base. */
export const Edit = z.object({ by: z.string(), diff: z.string() })

export const FailureDetail = z.object({ step: z.string(), code: z.string(), message: z.string(), hint: z.string() })
export type FailureDetail = z.infer<typeof FailureDetail>

/** What a step that found nothing leaves for the diagnosis. */
export const Findings = z.object({
  tried: z.array(z.string()),
  /** Why a patch that passed every gate is not proposed. */
  unproposed: z.string().optional(),
  missingFact: z.string().optional(),
  nextCommand: z.string().optional(),
  baseline: Baseline.optional(),
})
export type Findings = z.infer<typeof Findings>

/** A verdict with what the comparison of survivors and the next attempt need. */
export const Judgement = z.object({
  candidate: Candidate,
  verdict: Verdict,
  lesson: Lesson.optional(),
  /** Calls of the touched functions; `outcome` is the base's. */
  probes: z.array(ProbeCall),
  environment: z.object({ key: z.string(), image: z.string(), imageId: z.string(), manifests: z.record(z.string(), z.string()) }),
})
export type Judgement = z.infer<typeof Judgement>

/** A proposal before it stands on a branch. */
export const PlannedProposal = z.object({
  strength: z.enum(['verified', 'implicit', 'choice', 'suggestion']),
  branch: z.string(),
  base: ObjectId,
  title: z.string(),
  body: z.string(),
  message: z.string(),
  /** The patch and the reproduction's files. */
  edits: z.array(FileEdit),
  diff: z.string(),
  /** The certificate as text: exactly the bytes of the file. */
  certificate: z.string(),
  question: z.string().optional(),
  at: z.iso.datetime(),
})
export type PlannedProposal = z.infer<typeof PlannedProposal>
