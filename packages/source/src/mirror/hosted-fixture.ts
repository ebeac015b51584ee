import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { FixtureRepository } from '../fixture-repository.ts'
import { CREDENTIAL, FixtureHost } from './fixture-host.ts'
import type { GitMirror } from './git-mirror.ts'
import { GitMirrors, type GitMirrorsOptions } from './git-mirrors.ts'

/** A repository on a host, and the work tree of somebody who pushes to it. For tests of this package only. */
export class HostedFixture implements AsyncDisposable {
  readonly theirs: FixtureRepository
  readonly host: FixtureHost
  /** The repository on the host. */
  readonly bare: string
  readonly mirrorsFolder: string

  private constructor(theirs: FixtureRepository, host: FixtureHost) {
    this.theirs = theirs
    this.host = host
    this.bare = join(theirs.root, 'hosted/Acme/app.git')
    this.mirrorsFolder = join(theirs.root, 'mirrors')
  }

  static async start(): Promise<HostedFixture> {
    const theirs = new FixtureRepository()
    theirs.write('a.js', 'one\n')
    theirs.commitAll()
    mkdirSync(join(theirs.root, 'hosted/Acme'), { recursive: true })
    const fixture = new HostedFixture(theirs, await FixtureHost.start(join(theirs.root, 'hosted')))
    theirs.git(['clone', '-q', '--bare', theirs.folder, fixture.bare])
    theirs.git(['remote', 'add', 'hosted', fixture.bare])
    return fixture
  }

  mirrors(options: Partial<GitMirrorsOptions> = {}): GitMirrors {
    return new GitMirrors({ folder: this.mirrorsFolder, ...options })
  }

  mirror(options: Partial<GitMirrorsOptions> = {}): GitMirror {
    return this.mirrors(options).of({ url: this.host.url('Acme/app'), credential: async () => CREDENTIAL })
  }

  /** Somebody commits and pushes. */
  pushed(message: string, text: string, branch = 'main'): string {
    this.theirs.write('a.js', text)
    const commit = this.theirs.commitAll(message)
    this.theirs.git(['push', '-q', '--force', '--tags', 'hosted', `HEAD:${branch}`])
    return commit
  }

  /** Every path below the folder of mirrors. */
  kept(): readonly string[] {
    return existsSync(this.mirrorsFolder) ? (readdirSync(this.mirrorsFolder, { recursive: true }) as string[]).sort() : []
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host[Symbol.asyncDispose]()
    this.theirs[Symbol.dispose]()
  }
}
