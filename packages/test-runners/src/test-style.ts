import type { Project, SourceSnapshot, TestImport, TestStyle } from '@fixpoint/core'
import { folderOf, type Surroundings, stemOf, surroundings } from './test-surroundings.ts'

type Request = Parameters<TestStyle['testFile']>[0]

/** How a new test looks in this repository: learned from the nearest existing test of the source file. */
export function testStyle(project: Project, source: SourceSnapshot): TestStyle {
  const taken = new Set(source.list().map((entry) => entry.path))
  return {
    testFile(request) {
      const near = surroundings(project, source, request.source)
      const path = freePath(near, request, taken)
      const title = plainTitle(request.title)
      if (near.modules === 'python') {
        const name = `test_${identifier(title)}`
        return { path, content: pythonTest(source, near, request, name), name }
      }
      return { path, content: javascriptTest(project, near, request, path, title), name: title }
    },
  }
}

/** One line without control characters: it becomes part of a test id and of a comment. */
function plainTitle(title: string): string {
  const plain = title
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 120)
  return plain === '' ? 'regression' : plain
}

function identifier(text: string): string {
  const name = text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60)
    .replace(/_+$/, '')
  return name === '' ? 'regression' : name
}

function freePath(near: Surroundings, request: Request, taken: ReadonlySet<string>): string {
  const python = near.modules === 'python'
  const joint = python ? '_' : '-'
  const stem = python ? identifier(stemOf(request.source)) : stemOf(request.source).replace(/[^\w.-]+/g, '-')
  const words = identifier(plainTitle(request.title)).split('_').slice(0, 5).join(joint)
  const base = `${near.prefix}${stem}${joint}${request.purpose === 'probe' ? `probe${joint}` : ''}${words}`
  const folder = near.folder === '' ? '' : `${near.folder}/`
  for (let nth = 1; ; nth += 1) {
    const path = `${folder}${base}${nth === 1 ? '' : `${joint}${nth}`}${near.ending}`
    if (!taken.has(path)) return path
  }
}

function javascriptTest(project: Project, near: Surroundings, request: Request, path: string, title: string): string {
  const call = project.runner === 'mocha' ? (near.ui === 'tdd' ? 'test' : 'it') : near.call
  const text = request.body.join('\n')
  const lines: string[] = []
  const esm = near.modules === 'esm'
  const named = (names: string, from: string) => lines.push(esm ? `import { ${names} } from '${from}'` : `const { ${names} } = require('${from}')`)
  const mentions = (name: string) => new RegExp(`(?:^|[^.\\w$])${name}\\b`).test(text) && !request.imports.some((wanted) => wanted.local === name)
  const usesExpect = mentions('expect')
  if (project.runner === 'node:test') named(call, 'node:test')
  if (project.runner === 'vitest') named(usesExpect ? `expect, ${call}` : call, 'vitest')
  if (project.runner === 'jest' && !near.globals) named(usesExpect ? `expect, ${call}` : call, '@jest/globals')
  if (usesExpect && near.expectation === 'chai') named('expect', 'chai')
  if (mentions('assert')) lines.push(esm ? "import assert from 'node:assert/strict'" : "const assert = require('node:assert').strict")
  lines.push(...javascriptImports(request.imports, near, path))
  const comment = near.typescript && request.purpose === 'probe' ? ['// @ts-nocheck'] : []
  const strict = esm ? [] : ["'use strict'", '']
  const body = request.body.flatMap((statement) => statement.split('\n')).map((line) => (line === '' ? '' : `  ${line}`))
  const test = [`${call}(${quoted(title)}, ${request.async ? 'async ' : ''}() => {`, ...body, '})']
  return `${[...comment, ...strict, ...lines, '', ...test].join('\n')}\n`
}

