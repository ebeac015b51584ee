import type { MappedFrame, SourceSnapshot, TestImport } from '@fixpoint/core'
import type { FunctionSpan, Parameter, Reach, Syntax } from '@fixpoint/syntax'

/** A function of the repository that a test can call, and how. */
export interface Callable {
  readonly path: string
  readonly span: FunctionSpan
  readonly language: 'javascript' | 'python'
  readonly typescript: boolean
  /** What has to be imported to reach it. */
  readonly import: TestImport
  /** Called on a receiver: an instance of the class that is imported. */
  readonly method: boolean
  /** A member of an object or class, reached through what is imported. */
  readonly through: string | undefined
}

export interface Program {
  readonly syntax: Syntax
  readonly source: SourceSnapshot
}

/** How a test reaches a function; `undefined` when it cannot, or when calling it alone says nothing (setters, private members). */
export function callableOf(program: Program, path: string, span: FunctionSpan): Callable | undefined {
  const language = program.syntax.languageOf(path)
  const reach = span.exported
  if (language === undefined || span.kind === 'setter' || reach.kind === 'none') return undefined
  const base = {
    path,
    span,
    language: language === 'python' ? ('python' as const) : ('javascript' as const),
    typescript: language === 'typescript' || language === 'tsx',
  }
  const { owner } = reach
  if (owner === undefined) {
    const imported = importOf(path, reach, span.name || 'subject')
    return imported === undefined ? undefined : { ...base, import: imported, method: false, through: undefined }
  }
  const imported = importOf(path, owner.reach, owner.name || 'subject')
  if (imported === undefined) return undefined
  const method = owner.kind === 'class' && !owner.static && span.kind !== 'constructor'
  return { ...base, import: imported, method, through: owner.kind === 'object' || owner.static ? imported.local : undefined }
}

function importOf(path: string, reach: Reach, name: string): TestImport | undefined {
  if (reach.kind === 'none' || reach.owner !== undefined) return undefined
  const local = reach.kind === 'named' || reach.kind === 'exports' ? reach.name : name
  const exported = reach.kind === 'named' || reach.kind === 'exports' ? reach.name : 'default'
  if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(local) || RESERVED.has(local)) return undefined
  return { local, exported, path }
}

const RESERVED = new Set([
  'default',
  'delete',
  'import',
  'export',
  'new',
  'in',
  'class',
  'function',
  'test',
  'it',
  'describe',
  'expect',
  'assert',
  'require',
  'calls',
])

/**
 * The functions that might bring the failure about, outermost of the trace first; of more than `limit` those in the middle are
 * left out: outside is the input as it came, inside the value that failed. Where a frame's own function cannot be called from
 * outside, the functions around it and those of its file that call it stand in.
 */
export function callablesOf(program: Program, frames: readonly MappedFrame[], limit: number): readonly Callable[] {
  const found = new Map<string, Callable>()
  const add = (path: string, span: FunctionSpan): boolean => {
    const callable = callableOf(program, path, span)
    if (callable !== undefined) found.set(`${path}:${span.start}`, callable)
    return callable !== undefined
  }
  for (const frame of [...frames].sort((a, b) => b.depth - a.depth)) {
    const text = program.source.text(frame.path)
    if (text === undefined || frame.line === undefined || isTest(frame.path)) continue
    const functions = program.syntax.functions(frame.path, text)
    const own =
      program.syntax.enclosing(frame.path, text, { line: frame.line }) ??
      functions.find((span) => span.name !== '' && span.name === frame.function?.split('.').at(-1))
    if (own === undefined || add(frame.path, own)) continue
    const around = functions.filter((span) => span.start < own.start && own.end < span.end)
    if (around.some((span) => add(frame.path, span))) continue
    for (const span of callersOf(program, frame.path, text, functions, [own, ...around])) add(frame.path, span)
  }
  const all = [...found.values()]
  const inner = Math.floor(limit / 2)
  return all.length <= limit ? all : [...all.slice(0, limit - inner), ...all.slice(all.length - inner)]
}

/** Functions of the file that call one of `inner`, directly or through another that cannot be reached. */
function callersOf(program: Program, path: string, text: string, functions: readonly FunctionSpan[], inner: readonly FunctionSpan[]): readonly FunctionSpan[] {
  const names = new Set(inner.map((span) => span.name).filter((name) => name !== ''))
  const callers = new Set<FunctionSpan>()
  for (let hop = 0; hop < 3; hop += 1) {
    for (const call of program.syntax.calls(path, text)) {
      if (!names.has(call.name)) continue
      for (const span of functions) if (span.start <= call.start && call.end <= span.end && !inner.includes(span)) callers.add(span)
    }
    for (const span of callers) if (span.name !== '') names.add(span.name)
  }
  return [...callers]
}

export function isTest(path: string): boolean {
  return /(^|\/)(tests?|__tests__|spec)\/|[._-](test|spec)\.[cm]?[jt]sx?$|(^|\/)(test_[^/]*|[^/]*_test|conftest)\.py$/.test(path)
}

/** How the judge and people name it. */
export function nameOf(callable: Callable): string {
  return callable.span.qualified
}

/** What a caller hands over: Python's `self` and `cls` are not among it. */
export function withoutReceiver({ language, span: { params } }: Callable): readonly Parameter[] {
  const [first] = params
  return language === 'python' && (first?.name === 'self' || first?.name === 'cls') ? params.slice(1) : params
}

/** An expression that is a function: given the receiver (for a method) and the arguments, it makes the call. */
export function targetExpression(callable: Callable): string {
  const { local } = callable.import
  const { name, kind } = callable.span
  if (callable.language === 'python') {
    if (kind === 'constructor') return local
    if (!callable.method) return callable.through === undefined ? local : `${callable.through}.${name}`
    return kind === 'getter' ? `lambda self: self.${name}` : `lambda self, *args, **named: self.${name}(*args, **named)`
  }
  const member = /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
  if (kind === 'constructor') return `(...args) => new ${local}(...args)`
  if (!callable.method)
    return callable.through === undefined ? local : kind === 'getter' ? `() => ${local}${member}` : `(...args) => ${local}${member}(...args)`
  return kind === 'getter' ? `(self) => self${member}` : `(self, ...args) => self${member}(...args)`
}

/** A statement that makes the call, as a person would write it in a test. */
export function callStatement(callable: Callable, receiver: string | undefined, args: readonly string[], awaited: boolean): string {
  const { local } = callable.import
  const { name, kind, generator } = callable.span
  const list = args.join(', ')
  const member = callable.language === 'python' || /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
  const on = receiver ?? (callable.through === undefined ? undefined : local)
  let call = on === undefined ? `${local}(${list})` : kind === 'getter' ? `${on}${member}` : `${on}${member}(${list})`
  if (kind === 'constructor') call = callable.language === 'python' ? `${local}(${list})` : `new ${local}(${list})`
  if (awaited) return `await ${call}`
  if (!generator) return call
  return callable.language === 'python' ? `list(${call})` : `Array.from(${call})`
}
