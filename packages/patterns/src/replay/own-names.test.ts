import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { openSyntax } from '@fixpoint/syntax'
import { MemorySnapshot } from '@fixpoint/testkit'
import { expect, test } from 'vitest'
import { matchesByOwnNames, withOwnNames } from './own-names.ts'

const require = createRequire(import.meta.url)
const bytes = (name: string) => new Uint8Array(readFileSync(require.resolve(name)))
const grammar = (name: string) => bytes(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`)
const syntax = await openSyntax({
  engine: bytes('web-tree-sitter/web-tree-sitter.wasm'),
  javascript: grammar('javascript'),
  typescript: grammar('typescript'),
  tsx: grammar('tsx'),
  python: grammar('python'),
})
const source = new MemorySnapshot({ 'src/order.js': 'function total(order) {\n  return order.items.map((item) => item.product.price)\n}\n' })
const program = { syntax, source }

const printed =
  "TypeError: Cannot read properties of undefined (reading 'items')\n    at items (/workspace/src/order.js:2:16)\n    at run (/workspace/test/order.test.js:3:1)"

test('frames in the repository get the names of their functions; others stay', () => {
  expect(withOwnNames(program, printed)).toBe(printed.replace('at items (', 'at total ('))
  expect(withOwnNames(program, '    at price (src/order.js:2:49)')).toBe('    at src/order.js:2:49')
  expect(withOwnNames(program, '    at src/order.js:2:16')).toBe('    at total (src/order.js:2:16)')
})

test.each([
  '',
  'no frames',
  '    at x (/workspace/src/order.js:9999:1)',
  '    at eval (eval at y (/workspace/src/order.js:1:1), <anonymous>:1:1)',
  '  File "src/order.js", line 2',
])('%j stays', (stack) => expect(withOwnNames(program, stack)).toBe(stack))

test('what matches as it is printed is not asked twice', () => {
  const asked: string[] = []
  const matches = matchesByOwnNames(program, ({ stack }) => asked.push(stack) > 0)
  expect(matches({ message: '', stack: printed })).toBe(true)
  expect(asked).toEqual([printed])
  expect(matchesByOwnNames(program, ({ stack }) => stack.includes('at total ('))({ message: '', stack: printed })).toBe(true)
  expect(matchesByOwnNames(program, () => false)({ message: '', stack: printed })).toBe(false)
})
