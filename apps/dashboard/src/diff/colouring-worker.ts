import { createHighlighterCore, type HighlighterCore, type LanguageInput } from 'shiki/core'
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript'

/** Pieces of code in one language, to be coloured. */
export interface ColouringRequest {
  readonly id: number
  readonly language: string
  readonly texts: readonly string[]
}
/** A word and its colours on light and on dark. */
export type ColouredWord = readonly [text: string, light: string, dark: string]
/** Of each piece, its lines. */
export interface ColouringReply {
  readonly id: number
  readonly lines: readonly (readonly (readonly ColouredWord[])[])[]
}

const LOADERS: Readonly<Record<string, () => Promise<{ readonly default: LanguageInput }>>> = {
  typescript: () => import('shiki/langs/typescript.mjs'),
  tsx: () => import('shiki/langs/tsx.mjs'),
  javascript: () => import('shiki/langs/javascript.mjs'),
  jsx: () => import('shiki/langs/jsx.mjs'),
  python: () => import('shiki/langs/python.mjs'),
  java: () => import('shiki/langs/java.mjs'),
  kotlin: () => import('shiki/langs/kotlin.mjs'),
  go: () => import('shiki/langs/go.mjs'),
  ruby: () => import('shiki/langs/ruby.mjs'),
  rust: () => import('shiki/langs/rust.mjs'),
  php: () => import('shiki/langs/php.mjs'),
  csharp: () => import('shiki/langs/csharp.mjs'),
  c: () => import('shiki/langs/c.mjs'),
  json: () => import('shiki/langs/json.mjs'),
  yaml: () => import('shiki/langs/yaml.mjs'),
  toml: () => import('shiki/langs/toml.mjs'),
  css: () => import('shiki/langs/css.mjs'),
  html: () => import('shiki/langs/html.mjs'),
  sql: () => import('shiki/langs/sql.mjs'),
  bash: () => import('shiki/langs/bash.mjs'),
  markdown: () => import('shiki/langs/markdown.mjs'),
  vue: () => import('shiki/langs/vue.mjs'),
}
const [LIGHT, DARK] = ['github-light-high-contrast', 'github-dark-high-contrast']

const highlighter = createHighlighterCore({
  themes: [import('shiki/themes/github-light-high-contrast.mjs'), import('shiki/themes/github-dark-high-contrast.mjs')],
  langs: [],
  engine: createJavaScriptRegexEngine({ forgiving: true }),
})

self.onmessage = async ({ data }: MessageEvent<ColouringRequest>) => {
  const made = await highlighter
  const load = LOADERS[data.language]
  if (load === undefined) return
  await made.loadLanguage((await load()).default)
  const reply: ColouringReply = { id: data.id, lines: data.texts.map((text) => coloured(made, text, data.language)) }
  self.postMessage(reply)
}

function coloured(made: HighlighterCore, text: string, lang: string): ColouredWord[][] {
  const lines = made.codeToTokensWithThemes(text, { lang, themes: { light: LIGHT as string, dark: DARK as string } })
  return lines.map((line) => line.map(({ content, variants }) => [content, variants.light?.color ?? '', variants.dark?.color ?? ''] as const))
}
