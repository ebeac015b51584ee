import { artifactsContract } from './artifacts-contract.ts'
import { InMemoryArtifacts } from './in-memory-artifacts.ts'
import { InMemoryJournal } from './in-memory-journal.ts'
import { journalContract } from './journal-contract.ts'

journalContract(() => new InMemoryJournal())
artifactsContract(() => new InMemoryArtifacts())
