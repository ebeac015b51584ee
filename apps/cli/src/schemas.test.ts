import { Certificate } from '@fixpoint/core'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { EvaluationResult } from './evaluation/evaluation-result.ts'
import { WrittenCase } from './evaluation/written-cases.ts'
import { publishedSchema, settingsSchema } from './settings-schema.ts'

// The published schemas are made from the same zod objects that the program parses with: `vitest -u` writes them anew.

it('the published schema of certificates is the one the program reads by', async () => {
  const made = publishedSchema('certificate-1.json', z.toJSONSchema(Certificate, { io: 'input', unrepresentable: 'any' }))
  await expect(made).toMatchFileSnapshot('../../../docs/schema/certificate-1.json')
})

it('the published schema of settings is the one the program reads by', async () => {
  const made = settingsSchema('repository')
  await expect(made).toMatchFileSnapshot('../../../docs/schema/fixpoint-settings.json')
})

it('the published schema of the operator’s settings is the one the program reads by', async () => {
  const made = settingsSchema('operator')
  await expect(made).toMatchFileSnapshot('../../../docs/schema/fixpoint-operator.json')
})

it('the published schema of evaluation cases is the one the program reads by', async () => {
  const made = publishedSchema('evaluation-case-1.json', z.toJSONSchema(WrittenCase, { io: 'input', target: 'draft-07' }))
  await expect(made).toMatchFileSnapshot('../../../docs/schema/evaluation-case-1.json')
})

it('the published schema of evaluations is the one the program reads by', async () => {
  const made = publishedSchema('evaluation-1.json', z.toJSONSchema(EvaluationResult, { io: 'input' }))
  await expect(made).toMatchFileSnapshot('../../../docs/schema/evaluation-1.json')
})
