import type { SourceSnapshot } from '@fixpoint/core'
import type { NodeRunner } from './detect-node.ts'
import { globMatcher } from './glob.ts'
import { readManifest } from './manifest.ts'

/** What each runner looks for when nothing is configured. */
const DEFAULTS: Record<NodeRunner, readonly string[]> = {
  'node:test': ['**/*.test.?(c|m)js', '**/*-test.?(c|m)js', '**/*_test.?(c|m)js', '**/test-*.?(c|m)js', '**/test.?(c|m)js', '**/test/**/*.?(c|m)js'],
  mocha: ['test/*.{js,cjs,mjs}'],
  jest: ['**/__tests__/**/*.?([mc])[jt]s?(x)', '**/?(*.)+(spec|test).?([mc])[jt]s?(x)'],
  vitest: ['**/*.{test,spec}.?(c|m)[jt]s?(x)'],
}
const NODE_TEST_TYPESCRIPT = [
  '**/*.test.?(c|m)ts',
  '**/*-test.?(c|m)ts',
  '**/*_test.?(c|m)ts',
  '**/test-*.?(c|m)ts',
  '**/test.?(c|m)ts',
  '**/test/**/*.?(c|m)ts',
]
const TEST_LIKE = /[._-](?:test|spec)s?\.[cm]?[jt]sx?$|(?:^|\/)(?:__tests__|tests?|specs?)\/.*\.[cm]?[jt]sx?$/

