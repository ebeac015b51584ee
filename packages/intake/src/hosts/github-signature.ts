import { fromHex, header, hmacHolds, refused, usable } from '../alerts/proof.ts'
import type { Headers, Verification } from '../alerts/source.ts'

/** Whether GitHub signed these very bytes with the app's webhook secret. The older SHA-1 signature beside it is not looked at. */
export async function githubVerification(request: {
  readonly headers: Headers
  readonly body: Uint8Array
  readonly secret: string | undefined
}): Promise<Verification> {
  const key = usable(request.secret)
  if ('why' in key) return refused(key.why.replace('this ingest key', 'the GitHub app'))
  const given = header(request.headers, 'x-hub-signature-256')
  if (given === undefined) return refused('the header X-Hub-Signature-256 is missing')
  const signature = given.startsWith('sha256=') ? fromHex(given.slice('sha256='.length)) : undefined
  return (await hmacHolds(key.secret, signature, request.body)) ? { verified: true } : refused('the signature does not fit the body')
}
