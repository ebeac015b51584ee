import { survivalOf } from '@fixpoint/source'
import type { DeskHands } from '@fixpoint/worker'
import { lanesSetUp } from '../run-models.ts'
import type { Hosting } from './hosting.ts'
import type { OperatorSettings } from './operator-settings.ts'

const MINUTE = 60_000

/** What the desk works with: the code host as the settings open it. */
export function deskOf(hosting: Hosting, { threads, explain }: Pick<DeskHands, 'threads' | 'explain'>, { models, server }: OperatorSettings): DeskHands {
  const asksModels = lanesSetUp(models).lanes.some(({ model }) => model !== undefined)
  return {
    ...{ threads, ...(explain && { explain }), hosts: hosting.hosts, host: hosting.host, personal: hosting.personal },
    recoverMs: hosting.settings.recoverMinutes * MINUTE,
    async settingsOf(repository) {
      const { settings, problem } = await hosting.rules.of(repository)
      const allowed = hosting.allows(repository)
      return { ...settings, enabled: settings.enabled && allowed, models: asksModels, problem }
    },
    runUrl: (run) => (server.publicUrl === undefined ? undefined : `${server.publicUrl.replace(/\/$/, '')}/api/runs/${run}`),
    async survivalOf(repository, commit) {
      await using fetched = await hosting.repository(repository, { signal: new AbortController().signal, revisions: [commit], fresh: true })
      return survivalOf(fetched, commit, await fetched.resolve())
    },
  }
}
