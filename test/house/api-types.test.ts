import { InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryReports, InMemoryTokens } from '@fixpoint/testkit'
import openapiTS, { astToString } from 'openapi-typescript'
import { expect, it } from 'vitest'
import { aDesk } from '../../apps/server/src/testing.ts'

it('the dashboard’s types are those of the API as it is now (“npm run api-types” writes them anew)', async () => {
  const fakes = { deliveries: new InMemoryDeliveries(), reports: new InMemoryReports(), inbox: new InMemoryInbox() }
  const { app } = await aDesk({ ...fakes, artifacts: new InMemoryArtifacts(), tokens: new InMemoryTokens() })
  const described = JSON.parse((await app.inject({ url: '/openapi.json', headers: { host: 'localhost' } })).body)
  const types = astToString(await openapiTS(described, { alphabetize: true }))
  await expect(`// Made by “npm run api-types” from the server's OpenAPI description.\n${types}`).toMatchFileSnapshot('../../apps/dashboard/src/api/schema.ts')
})
