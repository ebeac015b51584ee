import type { Payload } from './payload.ts'

const HEADLINES: Readonly<Record<Payload['type'], string>> = {
  'run.started': 'Fixpoint has begun to work on a bug',
  'run.reproduced': 'Fixpoint has made a bug happen in its sandbox',
  'proposal.ready': 'Fixpoint has a fix with proof that waits for you',
  'patch.judged': 'Fixpoint has judged a patch',
  'proposal.published': 'Fixpoint has published a fix with proof',
  'changes.requested': 'Somebody wants a fix changed',
  'attempt.failed': 'Another attempt came to nothing; the pull request stands as it stood',
  'run.parked': 'Fixpoint could not go on with a run: somebody has to release it',
  'run.settled': 'Fixpoint has finished with a bug',
  'observe.weekly': 'What Fixpoint would have done this week',
}
const BUTTON_LENGTH = 3000

/**
 * The body for an incoming webhook. Only our own words are outside of plain text, in which Slack looks neither for mentions nor for links;
 * and names that came from elsewhere lose what either is made of.
 */
export function slackMessage({ type, data }: Payload): object {
  const { url, ...facts } = data
  const fields = Object.entries(facts).map(([name, value]) => plain(`${name}: ${harmless(String(value))}`))
  return {
    text: HEADLINES[type],
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plain(HEADLINES[type]) },
      ...(fields.length > 0 ? [{ type: 'section', fields: fields.slice(0, 10) }] : []),
      ...(url !== undefined && url.length <= BUTTON_LENGTH ? [{ type: 'actions', elements: [{ type: 'button', text: plain('Look at it'), url }] }] : []),
    ],
  }
}

function plain(text: string): object {
  return { type: 'plain_text', text, emoji: false }
}

/** Ids, digests and names of repositories are made of these. */
function harmless(text: string): string {
  return text
    .replaceAll(/[^\w :./-]/g, '_')
    .replaceAll('//', '__')
    .slice(0, 200)
}
