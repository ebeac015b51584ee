import { header } from '../alerts/proof.ts'
import { safeJson } from '../alerts/safe-json.ts'
import type { AlertSource } from '../alerts/source.ts'
import { githubVerification } from './github-signature.ts'

/** GitHub's deliveries as the receiver takes them in. What they say is `githubEvents`' affair: it sends no alerts. */
export const githubDeliveries: Omit<AlertSource, 'reply'> = {
  name: 'github',
  title: 'GitHub',
  contentTypes: ['application/json'],
  unsigned: false,
  secret: 'required',
  verify: githubVerification,
  // GitHub keeps it when a delivery is sent again.
  deliveryId: (headers, body, hash) => {
    const id = header(headers, 'x-github-delivery')
    return id !== undefined && /^[\w-]{8,100}$/.test(id) ? id : hash(body)
  },
  normalise: (_, body) => {
    const json = safeJson(body)
    return 'malformed' in json ? json : { ignored: 'it is no alert' }
  },
}
