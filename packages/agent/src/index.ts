export { createAgentDrafter } from './agent-drafter.ts'
export { createAgentReproducer } from './agent-reproducer.ts'
export { createCritic } from './critic.ts'
export { type AgentExplainer, createExplainer, type Question } from './explainer.ts'
export type { AgentOptions } from './open-talk.ts'
export { type Prompts, readPrompts } from './prompts.ts'

/** The words that models are asked with: `*.md`, read by a door. */
export const promptFolder = new URL('../prompts/', import.meta.url)
