import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PrivatePostgres } from '@fixpoint/store'

/** A real PostgreSQL at an address that stays, which can be killed, frozen and started again. It keeps what it promised: `fsync` is on. */
export class MortalPostgres {
  readonly #folder: string
  #server: PrivatePostgres

  private constructor(folder: string, server: PrivatePostgres) {
    this.#folder = folder
    this.#server = server
  }

  static async start(folder: string): Promise<MortalPostgres> {
    return new MortalPostgres(folder, await PrivatePostgres.start({ folder }))
  }

  get url(): string {
    return this.#server.url
  }

  /** All of its processes at once, as a machine that lost its power. */
  async kill(): Promise<void> {
    await this.#signal('SIGKILL')
    await this.#server.stop()
  }

  async startAgain(): Promise<void> {
    const { url } = this.#server
    this.#server = await PrivatePostgres.start({ folder: this.#folder })
    if (this.#server.url !== url) throw new Error('it came back at another address')
  }

  async freeze(): Promise<void> {
    await this.#signal('SIGSTOP')
  }

  async thaw(): Promise<void> {
    await this.#signal('SIGCONT')
  }

  async stop(): Promise<void> {
    await this.thaw().catch(() => undefined)
    await this.#server.stop()
  }

  /** The postmaster first: it would replace its children. Who ended by himself meanwhile hears nothing. */
  async #signal(name: NodeJS.Signals): Promise<void> {
    const [first = ''] = (await readFile(join(this.#folder, 'data/postmaster.pid'), 'utf8').catch(() => '')).split('\n')
    if (first === '') return
    const postmaster = Number(first)
    const children = await childrenOf(postmaster)
    tell(postmaster, name)
    for (const child of new Set([...children, ...(await childrenOf(postmaster))])) tell(child, name)
  }
}

function tell(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger)
  const parents = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    }),
  )
  return pids.filter((_, index) => parents[index] === parent)
}
