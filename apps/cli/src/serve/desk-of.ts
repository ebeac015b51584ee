import { survivalOf } from '@fixpoint/source'
import type { DeskHands } from '@fixpoint/worker'
import { lanesSetUp } from '../run-models.ts'
import { settingsPaths } from '../settings-files.ts'
import type { Hosting } from './hosting.ts'
import type { OperatorSettings } from './operator-settings.ts'

const MINUTE = 60_000
const NOT_AMONG_THOSE =
  'Whoever runs this Fixpoint lets it work in some repositories only (`github.repositories` in its settings), and this one is not among them: they can add it.'

/** What the desk works with: the code host as the settings open it. */
export function deskOf(hosting: Hosting, { threads, explain }: Pick<DeskHands, 'threads' | 'explain'>, { models, server }: OperatorSettings): DeskHands {
  const asksModels = lanesSetUp(models).lanes.some(({ model }) => model !== undefined)
  return {
    ...{ threads, ...(explain && { explain }), hosts: hosting.hosts, host: hosting.host, personal: hosting.personal },
    recoverMs: hosting.settings.recoverMinutes * MINUTE,
    async settingsOf(repository) {
      const { settings, origins, problem } = await hosting.rules.of(repository)
      const off = !hosting.allows(repository) ? NOT_AMONG_THOSE : settings.enabled ? undefined : offBy(origins.get('enabled')?.from ?? '')
      return { ...settings, off, models: asksModels, problem }
    },
    runUrl: (run) => (server.publicUrl === undefined ? undefined : `${server.publicUrl.replace(/\/$/, '')}/api/runs/${run}`),
    async survivalOf(repository, commit) {
      await using fetched = await hosting.repository(repository, { signal: new AbortController().signal, revisions: [commit], fresh: true })
      return await survivalOf(fetched, commit, await fetched.resolve())
    },
  }
}

/** `from`: the level of the settings that says so. What a repository says itself goes before all others. */
function offBy(from: string): string {
  const isOwn = settingsPaths.includes(from)
  const who = from === 'operator' ? '`defaults` in the settings of whoever runs this Fixpoint say' : `\`${from}\` says`
  const where = isOwn ? 'there, on the default branch,' : 'in `.github/fixpoint.yml` of this repository, on its default branch,'
  return `${who} \`enabled: false\`, so nothing is begun here. \`enabled: true\` ${where} turns it on; then ask again.`
}
