import { isSurvivor } from './evolve.ts'
import type { Run, RunIn } from './run.ts'

/** A wish: what should happen next to a run in a certain phase. */
export type Step =
  | { readonly kind: 'reproduce-bug'; readonly run: RunIn<'opened'> }
  | { readonly kind: 'gather-dossier'; readonly run: RunIn<'reproduced'> }
  | { readonly kind: 'draft-patch'; readonly run: RunIn<'informed'> }
  | { readonly kind: 'choose-patch'; readonly run: RunIn<'informed'> }
  | { readonly kind: 'minimise-patch'; readonly run: RunIn<'drafted'> }
  | { readonly kind: 'judge-patch'; readonly run: RunIn<'minimised'> }
  | { readonly kind: 'review-patch'; readonly run: RunIn<'judged'> }
  | { readonly kind: 'widen-reproduction'; readonly run: RunIn<'judged'> }
  | { readonly kind: 'seek-second-test'; readonly run: RunIn<'judged'> }
  | { readonly kind: 'plan-proposal'; readonly run: RunIn<'judged'> }
  | { readonly kind: 'publish-proposal'; readonly run: RunIn<'proposing'> }
  | { readonly kind: 'withhold-proposal'; readonly run: RunIn<'proposing'> }
  | { readonly kind: 'await-decision'; readonly run: RunIn<'proposing'> }
  | { readonly kind: 'await-outcome'; readonly run: RunIn<'proposed'> }
  | { readonly kind: 'settle-run'; readonly run: RunIn<'proposed'> }
  | { readonly kind: 'diagnose-run'; readonly run: RunIn<'stuck'> }
  | { readonly kind: 'open-run'; readonly run: RunIn<'unopened'> }
  | { readonly kind: 'rest'; readonly run: RunIn<'settled'> }

/** The steps that a handler performs; the others are the door's (`open-run`), other people's (`await-…`) or nobody's (`rest`). */
export type PerformedStep = Exclude<Step, { kind: 'open-run' | 'await-decision' | 'await-outcome' | 'rest' }>

/** Patches that pass every gate and are compared before one is chosen; more would cost minutes and tell little. */
const SURVIVORS_COMPARED = 3

/** The wish. Pure and total: a phase without a next step does not compile. */
export function nextStep(run: Run): Step {
  switch (run.phase) {
    case 'unopened':
      return { kind: 'open-run', run }
    case 'opened':
      return { kind: 'reproduce-bug', run }
    case 'reproduced':
      return { kind: 'gather-dossier', run }
    case 'informed': {
      const survivors = run.judged.filter(isSurvivor).length
      const enough = run.pending.length === 0 || survivors >= SURVIVORS_COMPARED || run.judged.length >= run.policy.budget.attempts
      return survivors > 0 && enough ? { kind: 'choose-patch', run } : { kind: 'draft-patch', run }
    }
    case 'drafted':
      return { kind: 'minimise-patch', run }
    case 'minimised':
      return { kind: 'judge-patch', run }
    case 'judged':
      if (run.doubt !== undefined) return { kind: 'widen-reproduction', run }
      if (run.reproducedBy === 'agent' && !run.soughtSecondTest) return { kind: 'seek-second-test', run }
      return run.isRead || !(run.policy.critic !== undefined || mustBeRead(run)) ? { kind: 'plan-proposal', run } : { kind: 'review-patch', run }
    case 'proposing':
      if (run.policy.autonomy === 'observe') return { kind: 'withhold-proposal', run }
      return asksSomebody(run) && !run.approved ? { kind: 'await-decision', run } : { kind: 'publish-proposal', run }
    case 'proposed':
      return run.pull === undefined ? { kind: 'settle-run', run } : { kind: 'await-outcome', run }
    case 'stuck':
      return { kind: 'diagnose-run', run }
    case 'settled':
      return { kind: 'rest', run }
    default:
      return run satisfies never
  }
}

/** Whether the next word is a person's or a code host's: there is nothing to drive until it came. */
export function awaitsOthers(run: Run): boolean {
  const { kind } = nextStep(run)
  return kind === 'await-decision' || kind === 'await-outcome'
}

function asksSomebody(run: RunIn<'proposing'>): boolean {
  const { policy, strength } = run
  if (policy.approval === 'person') return true
  const opensPull = policy.autonomy === 'draft-pr' || policy.autonomy === 'pr'
  return opensPull && (isContradicting(run) || strength === undefined || !policy.unattended.includes(strength))
}

/** Where a model wrote the test, or a patch turns tests of the base red, the evidence alone does not carry a proposal: somebody else reads it first. */
export function mustBeRead(run: RunIn<'judged'>): boolean {
  return run.reproducedBy === 'agent' || isContradicting(run)
}

function isContradicting({ judged, judgement }: Pick<RunIn<'judged'>, 'judged' | 'judgement'>): boolean {
  return judged.some((each) => each.judgement === judgement && each.verdict === 'contradicting')
}
