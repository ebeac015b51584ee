import { Autonomy, Budget, Failure, type Policy, Policy as PolicySchema } from '@fixpoint/core'
import { z } from 'zod'
import { budgetFor, type RunLanes } from './lanes.ts'
import { withoutDefaults } from './without-defaults.ts'

/** Of a budget what somebody says of it. */
export const BudgetWish = withoutDefaults(Budget)
export type BudgetWish = z.infer<typeof BudgetWish>

const Label = z.string().trim().min(1).max(50)
/** Of a person or an app (`renovate[bot]`), or a team of the organisation (`acme/payments`). */
const Login = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,98}(\[bot\])?$/, 'a login, without @')
const Reviewer = z.string().regex(/^([A-Za-z0-9][A-Za-z0-9_-]{0,98}\/)?[A-Za-z0-9][A-Za-z0-9_.-]{0,98}$/, 'a login, or organisation/team, without @')
const Rounds = z.number().int().min(0).max(10)

/** The repository's own settings, read at the base commit, so that a patch cannot change the rules it is judged by. */
export const RepositorySettings = z.strictObject({
  $schema: z.string().optional(),
  /** False: nothing is begun here, whoever asks. */
  enabled: z.boolean().default(true),
  /** An issue that gets one of these labels is worked on. */
  labels: z.array(Label).max(20).default(['fixpoint']),
  /** The least that somebody must be allowed to do here to ask for something. */
  mayAsk: z.enum(['triage', 'write', 'admin']).default('write'),
  /** Apps that may ask like a person who may write: their login with `[bot]`. */
  bots: z.array(Login).max(50).default([]),
  /** What may be done without a person; never more than the operator allows. */
  autonomy: Autonomy.optional(),
  /** Attempts at one pull request that people who review it, and checks that turn red, may ask for. */
  rounds: z.strictObject({ reviews: Rounds.default(3), checks: Rounds.default(2) }).prefault({}),
  /** How pull requests look. */
  pullRequest: z
    .strictObject({
      labels: z.array(Label).max(20).default([]),
      reviewers: z.array(Reviewer).max(15).default([]),
      /** Whoever asked is named in the commit. */
      coAuthoredBy: z.boolean().default(true),
      /** A merge closes the issue, when the bug was reproduced. */
      closes: z.boolean().default(true),
    })
    .prefault({}),
  /** Command that runs the tests, when it is not one of the known runners. */
  test: z.string().min(1).optional(),
  /** Command that installs the dependencies. */
  setup: z.string().min(1).optional(),
  /** Patterns (gitignore syntax) that no patch may touch. */
  protected: z.array(z.string()).default([]),
  budget: BudgetWish.optional(),
  /** Seconds after which one run of the tests counts as hanging. */
  testTimeout: z.number().positive().max(3600).optional(),
})
export type RepositorySettings = z.infer<typeof RepositorySettings>

/** What a file, or the operator's `defaults`, may say: any part of the settings. */
export const SettingsSaid = withoutDefaults(RepositorySettings)
export type SettingsSaid = z.infer<typeof SettingsSaid>

/** `attempts=8,minutes=30`: what one run may spend. Throws `Failure('settings-invalid')`. */
export function parseBudget(text: string | undefined): Partial<Budget> {
  if (text === undefined) return {}
  const known = Object.keys(Budget.shape)
  const hint = `Say it as --budget attempts=8,minutes=30; it knows ${known.join(', ')}. A single number means attempts.`
  const wanted = /^\d+$/.test(text.trim()) ? `attempts=${text.trim()}` : text
  const entries = wanted.split(',').map((part) => part.trim().split('='))
  const values = Object.fromEntries(
    entries.map(([key, value]) => {
      if (key === undefined || value === undefined || !known.includes(key) || value.trim() === '' || !Number.isFinite(Number(value)))
        throw new Failure(
          'settings-invalid',
          `--budget does not understand ${JSON.stringify([key, value].filter((each) => each !== undefined).join('='))}`,
          hint,
        )
      return [key, Number(value)]
    }),
  )
  const parsed = BudgetWish.safeParse(values)
  if (!parsed.success)
    throw new Failure('settings-invalid', `--budget: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`, hint)
  return parsed.data as Partial<Budget>
}

export function policyFrom(settings: Pick<RepositorySettings, 'protected' | 'budget' | 'testTimeout'>, budget: BudgetWish, lanes: RunLanes): Policy {
  return PolicySchema.parse({
    ...lanes,
    budget: budgetFor(lanes, { ...settings.budget, ...budget }),
    protectedPaths: settings.protected,
    ...(settings.testTimeout === undefined ? {} : { testTimeoutMs: Math.ceil(settings.testTimeout * 1000) }),
  })
}
