/** The words that models are asked with: `*.md`, read by a door. */
export const promptFolder = new URL('../prompts/', import.meta.url)
