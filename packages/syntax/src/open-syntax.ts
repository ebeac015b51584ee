import { Language as Grammar, Parser } from 'web-tree-sitter'
import { type Call, callsIn } from './calls.ts'
import { enclosingFunction, type FunctionSpan, functionsIn } from './functions.ts'
import { type ImportedName, importsIn } from './imports.ts'
import { type Language, languageOf } from './language.ts'
import { type SyntaxNode, visit } from './node.ts'
import { copyTree, lineStartsOf, type ParsedFile } from './parsed-file.ts'
import { type Binding, scopeAt } from './scope.ts'
import { syntaxErrorIn } from './syntax-error.ts'
import { tokensIn } from './tokens.ts'

/** WebAssembly modules as bytes: the parser's own (`engine`) and one per grammar. */
export interface Grammars extends Readonly<Record<Language, Uint8Array>> {
  readonly engine: Uint8Array
}

/**
 * What the text of one file says. Everything is answered from the text alone, without I/O, and nothing throws on bad
 * text: an unknown language, a file over 1 MB or absurd nesting answer `undefined` or an empty list. Offsets are UTF-16
 * indices, lines count from 1.
 */
export interface Syntax {
  languageOf(path: string): Language | undefined
  /** The root of the tree; it may contain `ERROR` nodes. */
  parse(path: string, text: string): SyntaxNode | undefined
  /** What is wrong, as "12:5 unexpected `}`"; `undefined` when it parses or the language is unknown. Refuses what is too large to check. */
  error(path: string, text: string): string | undefined
  /** Every function, method, arrow and lambda, in source order. */
  functions(path: string, text: string): readonly FunctionSpan[]
  /** The innermost function around an offset, or around the first character of a line. */
  enclosing(path: string, text: string, place: { readonly offset: number } | { readonly line: number }): FunctionSpan | undefined
  /** The names that code at an offset can use, nearest first; globals of the platform are not among them. */
  scope(path: string, text: string, offset: number): readonly Binding[]
  calls(path: string, text: string, range?: { readonly start: number; readonly end: number }): readonly Call[]
  imports(path: string, text: string): readonly ImportedName[]
  /** The text without what changes nothing: no comments, no spaces, one kind of quotes, no redundant parentheses or `;`. For telling duplicates. */
  tokens(path: string, text: string): readonly string[]
  /** Shows every node in source order; a visitor that returns `false` is not shown the children. */
  walk(path: string, text: string, visitor: (node: SyntaxNode) => boolean | undefined): void
}

const MAXIMUM_CHARACTERS = 1_000_000
/** Parsed files that are kept: a drafter asks many questions about few files. */
const KEPT = 8

/** Loads the parser and its grammars; rejects when the bytes are none. */
export async function openSyntax(grammars: Grammars): Promise<Syntax> {
  await Parser.init({ wasmBinary: grammars.engine })
  return new TreeSitterSyntax({
    javascript: await Grammar.load(grammars.javascript),
    typescript: await Grammar.load(grammars.typescript),
    tsx: await Grammar.load(grammars.tsx),
    python: await Grammar.load(grammars.python),
  })
}

class TreeSitterSyntax implements Syntax {
  readonly #grammars: Readonly<Record<Language, Grammar>>
  /** By text: a string's hash is worked out once, however often it is looked up. */
  readonly #kept = new Map<string, { readonly language: Language; readonly file: ParsedFile | undefined }>()

  constructor(grammars: Readonly<Record<Language, Grammar>>) {
    this.#grammars = grammars
  }

  languageOf(path: string): Language | undefined {
    return languageOf(path)
  }

  parse(path: string, text: string): SyntaxNode | undefined {
    return this.#file(path, text)?.root
  }

  error(path: string, text: string): string | undefined {
    if (languageOf(path) === undefined) return undefined
    const file = this.#file(path, text)
    return file === undefined ? '1:1 too large or too deeply nested to check' : syntaxErrorIn(file)
  }

  functions(path: string, text: string): readonly FunctionSpan[] {
    const file = this.#file(path, text)
    return file === undefined ? [] : functionsIn(file)
  }

  enclosing(path: string, text: string, place: { readonly offset: number } | { readonly line: number }): FunctionSpan | undefined {
    const file = this.#file(path, text)
    return file === undefined ? undefined : enclosingFunction(file, place)
  }

  scope(path: string, text: string, offset: number): readonly Binding[] {
    const file = this.#file(path, text)
    return file === undefined ? [] : scopeAt(file, offset)
  }

  calls(path: string, text: string, range = { start: 0, end: text.length }): readonly Call[] {
    const file = this.#file(path, text)
    return file === undefined ? [] : callsIn(file, range)
  }

  imports(path: string, text: string): readonly ImportedName[] {
    const file = this.#file(path, text)
    return file === undefined ? [] : importsIn(file)
  }

  tokens(path: string, text: string): readonly string[] {
    const file = this.#file(path, text)
    return file === undefined ? [text] : tokensIn(file)
  }

  walk(path: string, text: string, visitor: (node: SyntaxNode) => boolean | undefined): void {
    const file = this.#file(path, text)
    if (file !== undefined) visit(file.root, visitor)
  }

  #file(path: string, text: string): ParsedFile | undefined {
    const language = languageOf(path)
    if (language === undefined || text.length > MAXIMUM_CHARACTERS) return undefined
    const known = this.#kept.get(text)
    if (known?.language === language) {
      this.#kept.delete(text)
      this.#kept.set(text, known)
      return known.file
    }
    const file = this.#read(language, text)
    this.#kept.set(text, { language, file })
    if (this.#kept.size > KEPT) {
      const [oldest] = this.#kept.keys()
      if (oldest !== undefined) this.#kept.delete(oldest)
    }
    return file
  }

  /** A parser for each file: the engine's memory is given back whatever happens, and one bad file cannot spoil the next. */
  #read(language: Language, text: string): ParsedFile | undefined {
    const parser = new Parser()
    try {
      const tree = parser.setLanguage(this.#grammars[language]).parse(text)
      if (tree === null) return undefined
      try {
        const root = copyTree(tree)
        return root === undefined ? undefined : { language, text, root, lineStarts: lineStartsOf(text) }
      } finally {
        tree.delete()
      }
    } catch {
      // The engine aborted: the file is then one that we cannot read.
      return undefined
    } finally {
      parser.delete()
    }
  }
}
