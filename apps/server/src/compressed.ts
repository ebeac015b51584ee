import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import type { App } from './api/app.ts'

const zip = promisify(gzip)
/** What fits into one packet is as fast as it is. */
const FROM_BYTES = 1400
/** The bytes of artifacts too: logs, patches, prompts. */
const TEXT = /^(application\/([\w.+-]*\+)?json|application\/octet-stream|text\/)/
/** Fast: a log of 20 MB is written while its reader waits. */
const OPTIONS = { level: constants.Z_BEST_SPEED }

/**
 * Answers of text are compressed for whoever takes gzip. Lengths of compressed answers tell a listener something where secrets stand beside words
 * of his choice (BREACH). So only answers to GET are: those hold no secret of ours (tokens and keys are told once, to a POST; there is no CSRF token), and no
 * page of another site can have one asked for in somebody's name: cookies are `SameSite=Strict`, and `Gate` refuses what comes from elsewhere.
 */
export function compressAnswers(app: App): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.method !== 'GET' || reply.statusCode !== 200 || reply.getHeader('content-encoding') !== undefined) return payload
    if (!TEXT.test(String(reply.getHeader('content-type'))) || !(typeof payload === 'string' || payload instanceof Uint8Array)) return payload
    reply.header('vary', 'accept-encoding')
    if (Buffer.byteLength(payload) < FROM_BYTES || !takesGzip(request.headers['accept-encoding'])) return payload
    reply.header('content-encoding', 'gzip').removeHeader('content-length')
    return zip(payload, OPTIONS)
  })
}

/** `gzip;q=0` is a no. */
function takesGzip(accepted = ''): boolean {
  return accepted.split(',').some((each) => /^\s*(gzip|\*)\s*(;\s*q=(1|0?\.\d*[1-9]\d*)\S*\s*)?$/.test(each))
}
