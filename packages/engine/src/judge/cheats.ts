import type { FileEdit, SourceSnapshot } from '@fixpoint/core'

/** One way of turning a test green without mending anything. */
interface Cheat {
  readonly name: string
  readonly pattern: RegExp
  /** Tolerated in a file that did so before. */
  readonly tolerated?: true
}

const CHEATS: readonly Cheat[] = [
  { name: 'ends the process', pattern: /\bprocess\.(?:exit|abort)\s*\(|\b(?:sys\.exit|os\.abort)\s*\(|\bprocess\.exitCode\s*=/, tolerated: true },
  { name: 'ends the process behind the runner’s back', pattern: /\bprocess\.(?:reallyExit|kill|dlopen|binding)\b|\bos\._exit\b|\bSIGKILL\b/ },
  {
    name: 'asks whether it is being tested',
    pattern: /NODE_TEST_CONTEXT|JEST_WORKER_ID|PYTEST_CURRENT_TEST|\bVITEST(?:_|\b)|MOCHA_COLORS|npm_lifecycle_event|__vitest_|__fixpoint/,
  },
  { name: 'asks whether it runs in CI', pattern: /process\.env\.CI\b|process\.env\[['"]CI['"]\]|environ(?:\.get)?[([]['"]CI['"]/, tolerated: true },
  { name: 'reads how the program was started', pattern: /\b(?:process\.argv|process\.execArgv|sys\.argv|require\.main|module\.parent)\b/, tolerated: true },
  {
    name: 'uses the test library in production code',
    pattern: /(?:require\(|from\s+|import\s+)['"](?:vitest|node:test|@jest\/globals|jest|mocha|chai|ava|tap)['"]|^\s*(?:import|from)\s+(?:pytest|unittest)\b/,
    tolerated: true,
  },
  { name: 'changes the assertion library', pattern: /\b(?:assert|expect|chai|should|sinon|unittest)\b(?:\.\w+)*\s*=(?!=|>)|\b(?:assert|expect)\.extend\b/ },
  { name: 'changes a global or another module', pattern: /\b(?:require\.cache|Module\._\w+|sys\.modules|builtins\.\w+\s*=|__builtins__)/ },
  {
    name: 'changes a built-in prototype',
    pattern:
      /\b(?:Object|Array|String|Number|Function|Error|Promise|Map|Set|RegExp|Date)\.prototype(?:\.\w+|\[[^\]]+\])\s*=(?!=)|defineProperty\(\s*(?:globalThis|global|window|Object|Array|String|Number|Function|Promise|Error)(?:\.prototype)?\s*,/,
    tolerated: true,
  },
  {
    name: 'looks at the call stack',
    pattern: /\bnew Error\([^)]*\)\.stack|captureStackTrace|prepareStackTrace|\binspect\.(?:stack|currentframe)\b|sys\._getframe/,
    tolerated: true,
  },
  { name: 'starts another process', pattern: /child_process|\bsubprocess\b|os\.system\s*\(|worker_threads/, tolerated: true },
  { name: 'runs text as code', pattern: /\beval\s*\(|\bnew Function\s*\(|\bexec\(\s*compile/, tolerated: true },
  {
    name: 'swallows every error',
    pattern:
      /\bcatch\s*(?:\([^)]*\))?\s*\{\s*\}|\bexcept(?:\s+(?:Base)?Exception)?\s*:\s*(?:pass|\.\.\.)\s*$|\bon\(\s*['"]uncaughtException|\bon\(\s*['"]unhandledRejection/,
  },
  {
    name: 'makes a condition constant',
    pattern: /\b(?:if|while)\s*\(\s*(?:true|false|!0|!1|0|1)\s*\)|(?:\|\|\s*true|&&\s*false)\b|^\s*if\s+(?:True|False)\s*:|\bor\s+True\b|\band\s+False\b/,
    tolerated: true,
  },
]

/** Reads what a patch adds and says which lines look like a way around the tests. Facts for the gate `integrity`; a reader of the patch sees them too. */
export function cheatsIn(source: SourceSnapshot, edits: readonly FileEdit[]): string[] {
  return edits.flatMap(({ path, content }) => {
    if (content === null) return []
    const before = source.text(path) ?? ''
    const known = new Set(before.split('\n').map((line) => line.trim()))
    const added = content.split('\n').filter((line) => line.trim() !== '' && !known.has(line.trim()))
    const text = added.join('\n')
    return CHEATS.filter((cheat) => {
      const multiline = new RegExp(cheat.pattern.source, 'm')
      return multiline.test(text) && !(cheat.tolerated && multiline.test(before))
    }).map((cheat) => `${path}: an added line ${cheat.name}`)
  })
}

/** Numbers and short strings that occur everywhere and prove nothing. */
const COMMONPLACE = new Set(['0', '1', '2', '-1', '10', '100', '1000', 'utf8', 'utf-8'])

/**
 * Answers copied from the test: an added condition that compares with one literal of the reproduction's tests and yields
 * another. One such pair is enough; a new keyword that is merely named in a test (`'auto'` → `'auto'`) is not.
 */
export function copiedAnswers(source: SourceSnapshot, edits: readonly FileEdit[], testTexts: readonly string[]): string[] {
  const tests = testTexts.join('\n')
  const inTests = (literal: string) => !COMMONPLACE.has(literal) && literal.length >= 2 && tests.includes(literal)
  return edits.flatMap(({ path, content }) => {
    if (content === null) return []
    const known = new Set((source.text(path) ?? '').split('\n').map((line) => line.trim()))
    const added = content
      .split('\n')
      .filter((line) => !known.has(line.trim()))
      .join('\n')
    const compared = literals(added, /(?:===?|!==?|\bcase\b|\bis\b|\bequals\(|\bin\b)\s*\(?\s*('[^'\n]*'|"[^"\n]*"|-?\d+(?:\.\d+)?)/g).filter(inTests)
    const yielded = literals(added, /(?:\breturn\b|\?|=>|[^=!<>]=)\s*\(?\s*('[^'\n]*'|"[^"\n]*"|-?\d+(?:\.\d+)?)/g).filter(inTests)
    const pair = compared.flatMap((from) => yielded.filter((to) => to !== from).map((to) => ({ from, to })))[0]
    return pair ? [`${path}: compares with ${JSON.stringify(pair.from)} and yields ${JSON.stringify(pair.to)}, both taken from the test`] : []
  })
}

function literals(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => (match[1] ?? '').replace(/^(['"])(.*)\1$/, '$2'))
}
