import type { SourceSnapshot } from '@fixpoint/core'
import type { Found } from './detect-project.ts'
import { nestedManifests } from './nested-manifests.ts'

const CONFIGURED = ['pytest.ini', '.pytest.ini', 'pyproject.toml', 'tox.ini', 'setup.cfg']

/** pytest runs its own tests and unittest's. */
export function detectPython(source: SourceSnapshot, paths: readonly string[]): Found | { unsupported: string; hint: string } {
  const because: string[] = []
  const config = CONFIGURED.find((file) => /\[(?:tool\.pytest\.ini_options|tool:pytest|pytest)\]/.test(source.text(file) ?? ''))
  if (config !== undefined) because.push(`${config} configures pytest`)
  const named = configured(config === undefined ? '' : (source.text(config) ?? ''), 'python_files')
  const testFiles = paths.filter((path) => isPythonTest(path) || named.some((name) => path.endsWith(`/${name}`) || path === name))
  if (testFiles.some((path) => /^\s*(?:import pytest|from pytest)/m.test(source.text(path) ?? ''))) because.push('tests import pytest')
  if (testFiles.length === 0) {
    const nested = nestedManifests(paths)
    return {
      unsupported: 'no Python tests were found (test_*.py or *_test.py)',
      hint: nested.length > 0 ? `projects lie in ${nested.join(', ')}` : 'say how the tests run with --test "<command>"',
    }
  }
  if (because.length === 0) because.push(`${testFiles.length} files are named as pytest's tests are`)
  const runnerEnvironment: Record<string, string> =
    source.text('src/__init__.py') === undefined && paths.some((path) => /^src\/[^/]+\/__init__\.py$/.test(path)) ? { PYTHONPATH: '/workspace/src' } : {}
  return { runner: 'pytest', runnerArguments: [], runnerEnvironment, testFiles, because }
}

export function isPythonTest(path: string): boolean {
  return /(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/.test(path) && !/(?:^|\/)(?:\.venv|venv|node_modules|site-packages)\//.test(path)
}

/** The plain names of a setting such as `python_files = test_*.py check.py`; patterns are left to pytest. */
function configured(text: string, setting: string): string[] {
  const line = new RegExp(`^${setting}\\s*=\\s*(.*)$`, 'm').exec(text)?.[1] ?? ''
  return (line.match(/[\w.-]+\.py\b/g) ?? []).filter((name) => !line.includes(`*${name}`))
}
