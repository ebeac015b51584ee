import type { Provider } from './model-settings.ts'

/** With all that a setting left out; of Anthropic’s without the version, which its SDK adds. */
export function addressOf(provider: Provider): string {
  switch (provider.kind) {
    case 'openai':
      return provider.baseUrl ?? 'https://api.openai.com/v1'
    case 'anthropic':
      return (provider.baseUrl ?? 'https://api.anthropic.com').replace(/\/(v1\/?)?$/, '')
    case 'bedrock':
      return provider.baseUrl ?? `https://bedrock-runtime.${provider.region}.amazonaws.com`
    case 'vertex':
      return provider.baseUrl ?? `https://${vertexHost(provider.region)}/v1`
  }
}

function vertexHost(region: string): string {
  if (region === 'global') return 'aiplatform.googleapis.com'
  return region === 'us' || region === 'eu' ? `aiplatform.${region}.rep.googleapis.com` : `${region}-aiplatform.googleapis.com`
}

const KEYS = { anthropic: 'ANTHROPIC_API_KEY', openai: 'OPENAI_API_KEY', bedrock: undefined, vertex: undefined }

/** The variable whose key a provider wants; none for an address of your own for which no key was named, and for clouds with credentials. */
export function keyVariableOf(provider: Provider): string | undefined {
  return provider.keyFrom ?? (provider.baseUrl === undefined ? KEYS[provider.kind] : undefined)
}

/** On this machine or in the house: nobody sends a bill. */
export function isNear(address: string): boolean {
  const { hostname } = new URL(address)
  return /^(localhost$|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\]|\[f[cd])|\.(local|internal|lan)$/.test(hostname) || !hostname.includes('.')
}
