import { readFileSync } from 'node:fs'
import { Certificate } from '@fixpoint/core'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { RepositorySettings } from './settings.ts'

// The published schemas are made from the same zod objects that the program parses with. When one of these fails, write the received
// value into the file: it is the schema.
const published = (name: string) => JSON.parse(readFileSync(new URL(`../../../docs/schema/${name}`, import.meta.url), 'utf8'))

it('the published schema of certificates is the one the program reads by', () => {
  expect(published('certificate-1.json')).toEqual({
    $id: 'https://fixpoint.dev/schema/certificate-1.json',
    ...z.toJSONSchema(Certificate, { io: 'input', unrepresentable: 'any' }),
  })
})

it('the published schema of settings is the one the program reads by', () => {
  expect(published('fixpoint-settings.json')).toEqual(z.toJSONSchema(RepositorySettings, { io: 'input', target: 'draft-07' }))
})
