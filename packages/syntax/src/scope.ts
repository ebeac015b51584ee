import { javascriptScope } from './javascript-scope.ts'
import { nodeAt } from './node.ts'
import type { ParsedFile } from './parsed-file.ts'
import { pythonScope } from './python-scope.ts'

/** A name that code can use. */
export interface Binding {
  readonly name: string
  readonly kind: 'param' | 'const' | 'let' | 'var' | 'function' | 'class' | 'import' | 'catch'
  /** Where it is declared. */
  readonly start: number
  /** How many scopes out: 0 is the innermost. */
  readonly distance: number
}

/** Nearest first, within a scope the latest first; a name that is shadowed appears once. */
export function scopeAt(file: ParsedFile, offset: number): readonly Binding[] {
  const node = nodeAt(file.root, offset)
  const bindings = file.language === 'python' ? pythonScope(file, node, offset) : javascriptScope(file, node, offset)
  const nearest = new Map<string, Binding>()
  for (const binding of bindings.sort((a, b) => a.distance - b.distance || b.start - a.start)) {
    if (!nearest.has(binding.name)) nearest.set(binding.name, binding)
  }
  return [...nearest.values()]
}
