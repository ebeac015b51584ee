import { z } from 'zod'
import { TestFailure, TestId, TestResult } from './test-run.ts'
import { CommandEvidence } from './verdict.ts'

/** The suite on the base commit, before anybody touched anything. */
export const Baseline = z.object({
  runs: z.number().int().nonnegative(),
  passing: z.array(TestId),
  failing: z.array(TestId),
  /** Passed in one run and failed in another: never counted as evidence. */
  flaky: z.array(TestId),
  skipped: z.array(TestId),
  durationMs: z.number().nonnegative(),
  /** Set when the suite as a whole could not be run or gave no report; nothing can be `verified` then. */
  problem: z.string().optional(),
  /** Its last run. */
  suite: CommandEvidence.optional(),
})
export type Baseline = z.infer<typeof Baseline>

/** How the failure became ours, in order of trust. */
export const ReproductionSource = z.enum(['named-test', 'matching-test', 'snippet', 'command', 'replayed-calls', 'agent'])
export type ReproductionSource = z.infer<typeof ReproductionSource>

/** A new file that the reproduction brings; the judge lays it over itself, and the proposal ships it. */
export const TestFile = z.object({ path: z.string(), content: z.string() })
export type TestFile = z.infer<typeof TestFile>

/** A sentence of the report that says what should happen, and how a test that was written from it states it, or why it does not. */
export const Expectation = z.object({
  quote: z.string(),
  assertion: z.string().optional(),
  unstated: z.string().optional(),
})
export type Expectation = z.infer<typeof Expectation>

/** What another mind made of the same report, which saw neither the first test nor a patch. Its tests and files are among those of the reproduction. */
export const SecondTest = z.object({
  tests: z.array(TestResult.pick({ id: true, file: true, path: true })).min(1),
  failure: TestFailure,
  because: z.array(z.string()),
  expectations: z.array(Expectation).optional(),
})
export type SecondTest = z.infer<typeof SecondTest>

/** Tests that fail on the base because of the bug, at least twice, in the way the report says. */
export const Reproduction = z.object({
  source: ReproductionSource,
  tests: z.array(TestResult.pick({ id: true, file: true, path: true })).min(1),
  files: z.array(TestFile),
  failure: TestFailure,
  /** What the test states: `specified` says what should happen; `no-crash` only that the error must be gone. */
  oracle: z.enum(['specified', 'no-crash', 'exit-code']),
  /** Sentences for people: what was tried and why this was accepted. */
  because: z.array(z.string()),
  /** Of a test that a model wrote: the report's own sentences that it was written from. */
  expectations: z.array(Expectation).optional(),
  /** Of a test that a model wrote, once a patch passed it: a second one, or why there is none. */
  second: z.union([SecondTest, z.object({ missing: z.string() })]).optional(),
  /** Calls recorded while the suite ran and mutated inputs that crash, as synthetic values: see `ProbeCall`. */
  probes: z.array(z.lazy(() => ProbeCall)).default([]),
})
export type Reproduction = z.infer<typeof Reproduction>

/** One call of a function of the repository with JSON-encoded synthetic arguments, and how it ended on the base. */
export const ProbeCall = z.object({
  path: z.string(),
  function: z.string(),
  /** Source text of each argument, in the language of `path`. */
  arguments: z.array(z.string()),
  outcome: z.string(),
  /** No test makes this call: it is a mutation of one that a test makes. */
  madeUp: z.boolean().optional(),
})
export type ProbeCall = z.infer<typeof ProbeCall>
