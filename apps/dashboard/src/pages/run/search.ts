/** What the address of a run says: what of it is looked at. */
export interface RunSearch {
  readonly tab?: 'log' | 'prompts' | 'ask'
  /** The number of a step, from 1. */
  readonly step?: number
  /** The fact that an exchange with a model is. */
  readonly exchange?: number
}

export function runSearch(given: Record<string, unknown>): RunSearch {
  const tab = (['log', 'prompts', 'ask'] as const).find((each) => each === given.tab)
  const number = (name: 'step' | 'exchange') => (Number.isSafeInteger(given[name]) && Number(given[name]) >= 0 ? { [name]: Number(given[name]) } : {})
  return { ...(tab && { tab }), ...number('step'), ...number('exchange') }
}
