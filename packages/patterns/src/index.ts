export { createPatternDrafter } from './pattern-drafter.ts'
