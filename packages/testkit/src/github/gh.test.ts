import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ExampleShop } from './example-shop.ts'
import { gitEnvironment } from './git.ts'

/** undefined: there is no `gh` here. */
async function gh(folder: string, token: string, ...args: readonly string[]): Promise<{ exitCode: number; output: string } | undefined> {
  const env = gitEnvironment({ HOME: folder, GH_CONFIG_DIR: folder, GH_HOST: 'github.localhost', GH_TOKEN: token, GH_NO_UPDATE_NOTIFIER: '1', NO_COLOR: '1' })
  const child = spawn('gh', args, { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const parts: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => parts.push(part))
  child.stderr.on('data', (part: Buffer) => parts.push(part))
  const exitCode = await new Promise<number | undefined>((resolve) => {
    child.on('error', () => resolve(undefined))
    child.on('close', (code) => resolve(code ?? -1))
  })
  return exitCode === undefined ? undefined : { exitCode, output: Buffer.concat(parts).toString() }
}

test('GitHub’s own command line takes the double for GitHub', async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'double-gh-'))
  const socket = join(folder, 'api.sock')
  await using shop = await ExampleShop.open({ socket })
  const token = await shop.token()
  if ((await gh(folder, token, 'config', 'set', 'http_unix_socket', socket)) === undefined) {
    console.warn('skipped: `gh` is not installed (apt-get install gh, or https://cli.github.com)')
    context.skip('gh is not installed')
  }
  const api = async (...args: readonly string[]) => {
    const result = await gh(folder, token, 'api', ...args)
    if (result?.exitCode !== 0) throw new Error(result?.output)
    return result.output.trim()
  }
  expect(await api('repos/acme/shop', '--jq', '.full_name')).toBe('acme/shop')
  const number = await api('repos/acme/shop/issues', '-f', 'title=from gh', '-f', 'labels[]=fixpoint', '--jq', '.number')
  for (let count = 0; count < 3; count++) await api(`repos/acme/shop/issues/${number}/comments`, '-f', `body=word ${count}`)
  expect(await api('--paginate', `repos/acme/shop/issues/${number}/comments?per_page=2`, '--jq', '.[].body')).toBe('word 0\nword 1\nword 2')
  expect(await api('repos/acme/shop/contents/src/cart.js', '-H', 'Accept: application/vnd.github.raw')).toBe('export const total = 1')
  await expect(api('repos/acme/none')).rejects.toThrow('HTTP 404')
  await expect(api('repos/acme/shop/issues', '-f', 'body=no title')).rejects.toThrow('HTTP 422')
  await rm(folder, { recursive: true, force: true })
})
