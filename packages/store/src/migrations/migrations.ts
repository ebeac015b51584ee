import { FIRST_TABLES } from './0001-first-tables.ts'
import { SERVICE_STORES } from './0002-service-stores.ts'
import { SWITCHES } from './0003-switches.ts'
import { WISHES } from './0004-wishes.ts'
import { SEVERAL_MACHINES } from './0005-several-machines.ts'
import { OUTBOUND } from './0006-outbound.ts'
import { AFTER_THE_FIX } from './0007-after-the-fix.ts'
import { SPENDING } from './0008-spending.ts'
import { SOURCE_MAPS } from './0009-source-maps.ts'
import { OBSERVED } from './0010-observed.ts'
import { DECISIONS } from './0011-decisions.ts'
import { HOST_THREADS } from './0012-host-threads.ts'
import { ASKERS } from './0013-askers.ts'
import { LOST_PULLS } from './0014-lost-pulls.ts'
import { CHANGES } from './0015-changes.ts'
import { ACCOUNTS } from './0016-accounts.ts'
import { EXPLANATIONS } from './0017-explanations.ts'

export interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
}

/** In order, forward only. What was released is never changed: its checksum is in every database. A change is a new migration. */
export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'first-tables', sql: FIRST_TABLES },
  { number: 2, name: 'service-stores', sql: SERVICE_STORES },
  { number: 3, name: 'switches', sql: SWITCHES },
  { number: 4, name: 'wishes', sql: WISHES },
  { number: 5, name: 'several-machines', sql: SEVERAL_MACHINES },
  { number: 6, name: 'outbound', sql: OUTBOUND },
  { number: 7, name: 'after-the-fix', sql: AFTER_THE_FIX },
  { number: 8, name: 'spending', sql: SPENDING },
  { number: 9, name: 'source-maps', sql: SOURCE_MAPS },
  { number: 10, name: 'observed', sql: OBSERVED },
  { number: 11, name: 'decisions', sql: DECISIONS },
  { number: 12, name: 'host-threads', sql: HOST_THREADS },
  { number: 13, name: 'askers', sql: ASKERS },
  { number: 14, name: 'lost-pulls', sql: LOST_PULLS },
  { number: 15, name: 'changes', sql: CHANGES },
  { number: 16, name: 'accounts', sql: ACCOUNTS },
  { number: 17, name: 'explanations', sql: EXPLANATIONS },
]
