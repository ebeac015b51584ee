/** Languages that code is coloured in, by the ending of a file's name. Each is loaded when it is first needed. */
const LANGUAGES: Readonly<Record<string, string>> = {
  ...{ ts: 'typescript', mts: 'typescript', cts: 'typescript', tsx: 'tsx', js: 'javascript', mjs: 'javascript', cjs: 'javascript', jsx: 'jsx' },
  ...{ py: 'python', java: 'java', kt: 'kotlin', go: 'go', rb: 'ruby', rs: 'rust', php: 'php', cs: 'csharp', c: 'c', h: 'c', cpp: 'c', hpp: 'c' },
  ...{ json: 'json', yml: 'yaml', yaml: 'yaml', toml: 'toml', css: 'css', html: 'html', sql: 'sql', sh: 'bash', md: 'markdown', vue: 'vue' },
}

export function languageOf(path: string): string | undefined {
  return LANGUAGES[/\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '']
}
