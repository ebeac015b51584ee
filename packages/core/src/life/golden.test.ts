import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { JournalEntry } from './events.ts'
import { fold } from './evolve.ts'

// Journals of real runs, kept for ever: whatever changes, they must be read and fold to what they came to. Never edit one; add new ones.
const folder = new URL('./golden/', import.meta.url)

it.each(readdirSync(folder))('%s still folds', (name) => {
  const entries = z.array(JournalEntry).parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
  const run = fold(entries)
  expect(run.phase).toBe('settled')
  expect(run).toHaveProperty('outcome', name.startsWith('delivered') ? 'delivered' : 'abandoned')
})
