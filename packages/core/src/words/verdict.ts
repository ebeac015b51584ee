import { z } from 'zod'

export const GateName = z.enum(['applies', 'integrity', 'reproduction', 'regression', 'static', 'necessity', 'behaviour'])
export type GateName = z.infer<typeof GateName>

/** A command that a gate ran, so that anybody can run it again. */
export const CommandEvidence = z.object({
  argv: z.array(z.string()),
  exitCode: z.number().int().nullable(),
  /** Names the artifact that holds what it printed: without secrets, and of a long one the end. */
  outputDigest: z.string(),
  durationMs: z.number().nonnegative(),
  /** What it ran on. Where it is not said, what it printed was not kept. */
  on: z.enum(['base', 'patch']).optional(),
})
export type CommandEvidence = z.infer<typeof CommandEvidence>

/** What a call did before and after: "`parse('')`: threw TypeError → returns []". */
export const BehaviourDifference = z.object({
  call: z.string(),
  before: z.string(),
  after: z.string(),
  /** Only where the base failed as reported, or somewhere else too? */
  expected: z.boolean(),
})
export type BehaviourDifference = z.infer<typeof BehaviourDifference>

/** One check of a patch. `summary` is one sentence for people; `findings` are the facts behind it. */
export const GateResult = z.object({
  gate: GateName,
  status: z.enum(['passed', 'failed', 'not-applicable']),
  summary: z.string(),
  findings: z.array(z.string()),
  commands: z.array(CommandEvidence),
  differences: z.array(BehaviourDifference).default([]),
})
export type GateResult = z.infer<typeof GateResult>

/** `contradicting`: as `fixed`, but for the tests that its author named beforehand as demanding what the report calls wrong. */
export const VerdictName = z.enum(['fixed', 'still-broken', 'regressed', 'unappliable', 'tampered', 'contested', 'inconclusive', 'contradicting'])
export type VerdictName = z.infer<typeof VerdictName>

/** What a proposal's evidence amounts to. */
export const Strength = z.enum(['verified', 'implicit', 'choice', 'suggestion'])
export type Strength = z.infer<typeof Strength>

/** A test of the base that fails with the patch because it demands what the report calls wrong. */
export const ContradictedTest = z.object({
  id: z.string(),
  /** The line of the test that fails, where it is known. */
  assertion: z.string().optional(),
  message: z.string(),
})
export type ContradictedTest = z.infer<typeof ContradictedTest>

/** The gates together. Later gates are missing when an earlier one ended the matter. */
export const Verdict = z.object({
  name: VerdictName,
  gates: z.array(GateResult),
  strength: Strength.optional(),
  contradicted: z.array(ContradictedTest).optional(),
  testsBefore: z.array(z.object({ id: z.string(), status: z.string() })),
  testsAfter: z.array(z.object({ id: z.string(), status: z.string() })),
})
export type Verdict = z.infer<typeof Verdict>

/** What a rejected attempt teaches the next one: the gate that refused it and why, never a transcript. */
export const Lesson = z.object({ gate: z.enum([...GateName.options, 'review']), summary: z.string(), diff: z.string() })
export type Lesson = z.infer<typeof Lesson>
