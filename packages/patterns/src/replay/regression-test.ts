import type { ReproduceTools, Reproduction, TestImport, TestRun } from '@fixpoint/core'
import type { CallInput } from './call.ts'
import { type Callable, callStatement, nameOf } from './callable.ts'
import type { ClassFinder } from './class-finder.ts'
import { argumentTexts, receiverText } from './replaying.ts'

type Proof = Pick<Reproduction, 'tests' | 'files' | 'failure'>

/** A test that makes the one call and must not throw, in the repository's runner and style. */
export function regressionTest(
  { style }: Pick<ReproduceTools, 'style'>,
  callable: Callable,
  input: CallInput,
  classes: ClassFinder,
  errorType: string,
  awaited: boolean,
): { path: string; content: string; name: string } {
  const receiver = receiverText(callable, input, classes)
  const args = argumentTexts(callable, input, classes)
  const imports = new Map<string, TestImport>()
  for (const each of [callable.import, ...classes.importsFor([...receiver, ...args])]) imports.set(each.local, each)
  const body = [callStatement(callable, receiver[0], args, awaited)]
  const title = `${nameOf(callable)} does not throw ${errorType.split('.').at(-1) ?? 'an error'}`
  return style.testFile({ source: callable.path, title, imports: [...imports.values()], body, async: awaited, purpose: 'regression' })
}

/** Runs the test twice, each in a fresh process: red for the reported reason both times, or nothing. The file is gone afterwards. */
export async function seeItFail(
  { room, matches }: ReproduceTools,
  file: { path: string; content: string },
  signal: AbortSignal,
): Promise<Proof | { readonly why: string }> {
  await room.write([{ path: file.path, content: file.content }])
  try {
    let proof: Proof | undefined
    for (let time = 0; time < 2; time += 1) {
      const run = await room.test({ kind: 'files', files: [file.path] }, signal, 60_000)
      const failing = failuresOf(run).filter(({ failure }) => matches(failure))
      const [first] = failing
      if (first === undefined) return { why: whatItSaid(run) }
      proof ??= {
        tests: failing.map(({ test }) => ({ id: test.id, file: test.file, path: test.path })),
        files: [{ path: file.path, content: file.content }],
        failure: first.failure,
      }
    }
    return proof ?? { why: 'it was never run' }
  } finally {
    await room.write([{ path: file.path, content: null }])
  }
}

function failuresOf(run: TestRun) {
  return run.tests.flatMap((test) => (test.status === 'failed' && test.failure !== undefined ? [{ test, failure: test.failure }] : []))
}

function whatItSaid(run: TestRun): string {
  if (!run.reported) return run.problem ?? 'no report came out of the test'
  const [failed] = failuresOf(run)
  return failed === undefined ? 'the test passed' : `the test failed otherwise (${failed.failure.errorType ?? 'no type'})`
}
