import type { SyntaxNode } from '@fixpoint/syntax'
import type { FaultKind } from './fault.ts'
import type { Site } from './site.ts'

/** What a fix pattern proposes at one place: characters [start, end) of the file become `text`. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
  /** Which of the family's edits this is: `< → <=`, `receiver-guard`. */
  readonly operation: string
  /** For people: "change `<` to `<=`". */
  readonly says: string
  /** How likely within the family, 1 by default. */
  readonly likelihood: number
  /** It only keeps the error from surfacing. */
  readonly symptomOnly: boolean
}

/** One way in which code goes wrong, and its repairs. Pure: from a node and the file around it to edits. */
export interface Family {
  readonly name: string
  readonly languages: 'all' | 'javascript' | 'python'
  /** 1: cheap and likely, 2: on the likeliest lines, 3: wide. */
  readonly round: 1 | 2 | 3
  /** How likely it is that a defect of a kind is repaired by this family; `other` for kinds that are not named. */
  readonly prior: Readonly<Partial<Record<FaultKind, number>>> & { readonly other: number }
  propose(node: SyntaxNode, site: Site): Iterable<Edit>
}

/** One candidate repair: an edit with its place, its origin and its priority. */
export interface Fix extends Edit {
  readonly path: string
  readonly line: number
  readonly function: string | undefined
  readonly family: string
  readonly round: 1 | 2 | 3
  /** How much its line is suspected; only the order matters. */
  readonly weight: number
  /** How likely such an edit is, wherever it stands. */
  readonly likely: number
  /** Higher is tried first. */
  readonly priority: number
}

interface Options {
  readonly likelihood?: number
  readonly symptomOnly?: boolean
  readonly says?: string
}

export function replace(site: Site, node: { start: number; end: number }, text: string, operation: string, options: Options = {}): Edit {
  return {
    start: node.start,
    end: node.end,
    text,
    operation,
    says: options.says ?? `change ${quoted(site.text.slice(node.start, node.end))} to ${quoted(text)}`,
    likelihood: options.likelihood ?? 1,
    symptomOnly: options.symptomOnly ?? false,
  }
}

/** A new line of code in front of a statement, indented as the statement is. */
export function insertBefore(site: Site, statement: SyntaxNode, code: string, operation: string, options: Options = {}): Edit {
  const indent = site.indent(statement.start)
  return {
    start: statement.start,
    end: statement.start,
    text: `${code.replaceAll('\n', `\n${indent}`)}\n${indent}`,
    operation,
    says: options.says ?? `add ${quoted(code)}`,
    likelihood: options.likelihood ?? 1,
    symptomOnly: options.symptomOnly ?? false,
  }
}

const SHOWN = 60

export function quoted(code: string): string {
  const line = code.trim().replace(/\s+/g, ' ')
  return `\`${line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line}\``
}

/** The file with the edit made. */
export function applied(text: string, edit: Pick<Edit, 'start' | 'end' | 'text'>): string {
  return text.slice(0, edit.start) + edit.text + text.slice(edit.end)
}

/** One sentence for people. */
export function sentence(fix: Fix): string {
  return `${fix.says}${fix.function === undefined ? '' : ` in \`${fix.function}\``} (${fix.path}:${fix.line})`
}
