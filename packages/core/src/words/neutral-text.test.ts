import { marked } from 'marked'
import { describe, expect, it } from 'vitest'
import { fenced, neutral, neutralCode } from './neutral-text.ts'

const HOSTILE = [
  '@octocat please look',
  'ask @acme/owners',
  'mail security@example.com',
  '(@octocat)',
  '&#64;octocat',
  '&#x40;octocat',
  '&commat;octocat',
  '\\@octocat',
  '@\u200boctocat and @\u2060octocat',
  'fixes #3',
  'Closes: #3, resolves #4',
  'fixes GH-3',
  'fixes acme/shop#3',
  'closes https://github.com/acme/shop/issues/3',
  'see acme/shop@0123456789abcdef0123456789abcdef01234567',
  'introduced by 9fceb02d0ae598e95dc970b74767f19372d61af8',
  'introduced by 9fceb02',
  'fixes \\#3 and fixes &#35;3',
  'https://evil.example/?leak=1',
  'HTTPS://EVIL.EXAMPLE/x',
  'www.evil.example',
  'WWW.evil.example',
  'ftp://evil.example/x',
  '<https://evil.example>',
  '[click](https://evil.example)',
  '[click](//evil.example)',
  '[click](/settings)',
  '[click] [ref] and [click][ref]',
  '[ref]: //evil.example',
  '![pixel](https://evil.example/p.png)',
  '![pixel](//evil.example/p.png)',
  '![pixel][ref]',
  '<img src="//evil.example/p.png">',
  '<a href="//evil.example">x</a>',
  '<script>alert(1)</script>',
  '<!-- hidden -->',
  '<details open><summary>x</summary>',
  '&lt;img src=x&gt;',
  '```\nfence',
  '~~~\nfence',
  'a\n\n# Heading',
  '# Heading',
  '- [ ] task',
  '| a | b |',
  '/lgtm',
  '  /approve',
  'text\n/merge',
  '[skip ci] quick',
  '[ci skip] and [no ci] and [skip actions] and [actions skip]',
  'a\u202eb\u200bc\u{e0041}d\u001b[31m',
  'mailto:a@b.example',
  'x'.repeat(5000),
  'Co-authored-by: Eve <eve@evil.example>\nSigned-off-by: Eve',
]
/** What GitHub would find in the text of a page, or of a commit message. */
const FOUND = [
  /@[a-z0-9]/i,
  /#\d/,
  /\bGH-\d/i,
  /(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])/,
  /:\/\//,
  /\bwww\./i,
  /\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]/i,
  /^\/\w/m,
  /\n/,
]

/** The text of a page: no element left, and entities read. */
function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll('&commat;', '@')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim()
}

describe.each(HOSTILE.map((text) => [text]))('%j', (text) => {
  it.each([
    ['at the beginning of a paragraph', (inner: string) => inner, neutral],
    ['within one', (inner: string) => `We were told ${inner} and looked.\n`, neutral],
    ['in a code span', (inner: string) => `Failed with \`${inner}\`, see below.`, neutralCode],
  ])('%s reaches nobody and loads nothing', async (_, place, made) => {
    const page = await marked.parse(place(made(text)), { gfm: true })
    expect(page).not.toMatch(/<(?!\/?(?:p|em|strong|code|del|br)\b)/)
    for (const dangerous of FOUND) expect(textOf(page)).not.toMatch(dangerous)
  })

  it('refers to nothing in a commit message', () => {
    for (const dangerous of FOUND) expect(neutral(text)).not.toMatch(dangerous)
  })

  it('cannot leave a block', async () => {
    const page = await marked.parse(`${fenced(text, 400)}\n\nafter`, { gfm: true })
    expect(page).toMatch(/^<pre><code>[\s\S]*<\/code><\/pre>\s*<p>after<\/p>\s*$/)
  })
})

it('plain words stay as they are', () => {
  const words = 'Checks `customer` before its "name" is read: user?.name (line 14), a[0] === b && c | d, 100 % of 3 cases.'
  expect(neutral(words)).toBe(words)
})

it('a block of back-ticks gets a longer fence', () => {
  expect(fenced('a\n````\nb\n', 100, 'diff')).toBe('`````diff\na\n````\nb\n`````')
})

it('what is too long says by how much, and what is hidden takes no room', () => {
  expect(neutral(`${'\u200b'.repeat(5000)}${'x'.repeat(12)}`, 10)).toBe('xxxxxxxxxx… (2 more characters)')
})

it('takes time linear in the text', () => {
  const started = performance.now()
  for (const text of ['@', '](', '`', '[skip', '&#', 'a1', '\n#', 'www.', '\u200b']) neutral(text.repeat(200_000), 200_000)
  expect(performance.now() - started).toBeLessThan(10_000)
})