function javascriptImports(imports: readonly TestImport[], near: Surroundings, path: string): string[] {
  const byPath = new Map<string, TestImport[]>()
  for (const wanted of imports) byPath.set(wanted.path, [...(byPath.get(wanted.path) ?? []), wanted])
  return [...byPath].flatMap(([target, wanted]) => {
    const from = quoted(specifier(path, target, near))
    const names = wanted.filter((one) => one.exported !== 'default' && one.exported !== '*')
    const whole = wanted.filter((one) => one.exported === 'default' || one.exported === '*')
    if (near.modules === 'esm') {
      const list = names.map((one) => (one.exported === one.local ? one.local : `${one.exported} as ${one.local}`))
      return [
        ...whole.map((one) => (one.exported === '*' ? `import * as ${one.local} from ${from}` : `import ${one.local} from ${from}`)),
        ...(list.length > 0 ? [`import { ${list.join(', ')} } from ${from}`] : []),
      ]
    }
    const list = names.map((one) => (one.exported === one.local ? one.local : `${one.exported}: ${one.local}`))
    // A compiled ES module keeps its default under `default`; a CommonJS one is its own.
    const required = (one: TestImport) => (one.exported === 'default' && /\.[cm]?tsx?$/.test(target) ? `require(${from}).default` : `require(${from})`)
    return [...whole.map((one) => `const ${one.local} = ${required(one)}`), ...(list.length > 0 ? [`const { ${list.join(', ')} } = require(${from})`] : [])]
  })
}

/** The relative path from a test to a file, with the ending that the repository's tests write. */
function specifier(test: string, target: string, near: Surroundings): string {
  const from = folderOf(test) === '' ? [] : folderOf(test).split('/')
  const to = target.split('/')
  let common = 0
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common += 1
  const up = from.slice(common).map(() => '..')
  const relative = [...(up.length === 0 ? ['.'] : up), ...to.slice(common)].join('/')
  const ending = /\.([cm]?)([jt])sx?$/.exec(relative)
  if (!ending) return relative
  const isTypeScript = ending[2] === 't'
  if (near.importEnding === 'none' && (ending[1] === '' || isTypeScript)) return relative.slice(0, ending.index)
  if (near.importEnding === 'own' && (near.modules === 'cjs' || isTypeScript)) return ending[1] === '' ? relative.slice(0, ending.index) : relative
  return near.importEnding === 'js' && isTypeScript ? `${relative.slice(0, ending.index)}.${ending[1]}js` : relative
}

function quoted(text: string): string {
  return `'${text
    .replace(/\\/g, '\\\\')
    .replace(/'/g, "\\'")
    .replace(/[\n\r\u2028\u2029]/g, ' ')}'`
}

function pythonTest(source: SourceSnapshot, near: Surroundings, request: Request, name: string): string {
  const imports = request.imports.map((wanted) => {
    const module = pythonModule(source, near, wanted.path)
    if (wanted.exported === '*' || wanted.exported === 'default') return module === wanted.local ? `import ${module}` : `import ${module} as ${wanted.local}`
    return `from ${module} import ${wanted.exported}${wanted.exported === wanted.local ? '' : ` as ${wanted.local}`}`
  })
  const text = request.body.join('\n')
  const needsPytest = /\bpytest\./.test(text) ? ['import pytest', ''] : []
  const needsAsyncio = request.async ? ['import asyncio', ''] : []
  const body = request.body.flatMap((statement) => statement.split('\n'))
  const indented = (body.length === 0 ? ['pass'] : body).map((line) => (line === '' ? '' : `    ${line}`))
  const plain = [`def ${name}():`, ...indented]
  const test = request.async
    ? [`def ${name}():`, '    async def main():', ...indented.map((line) => (line === '' ? '' : `    ${line}`)), '', '    asyncio.run(main())']
    : plain
  return `${[...needsAsyncio, ...needsPytest, ...imports, '', '', ...test].join('\n')}\n`
}

/** The module name by which other tests of the repository import a file; else the path from the nearest folder that is no package. */
function pythonModule(source: SourceSnapshot, near: Surroundings, path: string): string {
  const parts = path.replace(/(?:\/__init__)?\.py$/, '').split('/')
  const text = near.model === undefined ? '' : (source.text(near.model) ?? '')
  const candidates = parts.map((_, at) => parts.slice(at).join('.'))
  const used = candidates.find((module) => new RegExp(`^\\s*(?:from|import)\\s+${module.replaceAll('.', '\\.')}(?![\\w.])`, 'm').test(text))
  if (used !== undefined) return used
  if (parts[0] === 'src' && parts.length > 1) return parts.slice(1).join('.')
  return parts.join('.')
}
