import type { ReportedCheck, ReproduceEvent, Reproducer, ReproduceTask, ReproduceTools, TestFailure, TestImport, TestRun, TestSelection } from '@fixpoint/core'

/** A piece of code in the report that fails as the report says, made a test of the repository's own kind. */
export const snippetReproducer: Reproducer = {
  name: 'snippet',
  async *reproduce(task, tools, signal): AsyncGenerator<ReproduceEvent> {
    const snippets = task.report.checks.flatMap((check) => (check.kind === 'snippet' && fits(check, task) ? [check] : []))
    const tried: string[] = []
    for (const snippet of snippets) {
      const { imports, body } = splitImports(snippet.code, snippet.language === 'python', task)
      yield { kind: 'progress', message: 'running the snippet of the report' }
      const outcome = await tryTest(task, tools, signal, {
        source: imports[0]?.path ?? task.project.testFiles[0] ?? 'index',
        title: 'the reported snippet does not fail',
        imports,
        body,
      })
      if (outcome.reproduction)
        yield { kind: 'reproduction', reproduction: { ...outcome.reproduction, source: 'snippet', because: ['the code in the report fails as reported'] } }
      if (outcome.reproduction) return
      tried.push(`the snippet of the report: ${outcome.why}`)
    }
    yield { kind: 'gave-up', tried: tried.length > 0 ? tried : ['the report has no runnable snippet'] }
  },
}

/** `node x.js …` or `python x.py …` in the report, as a test that wants it to end well. */
export const commandReproducer: Reproducer = {
  name: 'command',
  async *reproduce(task, tools, signal): AsyncGenerator<ReproduceEvent> {
    const tried: string[] = []
    for (const check of task.report.checks) {
      if (check.kind !== 'command') continue
      const [program, script, ...rest] = check.argv
      const python = program === 'python' || program === 'python3'
      if (script === undefined || (program !== 'node' && !python) || task.source.text(script) === undefined) continue
      const argv = JSON.stringify([script, ...rest])
      const body = python
        ? [
            'import subprocess, sys',
            `done = subprocess.run([sys.executable, *${argv}], capture_output=True, text=True)`,
            'if done.returncode != 0: raise RuntimeError(done.stderr[-4000:])',
          ]
        : [
            "const { spawnSync } = await import('node:child_process')",
            `const done = spawnSync(process.execPath, ${argv}, { encoding: 'utf8' })`,
            'if (done.status !== 0) throw new Error(done.stderr.slice(-4000))',
          ]
      yield { kind: 'progress', message: `running ${check.argv.join(' ')}` }
      const outcome = await tryTest(task, tools, signal, { source: script, title: `${program} ${script} ends well`, imports: [], body })
      if (outcome.reproduction)
        yield {
          kind: 'reproduction',
          reproduction: { ...outcome.reproduction, source: 'command', oracle: 'exit-code', because: [`${check.argv.join(' ')} fails as reported`] },
        }
      if (outcome.reproduction) return
      tried.push(`${check.argv.join(' ')}: ${outcome.why}`)
    }
    yield { kind: 'gave-up', tried: tried.length > 0 ? tried : ['the report has no command that could be run'] }
  },
}

async function tryTest(
  task: ReproduceTask,
  tools: ReproduceTools,
  signal: AbortSignal,
  test: { source: string; title: string; imports: readonly TestImport[]; body: readonly string[] },
) {
  const file = tools.style.testFile({ ...test, async: true, purpose: 'regression' })
  await tools.room.write([{ path: file.path, content: file.content }])
  const run: TestRun = await tools.room.test({ kind: 'files', files: [file.path] } satisfies TestSelection, signal)
  await tools.room.reset()
  const result = run.tests.find((each) => each.status === 'failed')
  if (!result?.failure) return { why: run.reported ? 'it does not fail' : `it gave no report (${run.problem ?? 'unknown'})` }
  // Without a trace in the report, any failure but that of loading the snippet itself is the reported one.
  const isOurs = task.report.traces.length > 0 ? tools.matches(result.failure) : !isOfTheSnippet(result.failure, file.path)
  if (!isOurs) return { why: `it fails differently: ${result.failure.message.split('\n')[0]?.slice(0, 200)}` }
  const reproduction = {
    source: 'snippet' as const,
    tests: [{ id: result.id, file: result.file, path: result.path }],
    files: [{ path: file.path, content: file.content }],
    failure: result.failure,
    oracle: 'no-crash' as const,
    because: [],
    probes: [],
  }
  return { reproduction, why: '' }
}

