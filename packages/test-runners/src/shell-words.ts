/** One simple command of a script: its `NAME=value` prefixes and its words. */
export interface ScriptCommand {
  readonly env: Readonly<Record<string, string>>
  readonly words: readonly string[]
}

/**
 * The simple commands of a package script, for reading only: nothing here is ever run. Quotes are honoured; a pipe, a redirection,
 * a substitution ends what can be understood of a command.
 */
export function scriptCommands(script: string): ScriptCommand[] {
  return splitCommands(script.slice(0, 10_000))
    .map(prefixed)
    .filter((command) => command.words.length > 0)
}

function splitCommands(script: string): string[][] {
  const commands: string[][] = [[]]
  let word: string | undefined
  let quote = ''
  let dead = false
  const endWord = () => {
    if (word !== undefined && !dead) commands.at(-1)?.push(word)
    word = undefined
  }
  const endCommand = () => {
    endWord()
    dead = false
    commands.push([])
  }
  for (let at = 0; at < script.length; at += 1) {
    const char = script.charAt(at)
    if (quote !== '') {
      if (char === quote) quote = ''
      else if (char === '\\' && quote === '"' && /["\\$`]/.test(script.charAt(at + 1))) word = (word ?? '') + script.charAt(++at)
      else word = (word ?? '') + char
    } else if (char === "'" || char === '"') {
      quote = char
      word ??= ''
    } else if (char === '\\') {
      word = (word ?? '') + script.charAt(++at)
    } else if (/\s/.test(char)) {
      endWord()
      if (char === '\n') endCommand()
    } else if (char === ';' || (char === '&' && script.charAt(at + 1) === '&') || (char === '|' && script.charAt(at + 1) === '|')) {
      endCommand()
      if (char !== ';') at += 1
    } else if (char === '|' || char === '<' || char === '>' || char === '&') {
      // `2>&1`: the number belongs to the redirection.
      if (/^\d$/.test(word ?? '')) word = undefined
      endWord()
      dead = true
    } else {
      word = (word ?? '') + char
    }
  }
  endWord()
  return commands
}

const WRAPPERS = new Set(['cross-env', 'cross-env-shell', 'npx', 'env', 'exec', 'time', 'command', 'bunx', 'dotenv', '--'])

function prefixed(words: readonly string[]): ScriptCommand {
  const env: Record<string, string> = {}
  let rest = words
  for (;;) {
    const [head] = rest
    if (head === undefined) break
    const assignment = /^([A-Za-z_]\w*)=(.*)$/s.exec(head)
    if (assignment) env[assignment[1] ?? ''] = assignment[2] ?? ''
    else if (!WRAPPERS.has(head)) break
    rest = rest.slice(1)
    while (head === 'npx' && /^-(y|-yes|-no-install|-no)$/.test(rest[0] ?? '')) rest = rest.slice(1)
  }
  return { env, words: rest }
}
