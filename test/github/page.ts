import { marked } from 'marked'

/** Elements that Markdown of ours makes. */
const OURS = /^(?:p|em|strong|code|pre|del|br|h[1-6]|ul|ol|li|table|thead|tbody|tr|t[hd]|details|summary|sub|blockquote|hr)$/
/** What a host would make something of in the words of a page. */
const LIVE: Readonly<Record<string, RegExp>> = {
  mentions: /(?<![\w`])@[a-z0-9][\w-]*/i,
  'refers to an issue': /(?:#|\bGH-)\d/i,
  'is an address': /:\/\/|\bwww\./i,
  'is a command': /^\/(?!fixpoint )\w/m,
  'is hidden': /\u200c|\u200d|[\u2060\u202a-\u202e\u2066-\u2069\u00ad\u{e0000}-\u{e007f}]/u,
}

/** Where a place in backticks leads: to its line in the repository, and nowhere else. */
const OUR_LINKS = /`\]\(http:\/\/127\.0\.0\.1:\d+\/acme\/shop\/blob\/[0-9a-f]{40}\/[\w.%/-]+#L\d+(?:-L\d+)?\)/g

/** What of a Markdown text of ours is alive that a stranger put there. `own`: what we say ourselves (`Fixes #1`). */
export async function liveParts(markdown: string, own: readonly string[]): Promise<readonly string[]> {
  // Our marker is a comment; nobody else's is.
  const said = own.reduce((text, words) => text.replaceAll(words, ''), markdown.replace(/^<!-- fixpoint:[\w-]+ -->\n/, ''))
  const html = await marked.parse(said.replace(OUR_LINKS, '`'), { gfm: true })
  const elements = [...html.matchAll(/<(?:\/?([a-z][a-z0-9]*)|(!--))[^>]*>/gi)]
    .filter(([, name]) => name === undefined || !OURS.test(name.toLowerCase()))
    .map(([element]) => element)
  const unbalanced = ['details', 'summary', 'sub', 'table'].filter((name) => html.split(`<${name}`).length !== html.split(`</${name}>`).length)
  const words = textOf(html)
  const live = Object.entries(LIVE).flatMap(([what, pattern]) => {
    const found = pattern.exec(words)?.[0]
    return found === undefined ? [] : [`${what}: ${found}`]
  })
  return [...elements, ...unbalanced.map((name) => `${name} is not closed`), ...live]
}

/** The words of a page outside of code, which a host leaves alone. */
function textOf(html: string): string {
  return html
    .replace(/<pre>[\s\S]*?<\/pre>|<code>[\s\S]*?<\/code>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll('&commat;', '@')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}
