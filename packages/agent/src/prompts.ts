import type { Hash } from '@fixpoint/core'

/** Every file of the folder; one that is missing is found when the program starts, not when a run needs it. */
const NAMES = [
  'drafter-system',
  'drafter-task',
  'reproducer-system',
  'reproducer-task',
  'critic-system',
  'critic-task',
  'explainer-system',
  'explain-task',
  'ask-task',
  'failures',
  'notes',
  'tools',
] as const
export type PromptName = (typeof NAMES)[number]

type Values = Readonly<Record<string, string>>

/** The words that a model is asked with. They are reviewed as text: no sentence for a model is put together in code. */
export interface Prompts {
  /** A whole file with its `{{placeholders}}` filled. Throws when one is missing, or a value has no place. */
  fill(name: PromptName, values: Values): string
  /** What stands under `## heading` of a file. */
  section(name: PromptName, heading: string, values?: Values): string
  /** Twelve hexadecimal digits that change with every word. */
  version(hash: Hash): string
}

/** `files`: name (`drafter-system.md`) → text, as they lie in `promptFolder`. */
export function readPrompts(files: ReadonlyMap<string, string>): Prompts {
  const texts = new Map<string, string>()
  for (const name of NAMES) {
    const text = files.get(`${name}.md`)
    if (text === undefined) throw new Error(`the prompt ${name}.md is missing`)
    texts.set(name, text.replaceAll('\r\n', '\n').trim())
  }
  const textOf = (name: PromptName) => texts.get(name) ?? ''
  return {
    fill: (name, values) => filled(`${name}.md`, textOf(name), values),
    section: (name, heading, values = {}) => filled(`${name}.md, ${heading}`, sectionOf(name, textOf(name), heading), values),
    version: (hash) => hash(NAMES.map((name) => `${name}\n${textOf(name)}\n`).join('\0')).slice(0, 12),
  }
}

function sectionOf(name: string, text: string, heading: string): string {
  const sections = text.split(/^## /m)
  const found = sections.find((section) => section.slice(0, section.indexOf('\n')).trim() === heading)
  if (found === undefined) throw new Error(`the prompt ${name}.md has no section "${heading}"`)
  return found.slice(found.indexOf('\n')).trim()
}

/** In one pass: a value that looks like a placeholder stays as it is. */
function filled(where: string, text: string, values: Values): string {
  const used = new Set<string>()
  const result = text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`the prompt ${where} needs a value for {{${name}}}`)
    used.add(name)
    return value
  })
  const unused = Object.keys(values).find((name) => !used.has(name))
  if (unused !== undefined) throw new Error(`the prompt ${where} has no place for {{${unused}}}`)
  return result.replace(/\n{3,}/g, '\n\n')
}
