import { IllegalEvent, type OurCheck } from '@fixpoint/core'
import type { GitHubApi } from './github-api.ts'
import { MOST_ACTION, MOST_BUTTON_DESCRIPTION, MOST_BUTTON_LABEL, MOST_BUTTONS, MOST_TITLE, short, withinText } from './host-limits.ts'
import { CheckRun, CheckRuns } from './replies.ts'
import type { At } from './repository-place.ts'

export const CHECK_NAME = 'fixpoint'

/** Our check on a commit: found again by the run that it belongs to. */
export async function ensureOwnCheck(api: GitHubApi, at: At, slug: string, check: OurCheck): Promise<void> {
  const now = asGitHubHasIt(check)
  for await (const { id, external_id, app } of api.each(CheckRuns, (rest, page) =>
    rest.checks.listForRef({ ...at, ref: check.commit, check_name: CHECK_NAME, filter: 'all', per_page: 100, page }),
  )) {
    if (external_id === check.run && app?.slug === slug) return api.tell((rest) => rest.checks.update({ ...at, check_run_id: id, ...now }))
  }
  await api.ask(CheckRun, (rest) => rest.checks.create({ ...at, head_sha: check.commit, external_id: check.run, ...now }))
}

function asGitHubHasIt({ state, title, text, buttons, url }: OurCheck) {
  if (buttons.length > MOST_BUTTONS) throw new IllegalEvent(`a check has ${buttons.length} buttons and room for ${MOST_BUTTONS}`)
  const actions = buttons.map(({ action, label, description }) => {
    if (action.length > MOST_ACTION) throw new IllegalEvent(`${action} is no name for a button: longer than ${MOST_ACTION}`)
    return { identifier: action, label: short(label, MOST_BUTTON_LABEL), description: short(description, MOST_BUTTON_DESCRIPTION) }
  })
  return {
    name: CHECK_NAME,
    ...standing(state),
    output: { title: short(title, MOST_TITLE), summary: withinText(text) },
    actions,
    ...(url === undefined ? {} : { details_url: url }),
  }
}

function standing(state: OurCheck['state']) {
  switch (state) {
    case 'queued':
      return { status: 'queued' as const }
    case 'in-progress':
      return { status: 'in_progress' as const }
    case 'action-required':
      return { status: 'completed' as const, conclusion: 'action_required' as const }
    default:
      return { status: 'completed' as const, conclusion: state }
  }
}
