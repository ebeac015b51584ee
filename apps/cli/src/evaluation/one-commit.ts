import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { devNull } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Failure } from '@fixpoint/core'
import { INSTALLED, type LaidOut } from './evaluation-case.ts'

/** The same files make the same commit on every machine: recorded conversations depend on it. */
const WHO = { name: 'case', email: 'case@localhost', date: '2024-01-01T00:00:00Z' }

/** Files are taken as they are, whatever the tree's own attributes say. */
const ATTRIBUTES = '* -text -filter -ident -eol -working-tree-encoding\n'

/** Makes a repository with one commit of a folder's files; installed dependencies at its root stay outside it. */
export async function commitAll(folder: string, { committed }: LaidOut): Promise<void> {
  const git = (...args: string[]) =>
    promisify(execFile)('git', ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'core.autocrlf=false', ...args], {
      cwd: folder,
      maxBuffer: 2 ** 26,
      env: {
        PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin',
        GIT_CONFIG_GLOBAL: devNull,
        GIT_CONFIG_NOSYSTEM: '1',
        ...{ GIT_AUTHOR_NAME: WHO.name, GIT_AUTHOR_EMAIL: WHO.email, GIT_AUTHOR_DATE: WHO.date },
        ...{ GIT_COMMITTER_NAME: WHO.name, GIT_COMMITTER_EMAIL: WHO.email, GIT_COMMITTER_DATE: WHO.date },
      },
    })
  try {
    await rm(join(folder, '.git'), { recursive: true, force: true })
    await git('init', '--quiet', '--template=', '--initial-branch=main')
    await mkdir(join(folder, '.git', 'info'), { recursive: true })
    await writeFile(join(folder, '.git', 'info', 'attributes'), ATTRIBUTES)
    const force = committed === 'every-file' ? ['--force'] : []
    await git('add', '--all', ...force, '--', '.', ...INSTALLED.map((name) => `:(exclude,top)${name}`))
    await git('commit', '--quiet', '--allow-empty', '--message=base')
    await writeFile(join(folder, '.git', 'info', 'exclude'), INSTALLED.map((name) => `/${name}\n`).join(''))
  } catch (error) {
    throw new Failure('repository-unreadable', `${folder} could not be made a repository`, 'Is git installed? fixpoint doctor tells.', { cause: error })
  }
}
