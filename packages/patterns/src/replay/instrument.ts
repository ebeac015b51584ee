import { child, type FunctionSpan, find, named, type SyntaxNode } from '@fixpoint/syntax'
import { javascriptHead, pythonHead, type Splice, spliced } from '../function-head.ts'
import type { Callable, Program } from './callable.ts'

export const TOOLS = '/fixpoint/tools'
export const OUT = '/fixpoint/out'

/** A function to record, by the id that its records carry. */
export interface Recorded {
  readonly id: string
  readonly path: string
  readonly span: FunctionSpan
  readonly role: 'call' | 'constructor'
}

/** What to record for some callables: themselves, and the constructors of the classes whose methods they are. */
export function recordedFor(program: Program, callables: readonly Callable[]): readonly Recorded[] {
  const found = new Map<string, Recorded>()
  for (const { path, span, method } of callables) {
    found.set(`${path}:${span.start}`, { id: idOf(path, span), path, span, role: 'call' })
    const text = program.source.text(path)
    const owner = span.qualified.slice(0, span.qualified.lastIndexOf('.'))
    const maker =
      !method || text === undefined
        ? undefined
        : program.syntax.functions(path, text).find((each) => each.kind === 'constructor' && each.qualified.startsWith(`${owner}.`))
    if (maker !== undefined) found.set(`${path}:${maker.start}`, { id: idOf(path, maker), path, span: maker, role: 'constructor' })
  }
  return [...found.values()]
}

export function idOf(path: string, span: FunctionSpan): string {
  return `${path}:${span.lines[0]}:${span.qualified}`
}

/**
 * The text of one file with a recording statement at the start of each function. Behaviour, directives, docstrings and (in
 * JavaScript) line numbers stay; a function whose arguments cannot be named is left alone.
 */
export function instrument(program: Program, path: string, text: string, functions: readonly Recorded[], out: string): string {
  const language = program.syntax.languageOf(path)
  const root = program.syntax.parse(path, text)
  if (language === undefined || root === undefined) return text
  const splices = functions.flatMap((each) => {
    const made = language === 'python' ? pythonSplices(text, root, each, out) : javascriptSplices(text, root, each, out, language !== 'javascript')
    return made === undefined ? [] : made
  })
  const result = spliced(text, splices)
  return program.syntax.error(path, result) === undefined ? result : text
}

function javascriptSplices(text: string, root: SyntaxNode, { id, span, role }: Recorded, out: string, typescript: boolean): readonly Splice[] | undefined {
  const arrow = span.kind === 'arrow'
  const args = arrow ? arrowArguments(text, root, span) : 'arguments'
  if (args === undefined) return undefined
  const self = receiverOf(text, span, typescript)
  const any = typescript ? ' as any' : ''
  // The global object of an old jsdom environment has no `process`, its scope has.
  const load = `${typescript ? 'g.process' : '(g.process||process)'}.getBuiltinModule('node:module').createRequire('${TOOLS}/')('${TOOLS}/fixpoint-calls.cjs')`
  const key = "Symbol.for('fixpoint.calls')"
  const call = `(g[${key}]||(g[${key}]=${load})).record(${[out, id, role].map((part) => JSON.stringify(part)).join()},${self},${args})`
  return javascriptHead(text, span, `(()=>{try{const g=globalThis${any};${call}}catch{}})()`)
}

/** What a function can say about its receiver without changing anything. */
function receiverOf(text: string, span: FunctionSpan, typescript: boolean): string {
  // TypeScript refuses an untyped `this` in a plain function.
  if (span.kind === 'arrow' || (typescript && span.kind === 'function')) return 'undefined'
  // Before `super()` there is no `this`, but the class is known.
  const derived = span.kind === 'constructor' && /\bsuper\s*\(/.test(text.slice(span.bodyStart, span.bodyEnd))
  return derived ? 'new.target' : 'this'
}

/** An arrow has no `arguments`: what its parameters bound, put together again. */
function arrowArguments(text: string, root: SyntaxNode, span: FunctionSpan): string | undefined {
  const parts: string[] = []
  for (const parameter of span.params) {
    if (!parameter.destructured) {
      if (parameter.name === undefined) return undefined
      parts.push(parameter.rest ? `...${parameter.name}` : parameter.name)
      continue
    }
    const pattern = find(
      root,
      (node) => (node.type === 'object_pattern' || node.type === 'array_pattern') && node.start >= parameter.start && node.end <= parameter.end,
    )
    const whole = pattern === undefined ? undefined : expressionOf(text, pattern)
    if (whole === undefined) return undefined
    parts.push(whole)
  }
  return `[${parts.join()}]`
}

/** The value that a destructuring pattern took apart, from the names that it bound. */
function expressionOf(text: string, pattern: SyntaxNode): string | undefined {
  const of = (node: SyntaxNode) => text.slice(node.start, node.end)
  switch (pattern.type) {
    case 'identifier':
    case 'shorthand_property_identifier_pattern':
      return of(pattern)
    case 'assignment_pattern':
    case 'object_assignment_pattern': {
      const left = child(pattern, 'left')
      return left === undefined ? undefined : expressionOf(text, left)
    }
    case 'rest_pattern': {
      const [inner] = named(pattern)
      return inner?.type === 'identifier' ? `...${of(inner)}` : undefined
    }
    case 'pair_pattern': {
      const [key, value] = [child(pattern, 'key'), child(pattern, 'value')]
      const inner = value === undefined ? undefined : expressionOf(text, value)
      return key === undefined || inner === undefined ? undefined : `${of(key)}:${inner}`
    }
    case 'object_pattern':
    case 'array_pattern': {
      const inner = named(pattern).map((part) => expressionOf(text, part))
      if (inner.includes(undefined) || (pattern.type === 'array_pattern' && /,\s*,|\[\s*,/.test(of(pattern)))) return undefined
      return pattern.type === 'object_pattern' ? `{${inner.join()}}` : `[${inner.join()}]`
    }
    default:
      return undefined
  }
}

function pythonSplices(text: string, root: SyntaxNode, { id, span, role }: Recorded, out: string): readonly Splice[] | undefined {
  if (span.expressionBody) return undefined
  const method = span.exported.owner !== undefined && !span.exported.owner.static && span.params[0]?.name !== undefined
  const params = method ? span.params.slice(1) : span.params.filter((each, at) => !(at === 0 && (each.name === 'cls' || each.name === 'self')))
  const positional = params.filter((each) => !each.keywordOnly && !each.rest).map((each) => each.name)
  const named = params.filter((each) => each.keywordOnly && !each.rest).map((each) => `${JSON.stringify(each.name)}:${each.name}`)
  for (const rest of params.filter((each) => each.rest)) {
    if (rest.keywordOnly && text.slice(rest.start, rest.end).startsWith('**')) named.push(`**${rest.name}`)
    else positional.push(`*${rest.name}`)
  }
  const load = `(lambda s,u:s.modules.get("fixpoint_calls") or (lambda p:(lambda m:(s.modules.__setitem__("fixpoint_calls",m),p.loader.exec_module(m),m)[2])(u.module_from_spec(p)))(u.spec_from_file_location("fixpoint_calls","${TOOLS}/fixpoint_calls.py")))(__import__("sys"),__import__("importlib.util").util)`
  const tuple = positional.length === 0 ? '()' : `(${positional.join()},)`
  const self = method ? (span.params[0]?.name ?? 'None') : 'None'
  const call = `${load}.record(${[out, id, role].map((part) => JSON.stringify(part)).join()},${self},${tuple},{${named.join()}})`
  return pythonHead(text, root, span, `try: ${call}`, 'except Exception: pass')
}
