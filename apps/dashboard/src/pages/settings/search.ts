/** What the address of the settings says: which of them, and what is looked for. */
export interface SettingsSearch {
  readonly section?: Section
  readonly find?: string
}

export const SECTIONS = [
  ['people', 'People'],
  ['keys', 'Ingest keys'],
  ['models', 'Models'],
  ['spending', 'Spending'],
  ['github', 'GitHub'],
  ['notifications', 'Notifications'],
  ['stop', 'Emergency stop'],
  ['changes', 'Changes'],
  ['effective', 'Settings in effect'],
  ['browser', 'This browser'],
] as const

export type Section = (typeof SECTIONS)[number][0]

export function settingsSearch(given: Record<string, unknown>): SettingsSearch {
  const section = SECTIONS.find(([name]) => name === given.section)?.[0]
  return { ...(section && { section }), ...(typeof given.find === 'string' && given.find !== '' && { find: given.find }) }
}
