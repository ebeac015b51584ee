import type { ReportedCheck } from '@fixpoint/core'
import { withoutColours } from './colours.ts'

type Language = Extract<ReportedCheck, { kind: 'snippet' }>['language']

const LANGUAGES: Readonly<Record<string, Language>> = {
  js: 'javascript',
  javascript: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  node: 'javascript',
  ts: 'typescript',
  typescript: 'typescript',
  tsx: 'typescript',
  py: 'python',
  python: 'python',
  python3: 'python',
}
const RUNNERS = new Set([
  'node',
  'npm',
  'npx',
  'yarn',
  'pnpm',
  'python',
  'python3',
  'pytest',
  'vitest',
  'jest',
  'mocha',
  'tsx',
  'ts-node',
  'deno',
  'bun',
  'tox',
])
const MAXIMUM_CHECKS = 20
const MAXIMUM_SNIPPET = 16 * 1024

/** What a report says can be run: tests it names as failing, pieces of code, command lines. In the order of the text, each once. */
export function reportedChecks(text: string): ReportedCheck[] {
  const checks: ReportedCheck[] = []
  const lines = withoutColours(text).split('\n')
  let fence: { language: Language | undefined; shell: boolean; code: string[]; mark: string } | undefined
  let announced = false
  for (const raw of lines) {
    const line = (raw.length > 2048 ? raw.slice(0, 2048) : raw).replace(/\r$/, '')
    const trimmed = line.trim()
    const mark = trimmed.startsWith('```') ? '```' : trimmed.startsWith('~~~') && !trimmed.includes('^') ? '~~~' : undefined
    if (mark && (!fence || fence.mark === mark)) {
      if (fence) {
        const snippet = snippetOf(fence.code.join('\n'), fence.language, announced)
        if (snippet) checks.push(snippet)
        fence = undefined
        announced = false
      } else fence = opened(trimmed.slice(3).trim().toLowerCase(), mark)
      continue
    }
    if (fence) fence.code.push(line)
    else if (/reproduc|to run|minimal example|snippet|example code|steps/i.test(trimmed)) announced = true
    const check = namedTest(line) ?? commandOf(trimmed, fence?.shell ?? false)
    if (check) checks.push(check)
  }
  return unique(checks).slice(0, MAXIMUM_CHECKS)
}

