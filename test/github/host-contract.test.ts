import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GitHubApp, GitHubCodeHost, type GitHubCredentials, type GitHubOptions, GitHubRepositories, type GitHubRepository } from '@fixpoint/code-hosts'
import { RepositoryName, RunId } from '@fixpoint/core'
import { GitMirrors, type GitRepository } from '@fixpoint/source'
import { hostedShop } from '@fixpoint/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newIds } from '../../apps/cli/src/compose.ts'

// What we rely on a GitHub for, asked of the double and, where the environment names one, of a real one.

interface Place {
  readonly credentials: GitHubCredentials
  readonly apiUrl: string | undefined
  readonly repository: RepositoryName
  /** Nobody waits for a GitHub that is ours. */
  readonly pace?: GitHubOptions['pace']
  readonly close: () => Promise<void>
}

async function double(): Promise<Place> {
  const { github, fixpoint } = await hostedShop()
  const credentials = { kind: 'app', id: String(fixpoint.id), privateKey: fixpoint.pem } as const
  return {
    credentials,
    apiUrl: github.apiUrl,
    repository: 'acme/shop',
    pace: { betweenWrites: 0, betweenNotifications: 0 },
    close: () => github[Symbol.asyncDispose](),
  }
}

const { FIXPOINT_GITHUB_URL, FIXPOINT_GITHUB_TOKEN, FIXPOINT_GITHUB_APP_ID, FIXPOINT_GITHUB_APP_KEY, FIXPOINT_GITHUB_REPOSITORY } = process.env
const missing =
  FIXPOINT_GITHUB_REPOSITORY === undefined
    ? 'FIXPOINT_GITHUB_REPOSITORY names no owner/name'
    : FIXPOINT_GITHUB_TOKEN === undefined && (FIXPOINT_GITHUB_APP_ID === undefined || FIXPOINT_GITHUB_APP_KEY === undefined)
      ? 'neither FIXPOINT_GITHUB_TOKEN, nor FIXPOINT_GITHUB_APP_ID and FIXPOINT_GITHUB_APP_KEY (a file) are set'
      : undefined
if (missing !== undefined) console.log(`a real GitHub is not asked: ${missing}`)

async function real(): Promise<Place> {
  const credentials: GitHubCredentials =
    FIXPOINT_GITHUB_TOKEN !== undefined
      ? { kind: 'personal-token', token: FIXPOINT_GITHUB_TOKEN }
      : { kind: 'app', id: FIXPOINT_GITHUB_APP_ID ?? '', privateKey: await readFile(FIXPOINT_GITHUB_APP_KEY ?? '', 'utf8') }
  return { credentials, apiUrl: FIXPOINT_GITHUB_URL, repository: RepositoryName.parse(FIXPOINT_GITHUB_REPOSITORY), close: async () => undefined }
}

describe.each([
  ['the double', double, undefined],
  ['a real GitHub', real, missing],
] as const)('%s', (_, open, reason) => {
  const skip = reason !== undefined
  const run = RunId.parse(`run_${newIds().sortable()}`)
  const branch = `fixpoint/contract-${run.slice(-6)}`
  let place: Place
  let app: GitHubApp
  let hosted: GitHubRepository
  let repository: GitRepository
  let host: GitHubCodeHost
  let folder: string
  let pull: number | undefined

  beforeAll(async () => {
    if (skip) return
    place = await open()
    app = new GitHubApp({ credentials: place.credentials, baseUrl: place.apiUrl, ...(place.pace && { pace: place.pace }) })
    hosted = await (await GitHubRepositories.connect(app)).open(place.repository)
    folder = await mkdtemp(join(tmpdir(), 'fixpoint-contract-'))
    const mirror = new GitMirrors({ folder }).of({ url: app.gitUrl(place.repository), credential: () => app.credentialFor(place.repository, 'read') })
    await mirror.fetch({ signal: new AbortController().signal })
    repository = await mirror.open({ gitDirectory: join(folder, 'own') })
    host = new GitHubCodeHost(hosted, mirror.pusher(repository))
  })

  afterAll(async () => {
    if (skip) return
    const { at } = hosted
    if (pull !== undefined) await app.on(place.repository, 'write').tell((rest) => rest.pulls.update({ ...at, pull_number: pull ?? 0, state: 'closed' }))
    const tip = pull === undefined ? undefined : (await hosted.pull(pull))?.head
    if (tip !== undefined) await hosted.deleteBranch(branch, tip)
    await repository[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
    await place.close()
  })

  it.skipIf(skip)('says how things stand', async () => {
    expect(await host.standing()).toEqual({ wanted: true, head: await repository.resolve() })
  })

  it.skipIf(skip)('has one branch and one pull request, one comment and one check, however often they are ensured', async () => {
    const base = await repository.resolve()
    const edits = [{ path: 'fixpoint-contract.txt', content: `${run}\n` }]
    const message = `Look whether pull requests work\n\nFixpoint-Run: ${run}\n`
    const commit = await repository.commit({ base, edits, message, at: new Date(), by: host.identity })
    const text = { title: 'Look whether pull requests work', body: 'Made by a test of Fixpoint, and closed by it.\n', message }
    const proposal = { run, branch, base, commit, ...text, strength: 'suggestion', edits, draft: true, certificate: '{}' } as const
    const published = await host.ensureProposal(proposal)
    pull = published.pull
    expect(await host.ensureProposal(proposal)).toEqual(published)
    expect(await hosted.pull(pull ?? 0)).toMatchObject({ state: 'open', branch, head: published.commit })
    const { url } = await hosted.ensureComment(pull ?? 0, 'contract', 'Once')
    expect(await hosted.ensureComment(pull ?? 0, 'contract', 'Twice')).toEqual({ url })
    for (const state of ['in-progress', 'success'] as const)
      await hosted.ensureCheck({ run, commit: published.commit, state, title: 'Contract', text: 'Looked at', buttons: [] })
  })
})
