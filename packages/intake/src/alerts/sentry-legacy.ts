import { bearer } from './proof.ts'
import { normaliseSentry, sentry } from './sentry.ts'
import type { AlertSource } from './source.ts'

/** Sentry's old WebHooks plug-in: the same words, and no signature. */
export const sentryLegacy: AlertSource = {
  ...sentry,
  name: 'sentry-legacy',
  title: 'Sentry (legacy WebHooks plug-in)',
  unsigned: true,
  secret: 'optional',
  verify: bearer,
  normalise: normaliseSentry,
}
