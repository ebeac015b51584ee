import type { StackTrace } from '@fixpoint/core'
import { MemorySnapshot } from '@fixpoint/testkit'
import { expect, test } from 'vitest'
import { mapFrames } from './map-frames.ts'
import { parseStackTraces } from './stack-traces.ts'

const tree = new MemorySnapshot({
  'package.json': '{"name":"@acme/shop"}',
  'index.js': 'exports.start = start\n',
  'src/pricing.ts': 'export function priceFor() {}\n\n\n\n\n\n\n\n\n\n\n\n',
  'src/api/orders.ts': 'export const total = 1\n'.repeat(60),
  'src/api/index.ts': 'x\n',
  'src/web/index.ts': 'x\n',
  'lib/parse.js': 'function parse() {}\n'.repeat(60),
  'packages/a/src/run.js': 'run\n'.repeat(9),
  'packages/b/src/run.js': 'run\n'.repeat(9),
  'shop/views.py': 'def get(): pass\n'.repeat(40),
  'src/shoplib/core.py': 'def f(): pass\n'.repeat(40),
  'my file (1).js': 'f\n'.repeat(9),
  'link.js': { kind: 'link', content: 'index.js' },
})

function at(file: string, name = 'f', place: 'code' | 'dependency' = 'code', line = 7): StackTrace {
  return { language: 'javascript', frames: [{ function: name, file, line, column: 3, async: false, place }], causes: [] }
}

test.each([
  ['/app/src/pricing.ts', 'src/pricing.ts:7'],
  ['/srv/releases/2026-11-21/src/api/orders.ts', 'src/api/orders.ts:7'],
  ['file:///app/src/api/orders.ts', 'src/api/orders.ts:7'],
  ['file:///app/my%20file%20(1).js', 'my file (1).js:7'],
  ['C:\\deploy\\shop\\src\\pricing.ts', 'src/pricing.ts:7'],
  ['webpack://shop/./src/pricing.ts?8f1a', 'src/pricing.ts:7'],
  ['webpack-internal:///./src/pricing.ts', 'src/pricing.ts:7'],
  ['src/pricing.ts', 'src/pricing.ts:7'],
  // compiled: another line, so none
  ['/app/dist/pricing.js', 'src/pricing.ts:-'],
  ['/app/build/api/orders.js', 'src/api/orders.ts:-'],
  ['/app/dist/src/api/orders.js', 'src/api/orders.ts:-'],
  ['/app/pricing.mjs', 'src/pricing.ts:-'],
  ['/app/dist/api/index.js', 'src/api/index.ts:-'],
  // the same language keeps its lines
  ['/app/dist/parse.js', 'lib/parse.js:7'],
  // two files it could be
  ['/app/src/run.js', undefined],
  ['/app/packages/b/src/run.js', 'packages/b/src/run.js:7'],
  ['/app/other/index.js', 'index.js:-'],
  ['/somewhere/else/web.ts', undefined],
  ['/app/link.js', undefined],
  ['', undefined],
  ['/', undefined],
  ['../../../etc/passwd', undefined],
  ['file:///%E0%A4%A', undefined],
])('%s → %s', (file, expected) => {
  const [frame] = mapFrames(at(file), tree)
  expect(frame && `${frame.path}:${frame.line ?? '-'}`).toBe(expected)
})

test('the confidence is the share that agrees, less what speaks against the file', () => {
  const confidence = (file: string, name: string, line?: number) => mapFrames(at(file, name, 'code', line), tree)[0]?.confidence
  expect(confidence('src/pricing.ts', 'priceFor')).toBe(1)
  expect(confidence('/app/src/pricing.ts', 'priceFor')).toBe(0.667)
  expect(confidence('/app/src/pricing.ts', 'Object.priceFor')).toBe(0.667)
  expect(confidence('/app/src/pricing.ts', 'missing')).toBe(0.467)
  expect(confidence('/app/src/pricing.ts', 'priceFor', 900)).toBe(0.333)
  expect(mapFrames(at('/app/src/pricing.ts', 'priceFor', 'code', 900), tree)[0]).not.toHaveProperty('line')
})

test('depth counts over all frames; dependencies and the runtime are no repository files', () => {
  const [trace] = parseStackTraces(`Error: x
    at deep (/app/node_modules/x/lib/parse.js:1:1)
    at JSON.parse (<anonymous>)
    at total (/app/src/api/orders.ts:5:1)
    at node:internal/main:1:1
    at start (/app/index.js:1:1)`)
  expect(trace && mapFrames(trace, tree).map(({ path, depth }) => [path, depth])).toEqual([
    ['src/api/orders.ts', 2],
    ['index.js', 4],
  ])
})

test('a package that is the repository itself is no dependency', () => {
  expect(mapFrames(at('/home/u/node_modules/@acme/shop/lib/parse.js', 'parse', 'dependency'), tree)[0]?.path).toBe('lib/parse.js')
  expect(mapFrames(at('/home/u/node_modules/@acme/shop/node_modules/y/lib/parse.js', 'parse', 'dependency'), tree)).toEqual([])
  expect(mapFrames(at('/usr/lib/python3/site-packages/shop/views.py', 'get', 'dependency'), tree)[0]?.path).toBe('shop/views.py')
  expect(mapFrames(at('/usr/lib/python3/site-packages/shoplib/core.py', 'f', 'dependency'), tree)[0]?.path).toBe('src/shoplib/core.py')
})
