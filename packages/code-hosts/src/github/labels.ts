import { z } from 'zod'
import { type GitHubApi, TWICE_IS_ONCE } from './github-api.ts'
import { Label } from './replies.ts'
import type { At } from './repository-place.ts'

const Labels = z.array(Label)
const STATE = /^fixpoint:/
const LOOKS: Readonly<Record<string, { readonly color: string; readonly description: string }>> = {
  fixpoint: { color: '0e7c7b', description: 'Fixpoint tries to fix this and proves that it did' },
  'fixpoint:needs-info': { color: 'd4a72c', description: 'Fixpoint could not make it happen: it asked for what is missing' },
}
const OTHER = { color: '0e7c7b', description: 'Has to do with Fixpoint' }

export async function addLabels(api: GitHubApi, at: At, issue: number, labels: readonly string[]): Promise<void> {
  if (labels.length === 0) return
  for (const name of labels) await ensureLabel(api, at, name)
  await api.tell((rest) => rest.issues.addLabels({ ...at, issue_number: issue, labels: [...labels], request: TWICE_IS_ONCE }))
}

/** One that is there is left as people made it. */
export async function ensureLabel(api: GitHubApi, at: At, name: string): Promise<void> {
  if ((await api.find(Label, (rest) => rest.issues.getLabel({ ...at, name }))) !== undefined) return
  // Somebody was faster: it is there, which is what was wanted.
  await api.unless([422], () => api.tell((rest) => rest.issues.createLabel({ ...at, name, ...(LOOKS[name] ?? OTHER) })), /already_exists/)
}

/** Of the labels that say how it stands with us, this one or none. */
export async function setStateLabel(api: GitHubApi, at: At, issue: number, label: string | undefined): Promise<void> {
  const set = await api.ask(Labels, (rest) => rest.issues.listLabelsOnIssue({ ...at, issue_number: issue, per_page: 100 }))
  for (const name of set.filter((each) => STATE.test(each) && each !== label)) {
    await api.unless([404], () => api.tell((rest) => rest.issues.removeLabel({ ...at, issue_number: issue, name })))
  }
  if (label !== undefined && !set.includes(label)) await addLabels(api, at, issue, [label])
}
