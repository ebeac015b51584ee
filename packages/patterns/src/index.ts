export { type ExecutedFunction, type ExecutedFunctions, executedFunctions } from './executed-functions.ts'
export { createPatternDrafter } from './pattern-drafter.ts'
export { compareOutcomes, type ProbeOutcome, type ProbeRoom, recordProbes, runProbes, worthReplaying } from './replay/behaviour-probes.ts'
export { createReplayReproducer, type ReplayReproducerOptions } from './replay/replay-reproducer.ts'

/** The recorders, for `/fixpoint/tools` in a room. */
export const patternAssets = new URL('../assets/', import.meta.url)
