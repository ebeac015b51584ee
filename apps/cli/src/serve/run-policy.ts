import { type Autonomy, Budget, type Policy } from '@fixpoint/core'
import { budgetFor, type RunLanes } from '../lanes.ts'
import { policyFrom, type RepositorySettings } from '../settings.ts'
import type { OperatorSettings } from './operator-settings.ts'

/** What a run of the service may do. The repository may ask for less than the operator allows, never for more. */
export function runPolicy(
  own: RepositorySettings,
  operator: { readonly autonomy: Autonomy; readonly budget: OperatorSettings['budget']; readonly lanes: RunLanes },
): Policy {
  const policy = policyFrom(own, {}, operator.lanes)
  const ceiling = budgetFor(operator.lanes, operator.budget)
  const budget = Object.fromEntries(Object.entries(policy.budget).map(([name, value]) => [name, Math.min(value, ceiling[name as keyof Budget])]))
  return { ...policy, autonomy: operator.autonomy, approval: ASKS[operator.autonomy], budget: Budget.parse(budget) }
}

/** Whether a person decides before anything is published. Who allows pull requests is asked by the pull request. */
const ASKS = { observe: 'person', propose: 'person', 'draft-pr': 'none', pr: 'none' } as const satisfies Record<Autonomy, Policy['approval']>
