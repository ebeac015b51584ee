import type { SyntaxNode } from '@fixpoint/syntax'
import type { CallInput } from './call.ts'
import { type Callable, type Program, withoutReceiver } from './callable.ts'
import { PlausibleValues } from './plausible-value.ts'
import type { Entry } from './value.ts'
import { UseReader } from './value-use.ts'

/** Plausible arguments for a function that no test calls: from annotations, parameter names and what its body does with them. */
export function synthesise(program: Program, callable: Callable): readonly CallInput[] {
  const content = program.source.text(callable.path)
  const root = content === undefined ? undefined : program.syntax.parse(callable.path, content)
  if (content === undefined || root === undefined) return []
  const call = argumentsFor(callable, content, root)
  if (!callable.method) return [call]
  const owner = callable.span.qualified.split('.').slice(0, -1).join('.')
  const maker = program.syntax.functions(callable.path, content).find((each) => each.kind === 'constructor' && each.qualified.startsWith(`${owner}.`))
  const made = maker === undefined ? [] : argumentsFor({ ...callable, span: maker }, content, root).args
  return [{ ...call, receiver: { how: 'construct', args: made, named: [] } }]
}

function argumentsFor(callable: Callable, content: string, root: SyntaxNode): CallInput {
  const values = new PlausibleValues(content, root, new UseReader(content, root, callable))
  const own = withoutReceiver(callable).filter((each) => !each.rest)
  return {
    args: own.filter((each) => !each.keywordOnly).map((each) => values.of(each)),
    named: own.filter((each) => each.keywordOnly && each.name !== undefined).map((each): Entry => [each.name ?? '', values.of(each)]),
  }
}
