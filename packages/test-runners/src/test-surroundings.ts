import type { Project, SourceSnapshot } from '@fixpoint/core'
import { installed, readManifest } from './manifest.ts'

/** How the tests beside a new one are written. */
export interface Surroundings {
  /** Folder of the new file, without a slash at its end; empty for the root. */
  readonly folder: string
  /** The existing test that it is modelled on. */
  readonly model: string | undefined
  /** `.test.ts`, `.spec.js`, `_test.py`, or `.js` where a folder alone makes a test. */
  readonly ending: string
  readonly prefix: string
  readonly modules: 'esm' | 'cjs' | 'python'
  readonly typescript: boolean
  /** `./x.js` (or `.ts`) written out, or `./x`. */
  readonly importEnding: 'js' | 'ts' | 'none' | 'own'
  readonly call: 'it' | 'test'
  readonly globals: boolean
  readonly ui: 'bdd' | 'tdd'
  readonly expectation: 'chai' | 'expect' | 'should' | undefined
}

/** What a new test near `near` must look like, learned from the nearest existing test. */
export function surroundings(project: Project, source: SourceSnapshot, near?: string): Surroundings {
  const model = nearest(project.testFiles, near)
  const text = model === undefined ? '' : (source.text(model) ?? '')
  const folder =
    model === undefined
      ? project.runner === 'node:test' || project.runner === 'mocha' || project.runner === 'pytest'
        ? 'test'
        : near === undefined
          ? ''
          : folderOf(near)
      : folderOf(model)
  if (project.toolchain === 'python') {
    const name = model?.slice(model.lastIndexOf('/') + 1) ?? 'test_.py'
    const suffixed = name.endsWith('_test.py')
    return {
      folder,
      model,
      ending: suffixed ? '_test.py' : '.py',
      prefix: suffixed ? '' : 'test_',
      modules: 'python',
      typescript: false,
      importEnding: 'none',
      call: 'test',
      globals: true,
      ui: 'bdd',
      expectation: undefined,
    }
  }
  const name = model?.slice(model.lastIndexOf('/') + 1) ?? 'x.test.js'
  const extension = /\.[cm]?[jt]sx?$/.exec(name)?.[0] ?? '.js'
  const plain = extension.replace(/x$/, '')
  const marker = /([._-](?:test|spec|tests))\.[cm]?[jt]sx?$/.exec(name)?.[1] ?? ''
  const prefix = marker === '' && /^test-/.test(name) ? 'test-' : ''
  const dependencies = installed(readManifest(source))
  return {
    folder,
    model,
    ending: `${marker}${plain}`,
    prefix,
    modules: modulesOf(source, folder, plain, text),
    typescript: /ts$/.test(plain),
    importEnding: importEnding(text),
    call: usesMore(text, 'it', 'test') ? 'it' : 'test',
    globals: usesGlobals(project, text),
    ui:
      project.runner === 'mocha' &&
      /(?:--ui|-u|ui["']?\s*:|ui)\s*[=: ]?\s*["']?(?:tdd|qunit)/.test(
        `${project.runnerArguments.join(' ')}\n${source.text('test/mocha.opts') ?? ''}\n${['.mocharc.json', '.mocharc.js', '.mocharc.cjs', '.mocharc.yml', '.mocharc.yaml'].map((file) => source.text(file) ?? '').join('\n')}`,
      )
        ? 'tdd'
        : 'bdd',
    expectation:
      /['"]chai['"]/.test(text) && dependencies.chai !== undefined
        ? 'chai'
        : /['"]expect(?:\.js)?['"]/.test(text)
          ? 'expect'
          : /['"]should['"]/.test(text) && dependencies.should !== undefined
            ? 'should'
            : undefined,
  }
}

export function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
}

/** The test that shares most with the source: its own name first, then the longest common folder. */
function nearest(testFiles: readonly string[], near: string | undefined): string | undefined {
  if (near === undefined) return testFiles[0]
  const stem = stemOf(near)
  const folders = folderOf(near).split('/')
  const score = (test: string) => {
    const segments = folderOf(test).split('/')
    let common = 0
    while (common < folders.length && common < segments.length && folders[common] === segments[common]) common += 1
    return (stemOf(test).replace(/[._-](?:test|spec|tests)$|^test[_-]|_test$/, '') === stem ? 100 : 0) + common
  }
  return [...testFiles].sort((a, b) => score(b) - score(a) || (a < b ? -1 : 1))[0]
}

export function stemOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[cm]?[jt]sx?$|\.py$/, '')
}

function modulesOf(source: SourceSnapshot, folder: string, extension: string, text: string): 'esm' | 'cjs' {
  if (/^\.m/.test(extension)) return 'esm'
  if (/^\.c/.test(extension)) return 'cjs'
  const imports = /^\s*import\s[^(]/m.test(text)
  const requires = /\brequire\s*\(/.test(text)
  if (imports !== requires) return imports ? 'esm' : 'cjs'
  for (let at = folder; ; at = folderOf(at)) {
    const manifest = readManifest(source, at === '' ? 'package.json' : `${at}/package.json`)
    if (manifest) return manifest.type === 'module' || /ts$/.test(extension) ? 'esm' : 'cjs'
    if (at === '') return /ts$/.test(extension) ? 'esm' : 'cjs'
  }
}

function importEnding(text: string): Surroundings['importEnding'] {
  const relative = [...text.matchAll(/(?:from|import|require\()\s*['"](\.{1,2}\/[^'"]+)['"]/g)].map((match) => match[1] ?? '')
  if (relative.length === 0) return 'own'
  if (relative.some((path) => /\.[cm]?ts$/.test(path))) return 'ts'
  return relative.some((path) => /\.[cm]?jsx?$/.test(path)) ? 'js' : 'none'
}

function usesMore(text: string, a: string, b: string): boolean {
  const count = (name: string) => [...text.matchAll(new RegExp(`(?:^|[^.\\w])${name}(?:\\.\\w+)*\\s*\\(`, 'g'))].length
  return count(a) > count(b)
}

function usesGlobals(project: Project, text: string): boolean {
  if (project.runner === 'mocha') return true
  if (project.runner === 'jest') return !/['"]@jest\/globals['"]/.test(text)
  return false
}