/** It did not get as far as the code it is about: something is missing that the reporter had, or is imported otherwise here. */
function isOfTheSnippet({ errorType, message, stack }: TestFailure, file: string): boolean {
  if (/SyntaxError|Cannot find (?:module|package)|ModuleNotFoundError|is not defined/.test(`${errorType} ${message}`)) return true
  const innermost = stack.split('\n').find((line) => /^\s+at /.test(line)) ?? stack.split('\n').findLast((line) => /^\s*File "|\.py:\d+/.test(line)) ?? ''
  return innermost.includes(file) && /is not a (?:function|constructor)|has no attribute|unexpected keyword|positional argument/.test(message)
}

function fits(snippet: Extract<ReportedCheck, { kind: 'snippet' }>, task: ReproduceTask): boolean {
  return (snippet.language === 'python') === (task.project.toolchain === 'python')
}

/** Imports of the project itself become imports of its files; the others stay in the body. */
function splitImports(code: string, python: boolean, task: ReproduceTask): { imports: TestImport[]; body: string[] } {
  const imports: TestImport[] = []
  const body: string[] = []
  for (const line of code.split('\n')) {
    const found = python ? pythonImports(line, task) : scriptImports(line, task)
    if (found.length > 0) imports.push(...found)
    else body.push(line)
  }
  return { imports, body }
}

function scriptImports(line: string, task: ReproduceTask): TestImport[] {
  const match = /^\s*(?:import\s+(.+?)\s+from\s+|(?:const|let|var)\s+(.+?)\s*=\s*require\s*\(\s*)['"]([^'"]+)['"]\s*\)?(\.\w+)?\s*;?\s*$/.exec(line)
  if (!match) return []
  const path = projectFile(match[3] ?? '', task)
  if (path === undefined) return []
  const clause = (match[1] ?? match[2] ?? '').trim()
  const required = match[2] !== undefined
  if (match[4]) return [{ local: clause, exported: match[4].slice(1), path }]
  if (clause.startsWith('{')) {
    return clause
      .slice(1, clause.lastIndexOf('}'))
      .split(',')
      .flatMap((part) => {
        const [exported, local] = part.trim().split(/\s*(?:\bas\b|:)\s*/)
        return exported ? [{ local: local ?? exported, exported, path }] : []
      })
  }
  const star = /^\*\s+as\s+(\w+)$/.exec(clause)
  if (star?.[1]) return [{ local: star[1], exported: '*', path }]
  return /^\w+$/.test(clause) ? [{ local: clause, exported: required ? '*' : 'default', path }] : []
}

function pythonImports(line: string, task: ReproduceTask): TestImport[] {
  const match = /^from\s+([\w.]+)\s+import\s+([\w, ]+)$/.exec(line.trim())
  if (!match) return []
  const stem = (match[1] ?? '').replaceAll('.', '/')
  const path = [`${stem}.py`, `${stem}/__init__.py`, `src/${stem}.py`, `src/${stem}/__init__.py`].find((each) => task.source.text(each) !== undefined)
  return path === undefined ? [] : (match[2] ?? '').split(',').map((name) => ({ local: name.trim(), exported: name.trim(), path }))
}

/** A relative specifier, or the package's own name, as a file of the tree. */
function projectFile(specifier: string, task: ReproduceTask): string | undefined {
  const manifest: unknown = JSON.parse(task.source.text('package.json') ?? '{}')
  const own = typeof manifest === 'object' && manifest !== null ? (manifest as { name?: unknown; main?: unknown; exports?: unknown }) : {}
  const target = specifier.startsWith('.')
    ? specifier.replace(/^(?:\.\.?\/)+/, '')
    : specifier === own.name
      ? typeof own.main === 'string'
        ? own.main.replace(/^\.\//, '')
        : 'index'
      : undefined
  if (target === undefined) return undefined
  const stem = target.replace(/\.[cm]?js$/, '')
  const ends = ['', '.js', '.ts', '.mjs', '.cjs', '.tsx', '/index.js', '/index.ts']
  const inTree = [target, stem].flatMap((each) => ends.map((end) => each + end)).find((path) => task.source.text(path) !== undefined)
  // What the project builds before its tests is there when they run. With `exports` a package can name itself.
  const built = specifier === own.name && own.exports === undefined && (task.project.builds ?? []).length > 0
  return inTree ?? (built ? `${stem}.js` : undefined)
}
