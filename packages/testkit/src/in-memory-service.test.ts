import { deliveriesContract } from './deliveries-contract.ts'
import { hostThreadsContract } from './host-threads-contract.ts'
import { InMemoryDeliveries } from './in-memory-deliveries.ts'
import { InMemoryHostThreads } from './in-memory-host-threads.ts'
import { InMemoryInbox } from './in-memory-inbox.ts'
import { InMemoryLedger } from './in-memory-ledger.ts'
import { InMemoryOutbox } from './in-memory-outbox.ts'
import { InMemoryReports } from './in-memory-reports.ts'
import { InMemoryTokens } from './in-memory-tokens.ts'
import { InMemoryWorkerRoster } from './in-memory-worker-roster.ts'
import { inboxContract } from './inbox-contract.ts'
import { ledgerContract } from './ledger-contract.ts'
import { outboxContract } from './outbox-contract.ts'
import { reportsContract } from './reports-contract.ts'
import { tokensContract } from './tokens-contract.ts'
import { workerRosterContract } from './worker-roster-contract.ts'

deliveriesContract(() => new InMemoryDeliveries())
reportsContract(() => new InMemoryReports())
inboxContract(() => new InMemoryInbox())
ledgerContract((spending) => new InMemoryLedger(spending))
outboxContract((subscriptions) => new InMemoryOutbox(subscriptions))
tokensContract(() => new InMemoryTokens())
workerRosterContract(() => new InMemoryWorkerRoster())
hostThreadsContract(async () => ({ threads: new InMemoryHostThreads(), reports: ['rep_1', 'rep_2'] }))
