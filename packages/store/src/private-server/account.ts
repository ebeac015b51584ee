import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf } from '@fixpoint/core'

/** PostgreSQL refuses to run as root. Whoever starts it as root hands it to an account that exists everywhere and may do nothing. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

const NOBODY: Account = { uid: 65_534, gid: 65_534 }

/** The account that the server has to run as when we are root: the one that its data belongs to already, or `nobody`. Undefined when it may run as we do. */
export async function accountFor(data: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const owner = await stat(data).catch(() => undefined)
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  return nobody()
}

/** From the list of accounts, because initdb looks itself up there. */
async function nobody(): Promise<Account> {
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const [, , uid, gid] = (accounts.split('\n').find((line) => line.startsWith('nobody:')) ?? '').split(':')
  const found = { uid: Number(uid), gid: Number(gid) }
  return Number.isInteger(found.uid) && Number.isInteger(found.gid) && found.uid > 0 ? found : NOBODY
}

/** Whether an account may pass through every folder above `path`. What is not there yet will be made so that it can. */
export async function canReach(account: Account, path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const facts = await stat(folder).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined
      throw error
    })
    if (facts !== undefined) {
      const bit = facts.uid === account.uid ? 0o100 : facts.gid === account.gid ? 0o010 : 0o001
      if ((facts.mode & bit) === 0) return false
    }
    if (folder === dirname(folder)) return true
  }
}
