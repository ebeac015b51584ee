import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readEnv } from './env.ts'
import { commandTree } from './main.ts'
import { screenOn } from './present/terminal.ts'

interface ComposeService {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly secrets?: readonly string[]
  readonly volumes?: readonly string[]
  readonly healthcheck?: object
  readonly restart?: string
}

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const file: { services: Record<string, ComposeService>; secrets: object; volumes: object } = parse(read('docker-compose.yml'), { merge: true })
const ours = Object.entries(file.services).filter(([, { image }]) => image.startsWith('fixpoint:'))
const known = new Set([...readFileSync(new URL('./env.ts', import.meta.url), 'utf8').matchAll(/^ {2}([A-Z][A-Z_]+): z\./gm)].map((match) => match[1]))

test('what the compose file and the example of its secrets set is what the command reads', () => {
  expect(known.size).toBeGreaterThan(10)
  const set = ours.flatMap(([, { environment }]) => Object.keys(environment ?? {}))
  const exampled = [...read('fixpoint.env.example').matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map((match) => match[1])
  expect([...set, ...exampled].filter((name) => !known.has(name))).toEqual([])
  expect(exampled).toContain('DATABASE_URL')
})

test('its commands exist', () => {
  const tree = commandTree({ env: readEnv({}), screen: screenOn(process.stderr, false), done: () => undefined })
  expect(ours.map(([name]) => name)).toEqual(['server', 'worker'])
  for (const [name, { command: [word, ...rest] = [] }] of ours) {
    const command = tree.commands.find((each) => each.name() === word)
    expect(command, name).toBeDefined()
    for (const flag of rest.filter((each) => each.startsWith('--'))) expect(command?.options.map(({ long }) => long)).toContain(flag)
  }
})

test('images have versions, volumes and secrets are declared, whoever can be asked for its health is', () => {
  for (const [name, service] of Object.entries(file.services)) {
    expect(service.image, name).toMatch(/:[\d.]+(-\w+)?$/)
    expect(service.restart, name).toBe('unless-stopped')
    if (name !== 'worker') expect(service.healthcheck, name).toBeDefined()
    for (const secret of service.secrets ?? []) expect(file.secrets).toHaveProperty(secret)
    for (const volume of service.volumes ?? []) if (/^\w/.test(volume)) expect(file.volumes).toHaveProperty(volume.split(':')[0] ?? '')
  }
  expect(file.services.server?.volumes?.join(), 'only workers hold the engine').not.toContain('docker.sock')
})