function opened(info: string, mark: string) {
  const word = info.split(/[\s{,]/)[0] ?? ''
  return { language: LANGUAGES[word], shell: ['sh', 'bash', 'shell', 'console', 'zsh'].includes(word), code: [] as string[], mark }
}

/** The line in which a runner says that a test failed. */
function namedTest(line: string): ReportedCheck | undefined {
  const text = line.trim()
  const pytest = /^(?:FAILED|ERROR) ([^\s:]{1,300}\.py)::(\S.{0,400}?)(?: - .*)?$/.exec(text)
  if (pytest) return test((pytest[2] ?? '').replaceAll('::', ' > '), pytest[1])
  const tap = /^not ok \d{1,7} (?:- )?(.{1,400})$/.exec(text)
  if (tap) return test((tap[1] ?? '').replace(/ # (?:TODO|SKIP|time=).*$/i, '').replace(/ \{$/, ''))
  const jest = /^● (.{1,400})$/.exec(text)
  if (jest?.[1]?.includes(' › ')) return test(jest[1])
  const fail = /^(?:FAIL|✗|✘|×|✕|\u2716) +(.{1,400})$/.exec(text)
  if (fail) return failLine(fail[1] ?? '')
  const mocha = /^ {2,6}\d{1,4}\) (\S.{0,300})$/.exec(line)
  if (mocha) return test((mocha[1] ?? '').replace(/:$/, ''))
  return testInProse(text)
}

/** A person's way to name it: "Failing test: `x.test.ts` > suite > name", "the test `tests/x.py::test_y` fails". */
function testInProse(text: string): ReportedCheck | undefined {
  const node = /`([^`\s:]{1,300}\.py)::([^`]{1,400})`/.exec(text)
  if (node) return test((node[2] ?? '').replaceAll('::', ' > '), node[1])
  const announced = /^(?:the )?failing test(?: is)?:? (.{1,400})$/i.exec(text)
  if (announced) return failLine((announced[1] ?? '').replaceAll('`', ''))
  const quoted = /\btest [`"“]([^`"”]{1,300})[`"”] (?:fails|failed|is failing|is red)\b/i.exec(text)
  return quoted ? failLine(quoted[1] ?? '') : undefined
}

/** vitest: `src/x.test.ts > suite > name`, with a project in bars or the time before or after it; jest's `FAIL path` alone names no test. */
function failLine(rest: string): ReportedCheck | undefined {
  const clean = rest.replace(/^\|[^|]{1,80}\| +/, '').replace(/ \(?\d+(?:\.\d+)? ?m?s\)?$/, '')
  const parts = clean.split(/ [›>] /)
  const first = parts[0] ?? ''
  if (/\.[cm]?[jt]sx?$/.test(first) || first.endsWith('.py')) {
    const name = parts.slice(1).join(' > ')
    return name === '' ? undefined : test(name, first)
  }
  return test(clean)
}

function test(name: string, file?: string): ReportedCheck | undefined {
  const trimmed = name.trim()
  return trimmed === '' ? undefined : { kind: 'test', name: trimmed, ...(file !== undefined && { file }) }
}

/** `$ node x.js` anywhere, or a line of a shell block: a program we know with plain words. Nothing that needs a shell. */
function commandOf(text: string, inShell: boolean): ReportedCheck | undefined {
  const line = text.startsWith('$ ') ? text.slice(2) : inShell ? text : undefined
  if (line === undefined || line.length > 500) return undefined
  const argv = words(line)
  if (!argv || !RUNNERS.has(argv[0] ?? '') || isInstall(argv)) return undefined
  return { kind: 'command', argv }
}

function isInstall(argv: readonly string[]): boolean {
  return ['install', 'i', 'ci', 'add', 'publish', 'login', 'init', 'create'].includes(argv[1] ?? '') || argv.includes('--version')
}

function words(line: string): string[] | undefined {
  if (/[|&;<>$`\\*?()]/.test(line)) return undefined
  const result = [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
  return result.some((word) => word.includes('"') || word.includes("'")) ? undefined : result
}

/** A block in a language we run that calls something; a block without a language only after words such as "to reproduce". */
function snippetOf(code: string, named: Language | undefined, announced: boolean): ReportedCheck | undefined {
  const language = named ?? (announced ? guessed(code) : undefined)
  if (!language || code.trim() === '' || code.length > MAXIMUM_SNIPPET || isOutput(code)) return undefined
  const imports = language === 'python' ? /^\s*(?:from\s+\S+\s+)?import\s/m.test(code) : /\brequire\s*\(|^\s*import\b/m.test(code)
  const calls = /[\w\])]\s*\(/.test(code)
  return (imports && calls) || (announced && calls) ? { kind: 'snippet', language, code } : undefined
}

function guessed(code: string): Language | undefined {
  if (/\brequire\s*\(|^\s*(?:const|let|var|import)\s/m.test(code) && /[;{]|=>|from ['"]/.test(code)) return 'javascript'
  if (/^\s*(?:from \S+ )?import \w/m.test(code)) return 'python'
  return undefined
}

function isOutput(code: string): boolean {
  return code.includes('Traceback (most recent call last)') || /^\s+at .{1,300}:\d+:\d+\)?$/m.test(code)
}

function unique(checks: readonly ReportedCheck[]): ReportedCheck[] {
  const seen = new Set<string>()
  return checks.filter((check) => {
    const key = JSON.stringify(check)
    return seen.has(key) ? false : seen.add(key) !== undefined
  })
}
