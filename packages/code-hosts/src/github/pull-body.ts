import { gzipSync } from 'node:zlib'
import type { OfferedProposal } from '@fixpoint/core'
import { withinText } from './host-limits.ts'

/** A pull request's text holds 65,536 characters, most of them for people. */
const MOST_PROOF = 40_000

export interface AboutIssue {
  readonly number: number
  readonly closes: boolean
}

/** What people read, what a merge closes, how to go on from here, and the certificate, which travels with it. */
export function pullBody({ body, strength, certificate }: Pick<OfferedProposal, 'body' | 'strength' | 'certificate'>, issue: AboutIssue | undefined): string {
  return withinText(body, ['', STEERING, closing(issue, strength), proof(certificate)].filter((part, at) => at === 0 || part !== '').join('\n\n'))
}

const STEERING = `## How to go on

- A review that **requests changes**, or a comment that begins with \`/fixpoint retry\` and says what you want, makes another attempt on this branch.
- \`/fixpoint stop\` ends such an attempt. \`/fixpoint explain\` says how it stands.
- It never approves and never merges: that is yours.`

/** Only what was seen to fail and to pass closes an issue. */
function closing(issue: AboutIssue | undefined, strength: OfferedProposal['strength']): string {
  if (issue === undefined) return ''
  const proved = strength === 'verified' || strength === 'implicit'
  return `${issue.closes && proved ? 'Fixes' : 'Refs'} #${issue.number}`
}

function proof(certificate: string): string {
  const packed = gzipSync(certificate, { level: 9 }).toString('base64')
  if (packed.length > MOST_PROOF) return ''
  const lines = packed.match(/.{1,120}/g)?.join('\n') ?? ''
  const how = 'Save this text (`gh pr view <number> --json body --jq .body > proof.md`), then: `fixpoint verify --repo <dir> proof.md`'
  return `<details><summary>The certificate</summary>\n\n${how}\n\n\`\`\`fixpoint-certificate\n${lines}\n\`\`\`\n\n</details>\n`
}
