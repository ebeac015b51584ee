import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { FileEdit, SourceSnapshot, TextSearch } from '@fixpoint/core'
import { openSyntax } from '@fixpoint/syntax'
import { MemorySnapshot } from '@fixpoint/testkit'
import { expect, test } from 'vitest'
import { codeViewOf } from './code-view.ts'

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

/** Knows the tree and nothing of edits, as ripgrep does. */
const search: TextSearch = {
  search: async (source: SourceSnapshot, patterns) =>
    source
      .list()
      .flatMap(({ path }) =>
        (source.text(path) ?? '').split('\n').flatMap((text, index) => (patterns.some((each) => text.includes(each)) ? [{ path, line: index + 1, text }] : [])),
      ),
}

const source = new MemorySnapshot({
  'a.js': 'function price() {\n  return 1\n}\nmodule.exports = price\n',
  'b.js': "const price = require('./a')\nprice()\n",
})

function viewWith(edits: readonly FileEdit[]) {
  return codeViewOf(source, { search, syntax }, new AbortController().signal, () => edits)
}

test('a search finds what was edited, and no longer what is gone', async () => {
  const view = viewWith([{ path: 'a.js', content: '// new\nfunction cost() {\n  return price\n}\n' }])
  expect(await view.search.search(['price'], 10)).toEqual([
    { path: 'a.js', line: 3, text: '  return price' },
    { path: 'b.js', line: 1, text: "const price = require('./a')" },
    { path: 'b.js', line: 2, text: 'price()' },
  ])
  expect(await view.search.search(['price'], 1)).toHaveLength(1)
  expect(await viewWith([{ path: 'b.js', content: null }]).search.search(['require'], 10)).toEqual([])
})

test('so do definitions and references, with the lines and functions of now', async () => {
  const view = viewWith([{ path: 'a.js', content: '// new\nfunction cost() {\n  return price\n}\n' }])
  expect(await view.symbols.definitions('cost', 5)).toEqual([{ path: 'a.js', lines: [2, 4], text: 'function cost() {\n  return price\n}', within: undefined }])
  expect(await view.symbols.references('price', 1)).toEqual([{ path: 'a.js', lines: [3, 3], text: 'return price', within: 'cost' }])
})

test('an edited file that is hidden stays hidden', async () => {
  const hidden = new MemorySnapshot({ '.fixpointignore': 'a.js\n', 'a.js': 'price\n' })
  const view = codeViewOf(hidden, { search, syntax }, new AbortController().signal, () => [{ path: 'a.js', content: 'price()\n' }])
  expect(await view.search.search(['price'], 10)).toEqual([])
})
