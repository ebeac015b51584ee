import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { git } from '../stories/fixture.ts'
import type { ServedService } from './served-service.ts'

/** A run takes its time in real rooms, on a machine that has other things to do. */
export const RUN = { timeout: 180_000 }

/** What the pages of a service show of a run on the way from an alert to a decision. Every press is one of a key. */
export class WalkedRoad {
  readonly page: Page
  readonly #service: ServedService

  constructor(page: Page, service: ServedService) {
    this.page = page
    this.#service = service
  }

  /** From the inbox, which is open, to the page of the one proposal that comes of this repository. Tells its run. */
  async arrives(repository: string): Promise<string> {
    await this.page.keyboard.press('/')
    await this.page.keyboard.type(repository)
    await this.page.keyboard.press('Enter')
    await this.page.getByText('1 proposal waits for a decision').waitFor(RUN)
    await this.page.keyboard.press('j')
    await this.page.keyboard.press('Enter')
    await this.page.getByRole('heading', { level: 1, name: 'Fix TypeError in last' }).waitFor()
    return new URL(this.page.url()).pathname.split('/').at(-1) ?? ''
  }

  /** The patch that is shown has this line. */
  async shows(line: string): Promise<void> {
    await this.page.getByRole('region', { name: 'src/last.js' }).getByText(line).first().waitFor()
  }

  /** Until the proposal is another one, which is not shown before somebody wants it to be. */
  async looksAgain(): Promise<void> {
    await this.page.getByText('The proposal has changed since you opened it.').waitFor(RUN)
    await this.page.getByRole('button', { name: 'Look again' }).press('Enter')
  }

  async approves(): Promise<void> {
    await this.page.keyboard.press('a')
    await this.page.getByRole('dialog', { name: 'Approve this patch' }).waitFor()
    await this.page.keyboard.press('Enter')
    await this.page.getByText('Approved: it is being published.').waitFor()
  }

  /** Once it has come to rest. */
  async outcome(run: string): Promise<string> {
    for (const end = Date.now() + RUN.timeout; Date.now() < end; await sleep(300)) {
      const told = await (await this.page.request.get(`${this.#service.address}/api/runs/${run}`)).json()
      if (told.phase === 'settled') return told.outcome
    }
    throw new Error(`${run} does not come to rest:\n${this.#service.said()}`)
  }

  /** The file on the branch of the one proposal; undefined when nothing was published. */
  published(repository: string): string | undefined {
    const folder = this.#service.repositories[repository]?.folder ?? ''
    const [branch] = git(folder, 'branch', '--list', 'fixpoint/*', '--format', '%(refname:short)').split('\n').filter(Boolean)
    return branch === undefined ? undefined : git(folder, 'show', `${branch}:src/last.js`)
  }
}
