import type { Project, SourceSnapshot, TestFile, TestId, TestRun } from '@fixpoint/core'
import { narrows } from './narrowed-tests.ts'
import { surroundings } from './test-surroundings.ts'

/** Tests of ours that must fail: when one passes, something makes tests pass. */
export interface Canaries {
  readonly files: readonly TestFile[]
  readonly mustFail: readonly TestId[]
  /** Whether they have to be run by themselves: among the others they would be left out, or leave the others out. */
  readonly apart: boolean
}

interface Canary {
  readonly name: string
  readonly body: string
  /** What to bring in for it. */
  readonly needs?: 'assert' | 'chai'
  readonly async?: boolean
}

/**
 * One test file with a random name beside the existing tests, in their module system, whose tests fail each in its own way: a strict
 * assertion, the runner's expectation, a plain throw, a rejected promise. A custom command takes none.
 */
export function canaries(project: Project, source: SourceSnapshot, nonce: string): Canaries {
  if (project.runner === 'command') return { files: [], mustFail: [], apart: false }
  const near = surroundings(project, source)
  const tag = nonce
    .replace(/[^A-Za-z0-9]/g, '')
    .toLowerCase()
    .slice(0, 12)
  const file = `${near.folder === '' ? '' : `${near.folder}/`}${near.prefix}c${tag}${near.ending}`
  const kinds = near.modules === 'python' ? PYTHON : javascript(project, near.expectation)
  const named = kinds.map((kind) => ({ ...kind, name: near.modules === 'python' ? `test_${tag}_${kind.name}` : `${tag} ${kind.name}` }))
  const content = near.modules === 'python' ? pythonFile(named) : javascriptFile(project, near, named)
  return { files: [{ path: file, content }], mustFail: named.map((kind) => `${file} > ${kind.name}`), apart: isNarrowed(project, source) }
}

/** Whether every canary was reported and failed. */
export function checkCanaries(run: TestRun, planted: Canaries): { held: boolean; why: string } {
  if (planted.mustFail.length === 0) return { held: false, why: 'no canaries were planted' }
  if (!run.reported) return { held: false, why: run.problem ?? 'no report came out' }
  const statuses = new Map(run.tests.map((test) => [test.id, test.status]))
  const wrong = planted.mustFail.filter((id) => statuses.get(id) !== 'failed')
  if (wrong.length === 0) return { held: true, why: `all ${planted.mustFail.length} canaries failed as they must` }
  const told = wrong.map((id) => `${id.split(' > ').at(-1)} ${statuses.get(id) ?? 'is missing'}`)
  return { held: false, why: `canaries that must fail did not: ${told.join(', ')}` }
}

/** The run without its canaries: what the repository's own tests said. */
export function withoutCanaries(run: TestRun, planted: Canaries): TestRun {
  const files = new Set(planted.files.map((file) => file.path))
  return { ...run, tests: run.tests.filter((test) => !files.has(test.file)) }
}

const PYTHON: readonly Canary[] = [
  { name: 'asserts', body: '    assert {"a": [1, 2]} == {"a": [1, 3]}' },
  { name: 'raises', body: '    raise RuntimeError("canary")' },
  { name: 'fails', body: '    pytest.fail("canary")' },
]

function javascript(project: Project, expectation: string | undefined): readonly Canary[] {
  const shared: Canary[] = [
    { name: 'deep', body: 'assert.deepStrictEqual({ a: [1, 2] }, { a: [1, 3] })', needs: 'assert' },
    { name: 'equal', body: 'assert.strictEqual(1, 2)', needs: 'assert' },
    { name: 'throw', body: "throw new Error('canary')" },
    { name: 'reject', body: "await Promise.reject(new TypeError('canary'))", async: true },
  ]
  if (project.runner === 'jest' || project.runner === 'vitest')
    shared.push({ name: 'expect', body: 'expect({ a: 1 }).toEqual({ a: 2 })' }, { name: 'be', body: 'expect(1).toBe(2)' })
  if (expectation === 'chai') shared.push({ name: 'chai', body: 'chai.expect(1).to.equal(2)', needs: 'chai' })
  return shared
}

/** A forgotten `it.only` keeps mocha from running anything else, our own tests among it. Other runners narrow one file at a time. */
function isNarrowed({ runner, testFiles }: Project, source: SourceSnapshot): boolean {
  return runner === 'mocha' && testFiles.some((path) => narrows(source.text(path) ?? ''))
}

function javascriptFile(project: Project, near: ReturnType<typeof surroundings>, kinds: readonly Canary[]): string {
  const esm = near.modules === 'esm'
  const call = near.ui === 'tdd' ? 'test' : project.runner === 'mocha' ? 'it' : 'test'
  const bring = (name: string, from: string) => (esm ? `import ${name} from '${from}'` : `const ${name.replace('* as ', '')} = require('${from}')`)
  const lines: string[] = []
  if (near.typescript) lines.push('// @ts-nocheck')
  if (project.runner === 'node:test') lines.push(esm ? "import { test } from 'node:test'" : "const { test } = require('node:test')")
  if (project.runner === 'vitest') lines.push("import { expect, test } from 'vitest'")
  if (project.runner === 'jest' && !near.globals)
    lines.push(esm ? "import { expect, test } from '@jest/globals'" : "const { expect, test } = require('@jest/globals')")
  lines.push(bring(near.typescript ? '* as assert' : 'assert', 'assert'))
  if (kinds.some((kind) => kind.needs === 'chai')) lines.push(esm ? "import * as chai from 'chai'" : "const chai = require('chai')")
  const tests = kinds.map((kind) => `${call}('${kind.name}', ${kind.async ? 'async ' : ''}function () {\n  ${kind.body}\n})`)
  // Wrapped for CommonJS, so that names that a setup file made global stay untouched.
  return `${lines.join('\n')}\n\n${tests.join('\n\n')}\n`
}

function pythonFile(kinds: readonly Canary[]): string {
  return `import pytest\n\n\n${kinds.map((kind) => `def ${kind.name}():\n${kind.body}\n`).join('\n\n')}`
}
