import { expect, test } from 'vitest'
import { isTestSide, whyNoFix } from './likely-fix.ts'

test.each([
  ['Fix crash on an empty list', ['src/list.js', 'test/list.test.js'], undefined],
  ['fix(parser): keep the sign', ['lib/parser.ts', 'lib/parser.spec.ts', 'CHANGELOG.md'], undefined],
  ['Empty names are kept', ['boltons/dicts.py', 'tests/test_dicts.py'], undefined],
  ['feat: sort by name', ['src/sort.js', 'test/sort.test.js'], 'its message says that it is no fix'],
  ['strutils: add ellipsize', ['boltons/strutils.py', 'tests/test_strutils.py'], 'its message says that it is no fix'],
  ['fix: add the missing check', ['src/sort.js', 'test/sort.test.js'], undefined],
  ['Fix crash on an empty list', ['src/list.js'], 'no test changed with it'],
  ['Fix flaky test', ['test/list.test.js'], 'no source changed'],
  ['Fix many things', ['a', 'b', 'c', 'd', 'e'].map((name) => `src/${name}.js`).concat('test/a.test.js'), 'too many source files for one fix'],
  ['Names are kept', ['a', 'b', 'c'].map((name) => `src/${name}.js`).concat('test/a.test.js'), 'too many source files for one fix'],
  ['Merge branch fix', [], 'a merge, or nothing changed'],
])('%s: %j', (subject, paths, why) => {
  expect(whyNoFix({ subject, paths })).toBe(why)
})

test.each([
  ['test/helpers/server.js', true],
  ['src/__snapshots__/a.snap', true],
  ['src/parser.spec.ts', true],
  ['tests/test_a.py', true],
  ['src/latest.js', false],
  ['src/attest/sign.js', false],
  ['package.json', false],
])('%s belongs to the tests: %s', (path, belongs) => {
  expect(isTestSide(path)).toBe(belongs)
})
