import Anthropic from '@anthropic-ai/sdk'
import type { MessagesClient } from './anthropic-model.ts'
import type { Fetch } from './guarded-fetch.ts'
import type { Provider } from './model-settings.ts'
import { addressOf } from './provider-address.ts'
import { modelFailure } from './refusal.ts'

export interface ClientSurroundings {
  readonly fetch: Fetch
  /** Of the variable that the provider names. */
  readonly key: string | undefined
  /** Other variables: the credentials of a cloud. */
  readonly variable: (name: string) => string | undefined
  /** Only allowed hosts may be asked; then nobody else may be asked for credentials either. */
  readonly closed: boolean
}

/** The SDK’s client for one kind of provider. Those of the clouds are large, and loaded when they are needed. */
export async function anthropicClient(provider: Exclude<Provider, { kind: 'openai' }>, surroundings: ClientSurroundings): Promise<MessagesClient> {
  const { fetch, key } = surroundings
  const options = { baseURL: addressOf(provider), maxRetries: 0, fetch, logLevel: 'off', webhookKey: null, openTelemetry: false } as const
  switch (provider.kind) {
    case 'anthropic':
      return new Anthropic({ ...options, apiKey: key ?? 'none' })
    case 'bedrock': {
      const { AnthropicBedrock } = await import('@anthropic-ai/bedrock-sdk')
      const region = { ...options, awsRegion: provider.region }
      if (key !== undefined) return new AnthropicBedrock({ ...region, apiKey: key })
      const credentials = awsCredentials(surroundings)
      return credentials === undefined ? new AnthropicBedrock({ ...region, apiKey: null }) : new AnthropicBedrock({ ...region, apiKey: null, ...credentials })
    }
    case 'vertex': {
      const { AnthropicVertex } = await import('@anthropic-ai/vertex-sdk')
      return new AnthropicVertex({ ...options, region: provider.region, projectId: provider.project, authClient: await googleClient(surroundings) })
    }
  }
}

/** Keys of the environment; without them the SDK asks files and services of AWS. */
function awsCredentials({ variable, closed }: ClientSurroundings) {
  const [awsAccessKey, awsSecretKey] = [variable('AWS_ACCESS_KEY_ID'), variable('AWS_SECRET_ACCESS_KEY')]
  if (awsAccessKey !== undefined && awsSecretKey !== undefined) return { awsAccessKey, awsSecretKey, awsSessionToken: variable('AWS_SESSION_TOKEN') ?? null }
  if (closed)
    throw modelFailure(
      'model-not-allowed',
      'with models.allow set, AWS is not asked for credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or keyFrom',
    )
  return undefined
}

async function googleClient({ key, closed }: ClientSurroundings) {
  const { GoogleAuth, OAuth2Client } = await import('google-auth-library')
  if (key !== undefined) {
    const client = new OAuth2Client()
    client.setCredentials({ access_token: key })
    return client
  }
  if (closed)
    throw modelFailure('model-not-allowed', 'with models.allow set, Google is not asked for credentials: name the variable of an access token with keyFrom')
  return new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/cloud-platform' }).getClient()
}
