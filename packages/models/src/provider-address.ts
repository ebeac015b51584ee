import type { Provider } from './model-settings.ts'

/** With all that a setting left out; of Anthropic’s without the version, which its SDK adds. */
export function addressOf(provider: Provider): string {
  const address = provider.baseUrl ?? { anthropic: 'https://api.anthropic.com', openai: 'https://api.openai.com/v1' }[provider.kind]
  return provider.kind === 'anthropic' ? address.replace(/\/(v1\/?)?$/, '') : address
}

/** The variable whose key a provider wants; none for an address of your own for which no key was named. */
export function keyVariableOf(provider: Provider): string | undefined {
  if (provider.keyFrom !== undefined) return provider.keyFrom
  return provider.baseUrl === undefined ? { anthropic: 'ANTHROPIC_API_KEY', openai: 'OPENAI_API_KEY' }[provider.kind] : undefined
}

/** On this machine or in the house: nobody sends a bill. */
export function isNear(address: string): boolean {
  const { hostname } = new URL(address)
  return /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[::1\]|\[f[cd])|\.(local|internal|lan)$/.test(hostname) || !hostname.includes('.')
}