/** The test files: those that the script names, those that a configuration names, or those that the runner finds by default. */
export function nodeTestFiles(source: SourceSnapshot, paths: readonly string[], runner: NodeRunner, specs: readonly string[]): string[] {
  const candidates = paths.filter((path) => /\.[cm]?[jt]sx?$/.test(path) && !/\.d\.[cm]?ts$/.test(path) && !/(?:^|\/)node_modules\//.test(path))
  const named = specs.length > 0 ? specs : configuredPatterns(source, runner)
  if (named.length > 0) {
    const found = candidates.filter(globMatcher(named.flatMap((spec) => asPatterns(spec, candidates, runner, source))))
    if (found.length > 0) return withoutHelpers(source, found, runner)
  }
  if (runner === 'mocha') {
    const recursive = /recursive/.test(`${source.text('test/mocha.opts') ?? ''}${mochaSettings(source)}${readManifest(source)?.scripts.test ?? ''}`)
    const found = candidates.filter(globMatcher(recursive ? ['test/**/*.{js,cjs,mjs,ts}'] : DEFAULTS.mocha))
    return found.length > 0 ? found : candidates.filter((path) => TEST_LIKE.test(path))
  }
  const found = candidates.filter(globMatcher(DEFAULTS[runner]))
  if (runner !== 'node:test') return found.length > 0 ? found : candidates.filter((path) => TEST_LIKE.test(path) && looksLikeTest(source, path))
  const all = found.length > 0 ? found : candidates.filter(globMatcher(NODE_TEST_TYPESCRIPT))
  const usual = withoutHelpers(source, all, runner)
  return usual.length > 0 ? usual : candidates.filter((path) => importsNodeTest(source, path))
}

/** Under `test/` node:test runs helpers and fixtures as tests too; those that register none would only be noise. */
function withoutHelpers(source: SourceSnapshot, found: readonly string[], runner: NodeRunner): string[] {
  if (runner !== 'node:test') return [...found]
  return found.filter((path) => importsNodeTest(source, path))
}

function importsNodeTest(source: SourceSnapshot, path: string): boolean {
  return /(?:from|import|require\()\s*['"](?:node:)?test['"]/.test(source.text(path) ?? '')
}

function looksLikeTest(source: SourceSnapshot, path: string): boolean {
  return /\b(?:it|test|describe)(?:\.\w+)*\s*[(`]/.test(source.text(path) ?? '')
}

/** A spec of a script is a file, a folder or a pattern. */
function asPatterns(spec: string, candidates: readonly string[], runner: NodeRunner, source: SourceSnapshot): string[] {
  const plain = spec.replace(/^\.\//, '').replace(/\/+$/, '')
  if (plain === '.' || plain === '') return [...DEFAULTS[runner]]
  if (!candidates.some((path) => path.startsWith(`${plain}/`))) return [plain, ...(/\.\w+$/.test(plain) ? [] : [`${plain}.js`])]
  const deep = runner !== 'mocha' || /recursive|--recursive|-R\b/.test(`${mochaSettings(source)}${readManifest(source)?.scripts.test ?? ''}`)
  return deep ? [`${plain}/**/*.{js,cjs,mjs,ts,cts,mts,jsx,tsx}`] : [`${plain}/*.{js,cjs,mjs,ts}`]
}

function mochaSettings(source: SourceSnapshot): string {
  const files = ['.mocharc.js', '.mocharc.cjs', '.mocharc.json', '.mocharc.jsonc', '.mocharc.yaml', '.mocharc.yml', '.mocharc']
  const inManifest = readManifest(source)?.mocha
  return [...files.map((file) => source.text(file) ?? ''), inManifest === undefined ? '' : JSON.stringify(inManifest)].join('\n')
}

/** Patterns that a settings file names literally. Settings that are code are read, never run: what is computed stays unknown. */
function configuredPatterns(source: SourceSnapshot, runner: NodeRunner): string[] {
  if (runner === 'mocha') return [...literals(mochaSettings(source), 'spec'), ...mochaOptsSpecs(source.text('test/mocha.opts'))]
  if (runner === 'vitest') return literals(firstText(source, ['vitest.config', 'vite.config']).replace(/coverage\s*:\s*\{[^}]*\}/g, ''), 'include')
  if (runner === 'jest') {
    const inManifest = readManifest(source)?.jest
    return literals(`${firstText(source, ['jest.config'])}\n${inManifest === undefined ? '' : JSON.stringify(inManifest)}`, 'testMatch')
  }
  return []
}

function mochaOptsSpecs(opts: string | undefined): string[] {
  return (opts ?? '').split(/\s+/).filter((word) => /^(?!-)[^\s]*(?:\.[cm]?[jt]sx?|\*)/.test(word) && word.includes('test'))
}

function firstText(source: SourceSnapshot, stems: readonly string[]): string {
  for (const stem of stems)
    for (const ending of ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json'])
      if (source.text(`${stem}.${ending}`) !== undefined) return source.text(`${stem}.${ending}`) ?? ''
  return ''
}

/** The strings after `key:` in JSON, YAML or code: `spec: 'a'`, `"spec": ["a", "b"]`, a YAML list. */
function literals(text: string, key: string): string[] {
  const found = new RegExp(`(?:^|[\\s{,"'])${key}["']?\\s*:\\s*`).exec(text)
  if (!found) return []
  const rest = text.slice(found.index + found[0].length, found.index + found[0].length + 2000)
  if (rest.startsWith('['))
    return [...rest.slice(0, rest.indexOf(']') + 1 || undefined).matchAll(/(["'`])((?:(?!\1).)*)\1/g)].map((match) => match[2] ?? '').filter(Boolean)
  const single = /^(["'`])((?:(?!\1).)*)\1/.exec(rest)
  if (single) return [single[2] ?? '']
  const list = /^(?:\n[ \t]*- +.+)+/.exec(text.slice(found.index + found[0].trimEnd().length))
  if (list)
    return list[0]
      .split('\n')
      .filter(Boolean)
      .map((line) =>
        line
          .replace(/^[ \t]*- +/, '')
          .replace(/^["']|["']$/g, '')
          .trim(),
      )
  const plain = /^([^\s,}{"']+)/.exec(rest)
  return plain ? [plain[1] ?? ''] : []
}
