import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Failure } from '@fixpoint/core'

const LIFE_MINUTES = 10
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  connection: 'close',
}

export interface WantedRegistration {
  /** Where on GitHub the form goes, with a state that comes back. */
  readonly action: (state: string) => string
  /** What the form holds, when GitHub is to send the browser back there. */
  readonly manifest: (redirectUrl: string) => object
  /** The page is there: somebody opens this address. */
  readonly listening: (address: string) => void
  readonly signal: AbortSignal
}

/**
 * Waits on this machine alone, for one registration: a page whose form goes to GitHub, and the browser back with a code, which is returned. The address of the
 * page is told to nobody but the person at the terminal, so that nobody else on this machine learns the state. Throws `Failure('time-exhausted')`.
 */
export async function registrationCode({ action, manifest, listening, signal }: WantedRegistration): Promise<string> {
  const [key, state] = [secretWord(), secretWord()]
  const late = AbortSignal.timeout(LIFE_MINUTES * 60_000)
  const ended = AbortSignal.any([signal, late])
  const server = createServer({ requestTimeout: 10_000, maxHeaderSize: 16_384 })
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const redirectUrl = `http://${host}/callback`
    return await new Promise<string>((resolve, reject) => {
      ended.addEventListener('abort', () => reject(ended.reason), { once: true })
      if (ended.aborted) reject(ended.reason)
      server.on('request', (request: IncomingMessage, response: ServerResponse) => {
        const { pathname, searchParams } = new URL(request.url ?? '/', redirectUrl)
        // A page of the web that has its name point at this machine comes under that name.
        if (request.headers.host !== host || request.method !== 'GET') return answer(response, 403, 'This page is for the address that the terminal shows.')
        if (isSame(pathname, `/${key}`)) return send(response, 200, formPage(action(state), manifest(redirectUrl)), new URL(action(state)).origin)
        if (pathname !== '/callback') return answer(response, 404, 'There is nothing here.')
        const code = searchParams.get('code') ?? ''
        if (!isSame(searchParams.get('state') ?? '', state) || !/^[\w-]{1,200}$/.test(code))
          return answer(response, 403, 'This registration was not begun here. Open the address that the terminal shows, and begin there.')
        response.once('close', () => resolve(code))
        return answer(response, 200, 'GitHub made the app. Go back to the terminal: it says what comes next.')
      })
      listening(`http://${host}/${key}`)
    })
  } catch (error) {
    if (!late.aborted) throw error
    throw new Failure('time-exhausted', `nobody registered the app within ${LIFE_MINUTES} minutes`, 'Run the command again.', { cause: error })
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

function secretWord(): string {
  return randomBytes(24).toString('base64url')
}

function isSame(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)]
  return first.length === second.length && timingSafeEqual(first, second)
}

function formPage(action: string, manifest: object): string {
  return `<h1>A GitHub app for Fixpoint</h1>
<p>GitHub asks you to confirm it, and sends you back here.</p>
<form method="post" action="${shown(action)}"><input type="hidden" name="manifest" value="${shown(JSON.stringify(manifest))}">
<button>Register it on ${shown(new URL(action).host)}</button></form>`
}

function answer(response: ServerResponse, status: number, words: string): void {
  send(response, status, `<p>${words}</p>`, "'none'")
}

function send(response: ServerResponse, status: number, body: string, formTo: string): void {
  const policy = `default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action ${formTo}`
  response.writeHead(status, { ...HEADERS, 'content-security-policy': policy })
  response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Fixpoint</title>${body}</html>\n`)
}

/** Text inside a page, or between quotation marks. */
function shown(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
