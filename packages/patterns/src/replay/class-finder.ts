import type { TestImport } from '@fixpoint/core'
import { callableOf, isTest, type Program } from './callable.ts'
import type { ClassNames } from './render.ts'

/** Finds classes of the repository by name, so that instances can be made again; remembers what has to be imported. */
export class ClassFinder {
  readonly #program: Program
  readonly #language: 'javascript' | 'python'
  readonly #found = new Map<string, TestImport | undefined>()

  constructor(program: Program, language: 'javascript' | 'python') {
    this.#program = program
    this.#language = language
  }

  readonly names: ClassNames = (type, module) => this.find(type, module)?.local

  find(type: string, module?: string): TestImport | undefined {
    if (!this.#found.has(type)) this.#found.set(type, this.#look(type, module))
    return this.#found.get(type)
  }

  /** The imports that an expression needs: every capitalised name in it that is a class of the repository. */
  importsFor(expressions: readonly string[]): readonly TestImport[] {
    const names = new Set(expressions.flatMap((text) => text.match(/\b[A-Z]\w*(?=\s*[.()])/g) ?? []))
    return [...names].flatMap((name) => {
      const found = BUILT_IN.has(name) ? undefined : this.find(name)
      return found === undefined ? [] : [found]
    })
  }

  #look(type: string, module: string | undefined): TestImport | undefined {
    const python = this.#language === 'python'
    const place = module?.replaceAll('.', '/')
    const paths = this.#program.source
      .list()
      .map((entry) => entry.path)
      .filter((path) => (python ? path.endsWith('.py') : /\.[cm]?[jt]sx?$/.test(path)) && !isTest(path) && !path.includes('node_modules/'))
      .filter((path) => place === undefined || path.endsWith(`${place}.py`) || path.endsWith(`${place}/__init__.py`))
    const declared = new RegExp(`\\bclass ${type}\\b`)
    for (const path of paths) {
      const text = this.#program.source.text(path)
      if (text === undefined || !declared.test(text)) continue
      // A class says how it is reached through any of its methods.
      for (const span of this.#program.syntax.functions(path, text)) {
        if (span.exported.owner?.name !== type) continue
        const callable = callableOf(this.#program, path, { ...span, kind: 'method' })
        if (callable !== undefined) return callable.import
      }
      // A dataclass may have none; in Python every name of a module can be imported.
      if (python && new RegExp(`^class ${type}\\b`, 'm').test(text)) return { local: type, exported: type, path }
    }
    return undefined
  }
}

const BUILT_IN = new Set([
  'Object',
  'Date',
  'Map',
  'Set',
  'Array',
  'Number',
  'String',
  'RegExp',
  'Promise',
  'Buffer',
  'Error',
  'TypeError',
  'RangeError',
  'Infinity',
  'NaN',
  'Uint8Array',
  'None',
  'True',
  'False',
  'Exception',
])
