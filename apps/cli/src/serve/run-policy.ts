import { Autonomy, Budget, type Policy } from '@fixpoint/core'
import { budgetFor, type RunLanes } from '../lanes.ts'
import { policyFrom, type RepositorySettings } from '../settings.ts'
import type { OperatorSettings } from './operator-settings.ts'

/** What the operator allows a run on one repository. */
export interface RunCeilings {
  readonly autonomy: Autonomy
  readonly budget: OperatorSettings['budget']
  readonly lanes: RunLanes
  /** Evidence that needs nobody's approval; by default what every policy says. */
  readonly unattended?: Policy['unattended']
}

/** What a run of the service may do. The repository may ask for less than the operator allows, never for more. */
export function runPolicy(own: Pick<RepositorySettings, 'protected' | 'budget' | 'testTimeout' | 'autonomy'>, operator: RunCeilings): Policy {
  const policy = policyFrom(own, {}, operator.lanes)
  const ceiling = budgetFor(operator.lanes, operator.budget)
  const budget = Object.fromEntries(Object.entries(policy.budget).map(([name, value]) => [name, Math.min(value, ceiling[name as keyof Budget])]))
  const autonomy = leastOf(own.autonomy ?? operator.autonomy, operator.autonomy)
  return { ...policy, autonomy, approval: ASKS[autonomy], unattended: operator.unattended ?? policy.unattended, budget: Budget.parse(budget) }
}

/** The one under which a person decides more. */
function leastOf(one: Autonomy, other: Autonomy): Autonomy {
  return Autonomy.options.find((each) => each === one || each === other) ?? one
}

/** Whether a person decides before anything is published. Who allows pull requests is asked by the pull request. */
const ASKS = { observe: 'person', propose: 'person', 'draft-pr': 'none', pr: 'none' } as const satisfies Record<Autonomy, Policy['approval']>
