import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Refusal } from './problem.ts'

/** As the dashboard looks, in the theme that the browser prefers. */
const STYLE = [
  ':root{color-scheme:light dark;background:light-dark(#fbfbfc,#0f1012);color:light-dark(#16181d,#ecedef)}',
  'body{font:15px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1.25rem;overflow-wrap:anywhere}',
  'h1{font-size:1.35rem;line-height:1.3}h2{font-size:1.05rem;margin-top:2rem}a{color:light-dark(#3a49b8,#9aa7f8)}',
  'table{border-collapse:collapse}td,th{text-align:left;padding:.3rem .8rem .3rem 0;vertical-align:top;overflow-wrap:normal}',
  'label{display:block;margin:.6rem 0}input,button{font:inherit;border-radius:6px;border:1px solid light-dark(#8b909a,#6b717b);padding:.35rem .6rem}',
  'input{display:block;box-sizing:border-box;width:100%;max-width:24rem;background:light-dark(#fff,#16181b)}',
  'button{background:light-dark(#4454c4,#6f80f0);color:light-dark(#fff,#0b0d1c);border-color:transparent;padding:.45rem 1rem}',
].join('')

/** Text inside a page, or between quotation marks. */
export function shown(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** `body`: HTML. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${shown(title)} – Fixpoint</title><style>${STYLE}</style></head>
<body><main><h1>${shown(title)}</h1>
${body}
</main></body></html>
`
}

/** What programs ask for is answered to programs, whoever asks. */
const OF_PROGRAMS = /^\/(api|assets|hooks|schema)(\/|$)/

/** Whether somebody opened it in a browser, to look at it. */
export function wantsPage({ headers, url }: Pick<FastifyRequest, 'headers' | 'url'>): boolean {
  return headers.accept?.includes('text/html') === true && !OF_PROGRAMS.test(url)
}

/** Why somebody who opened an address in a browser is not shown what is there. */
export function refusalPage({ message, detail, hint }: Refusal): string {
  const said = [detail, hint].flatMap((words) => (words === undefined ? [] : [`<p>${shown(words).replaceAll(/`([^`]+)`/g, '<code>$1</code>')}</p>`]))
  return page(message, [...said, '<p><a href="/">To Fixpoint</a></p>'].join('\n'))
}

/**
 * `formTo`: the one other origin that a form of the page may go to. Nothing is loaded, and no script runs. Without any referrer browsers would
 * call the origin of our own form `null`.
 */
export function sendPage(reply: FastifyReply, html: string, formTo = ''): FastifyReply {
  const style = /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? ''
  const digest = createHash('sha256').update(style).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' ${formTo}`.trim()
  return reply
    .headers({ 'content-security-policy': policy, 'cache-control': 'no-store', 'referrer-policy': 'same-origin' })
    .type('text/html; charset=utf-8')
    .serializer(String)
    .send(html)
}
