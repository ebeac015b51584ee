import { Failure, type HostedRepository } from '@fixpoint/core'
import { expect, it } from 'vitest'
import { HostedSettings } from './hosted-settings.ts'
import { OperatorSettings } from './operator-settings.ts'

type Files = Readonly<Record<string, string>>
const operator = OperatorSettings.parse({
  budget: { minutes: 30 },
  defaults: { mayAsk: 'triage', labels: ['bug'] },
  github: { token: { env: 'T' }, autonomy: 'propose' },
})

/** Repositories of which only the files of the default branch matter. */
function settingsOn(repositories: Record<string, Files>, clock = { now: 0 }) {
  const asked: string[] = []
  const hosts = {
    async open(name: string): Promise<HostedRepository> {
      const files = repositories[name]
      if (files === undefined) throw new Failure('host-gone', `${name} is not there`, 'Install the app.')
      return {
        async text(path: string) {
          asked.push(`${name} ${path}`)
          return repositories[name]?.[path]
        },
      } as HostedRepository
    },
  }
  return { settings: new HostedSettings(hosts, operator, { monotonic: () => clock.now }), asked }
}

it('a repository is heard before its organisation, and that before the operator’s defaults; ceilings hold', async () => {
  const { settings } = settingsOn({
    'acme/.github': { '.github/fixpoint.yml': 'labels: [defect]\nrounds: { reviews: 1 }\n' },
    'acme/shop': { '.github/fixpoint.yml': 'rounds: { reviews: 2 }\nautonomy: pr\nbudget: { minutes: 90 }\n' },
  })
  const rules = await settings.of('acme/shop')
  expect(rules).toMatchObject({
    problem: undefined,
    settings: { mayAsk: 'triage', labels: ['defect'], rounds: { reviews: 2 }, autonomy: 'propose', budget: { minutes: 30 } },
  })
  expect(rules.origins.get('labels')?.from).toBe('acme/.github: .github/fixpoint.yml')
})

it('without files, and without a repository of the organisation, the defaults hold', async () => {
  const { settings } = settingsOn({ 'acme/shop': {} })
  expect(await settings.of('acme/shop')).toMatchObject({ problem: undefined, warnings: [], settings: { labels: ['bug'], enabled: true } })
})

it('a wrong file is a problem in words, and is read again when it is mended', async () => {
  const repositories = { 'acme/shop': { '.github/fixpoint.yml': 'label: x\n' } as Files }
  const { settings } = settingsOn(repositories)
  expect((await settings.of('acme/shop')).problem).toMatch(/^\.github\/fixpoint\.yml:1:1 settings: .*"label"/)
  repositories['acme/shop'] = { '.github/fixpoint.yml': 'labels: [x]\n' }
  expect(await settings.of('acme/shop')).toMatchObject({ problem: undefined, settings: { labels: ['x'] } })
})

it('a storm of events asks the host once, and a while later again', async () => {
  const clock = { now: 0 }
  const { settings, asked } = settingsOn({ 'acme/shop': {} }, clock)
  await settings.of('acme/shop')
  const once = asked.length
  for (let each = 0; each < 50; each += 1) await settings.of('acme/shop')
  expect(asked.length).toBe(once)
  clock.now = 60_000
  await settings.of('acme/shop')
  expect(asked.length).toBe(2 * once)
})

it('a storm that comes all at once asks the host once too', async () => {
  const { settings, asked } = settingsOn({ 'acme/shop': {} })
  await Promise.all(Array.from({ length: 50 }, () => settings.of('acme/shop')))
  expect(asked).toEqual([...new Set(asked)])
})

it('a host that cannot be asked is no default', async () => {
  const failing = new HostedSettings({ open: async () => Promise.reject(new Failure('host-unreachable', 'no answer', 'Wait.')) }, operator, {
    monotonic: () => 0,
  })
  await expect(failing.of('acme/shop')).rejects.toMatchObject({ code: 'host-unreachable' })
})
