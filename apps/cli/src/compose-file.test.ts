import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readEnv } from './env.ts'
import { commandTree } from './main.ts'
import { screenOn } from './present/terminal.ts'
import { OperatorSettings } from './serve/operator-settings.ts'

interface ComposeService {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly secrets?: readonly string[]
  readonly volumes?: readonly (string | { readonly source: string; readonly bind: { readonly create_host_path: boolean } })[]
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

const tree = commandTree({ env: readEnv({}), screen: screenOn(process.stderr, false), done: () => undefined })

test('its images are of the version that --version tells', () => {
  expect(ours.map(([, { image }]) => image)).toEqual(ours.map(() => `fixpoint:${tree.version()}`))
})

test('its commands exist', () => {
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
    for (const volume of service.volumes ?? [])
      if (typeof volume !== 'string') expect(volume.bind.create_host_path, `Docker would make ${volume.source} itself, a folder of root`).toBe(false)
      else if (/^\w/.test(volume)) expect(file.volumes).toHaveProperty(volume.split(':')[0] ?? '')
  }
  expect(JSON.stringify(file.services.server?.volumes), 'only workers hold the engine').not.toContain('docker.sock')
})

test('what an operator keeps beside the file is neither committed nor part of the image', () => {
  const mounted = ours.flatMap(([, { volumes = [] }]) => volumes.flatMap((volume) => (typeof volume === 'string' ? [] : volume.source)))
  const kept = [...new Set(mounted)].map((path) => path.replace('./', ''))
  expect(kept).toEqual(['fixpoint.config.yml', 'repositories'])
  for (const list of ['.gitignore', '.dockerignore']) {
    const left = read(list)
      .split('\n')
      .map((line) => line.replace(/^\/|\/$/g, ''))
    for (const path of [...kept, 'secrets']) expect(left, list).toContain(path)
  }
})

test('the example of its settings is understood', () => {
  const settings = OperatorSettings.parse(parse(read('fixpoint.config.example.yml')))
  // It listens beyond its own container.
  expect(settings.server.behindTlsProxy).toBe(true)
  for (const { path } of Object.values(settings.repositories)) expect(path).toMatch(/^\/repositories\//)
})
