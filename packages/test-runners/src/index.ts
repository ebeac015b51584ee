export { baselineFrom, isFlaky } from './baseline.ts'
export { type Canaries, canaries, checkCanaries, withoutCanaries } from './canaries.ts'
export { contraryTests } from './contrary-tests.ts'
export { type Detection, detectProject, type Wishes } from './detect-project.ts'
export { planTests, type TestPlan } from './test-plan.ts'
export { testStyle } from './test-style.ts'

/** Our reporters, for `/fixpoint/tools` in a room. */
export const testRunnerAssets = new URL('../assets/', import.meta.url)
