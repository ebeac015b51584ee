import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'

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
