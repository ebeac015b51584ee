const CREDENTIALS = [
  /\b(?:gh[a-z]_[A-Za-z0-9_]{10,}|github_pat_[A-Za-z0-9_]{10,})/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b(?:basic|bearer|token)\s+[A-Za-z0-9+/_=.-]{16,}/gi,
]

/** A text without what looks like a credential of a code host, and without those that are known. */
export function scrubbed(text: string, known: Iterable<string>): string {
  let clean = text
  for (const secret of known)
    clean = clean.replaceAll(secret, '[redacted]').replaceAll(Buffer.from(`x-access-token:${secret}`).toString('base64'), '[redacted]')
  for (const looksLike of CREDENTIALS) clean = clean.replace(looksLike, '[redacted]')
  return clean
}
