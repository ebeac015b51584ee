import { execFile } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Failure } from '@fixpoint/core'

const FIXTURES = new URL('../../../../fixtures/', import.meta.url)
const NAME = 'demo-split-the-bill'

/** What Sentry sends about the sample. */
export const SAMPLE_ALERT = fileURLToPath(new URL(`payloads/sentry/${NAME}.json`, FIXTURES))

/** A shop with a real defect, as a git repository of its own. */
export async function prepareSampleRepository(folder: string): Promise<void> {
  const git = promisify(execFile)
  const author = ['-c', 'user.name=Sample', '-c', 'user.email=sample@example.com']
  try {
    await cp(new URL(`repos/${NAME}`, FIXTURES), folder, { recursive: true })
    await git('git', ['init', '--quiet', '--initial-branch=main'], { cwd: folder })
    await git('git', ['add', '--all'], { cwd: folder })
    await git('git', [...author, 'commit', '--quiet', '--message=The shop as it is in production'], { cwd: folder })
  } catch (error) {
    throw new Failure('repository-unreadable', 'the sample repository could not be prepared', 'Is git installed? fixpoint doctor tells.', { cause: error })
  }
}
