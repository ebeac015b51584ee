export { type AgentOptions, createAgentDrafter } from './agent-drafter.ts'
export { type Prompts, readPrompts } from './prompts.ts'

/** The words that models are asked with: `*.md`, read by a door. */
export const promptFolder = new URL('../prompts/', import.meta.url)
