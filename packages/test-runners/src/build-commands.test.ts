import { expect, test } from 'vitest'
import { afterBuilds } from './build-commands.ts'
import { findTestCommand } from './node-test-command.ts'

test.each([
  [{ test: 'npm run generate && node --test', generate: 'node make.mjs' }, [['npm', 'run', '--silent', 'generate']]],
  [{ pretest: 'npm run build', test: 'mocha', build: 'tsc' }, [['npm', 'run', '--silent', 'build']]],
  [
    { test: 'yarn build:types && yarn test:types && yarn build:cjs && yarn test:mocha', 'test:mocha': 'mocha', 'build:types': 'tsc', 'build:cjs': 'rollup' },
    [
      ['npm', 'run', '--silent', 'build:types'],
      ['npm', 'run', '--silent', 'build:cjs'],
    ],
  ],
  [
    { test: 'yarn build:types && yarn build:cjs && mocha', 'build:types': 'tsc --emitDeclarationOnly', 'build:cjs': 'rollup' },
    [['npm', 'run', '--silent', 'build:cjs']],
  ],
  [{ test: 'tsc -p . && node --test dist/' }, [['node_modules/.bin/tsc', '-p', '.']]],
  [{ test: 'yarn tsc -p . && pnpm exec mocha' }, [['node_modules/.bin/tsc', '-p', '.']]],
  [{ test: 'tsc --noEmit && npm run lint && eslint . && rm -rf lib && mocha' }, []],
  [{ test: 'run-s build lint test:unit', 'test:unit': 'vitest run', build: 'tsc' }, [['npm', 'run', '--silent', 'build']]],
  [{ test: 'vitest run && npm run build', build: 'tsc' }, []],
] as const)('%j makes %j first', (scripts, builds) => {
  expect(findTestCommand({ scripts } as never)?.builds).toEqual(builds)
})

test('the tests are not run when nothing was made', () => {
  expect(afterBuilds([], ['node', '--test'])).toEqual(['node', '--test'])
  expect(afterBuilds([['npm', 'run', "it's"]], ['node', '--test'])).toEqual([
    'sh',
    '-c',
    `'npm' 'run' 'it'\\''s' >&2 || exit 99\nexec "$@"`,
    'sh',
    'node',
    '--test',
  ])
})
