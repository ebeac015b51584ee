import { createLazyRoute, Link, useNavigate } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { Select } from '../../ui/field.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { BrowserSection } from './browser-section.tsx'
import { ChangesSection } from './changes-section.tsx'
import { EffectiveSection } from './effective-section.tsx'
import { GithubSection } from './github-section.tsx'
import { KeysSection } from './keys-section.tsx'
import { ModelsSection } from './models-section.tsx'
import { NotificationsSection } from './notifications-section.tsx'
import { PeopleSection } from './people-section.tsx'
import { SECTIONS, type Section, settingsSearch } from './search.ts'
import { SpendingSection } from './spending-section.tsx'
import { StopSection } from './stop-section.tsx'

export const Page = createLazyRoute('/settings')({ component: SettingsPage })

const SHOWN: Readonly<Record<Section, ComponentType>> = {
  people: PeopleSection,
  keys: KeysSection,
  models: ModelsSection,
  spending: SpendingSection,
  github: GithubSection,
  notifications: NotificationsSection,
  stop: StopSection,
  changes: ChangesSection,
  effective: EffectiveSection,
  browser: BrowserSection,
}

function SettingsPage() {
  const { section = 'people' } = settingsSearch(Page.useSearch())
  const navigate = useNavigate()
  const name = SECTIONS.find(([each]) => each === section)?.[1] ?? ''
  const Shown = SHOWN[section]
  return (
    <>
      <PageHeader title="Settings" tab={`${name} · Settings`}>
        <div className="md:hidden">
          <Select label="Section" value={section} onChange={(chosen) => void navigate({ to: '/settings', search: settingsSearch({ section: chosen }) })}>
            {SECTIONS.map(([each, words]) => (
              <option key={each} value={each}>
                {words}
              </option>
            ))}
          </Select>
        </div>
      </PageHeader>
      <div className="flex max-w-6xl gap-6 p-4 md:px-6">
        <nav aria-label="Settings" className="sticky top-4 hidden w-44 shrink-0 flex-col gap-0.5 self-start md:flex">
          {SECTIONS.map(([each, words]) => (
            <Link
              key={each}
              to="/settings"
              search={settingsSearch({ section: each })}
              aria-current={each === section ? 'page' : undefined}
              className="rounded-md px-2 py-1 text-sm text-muted hover:bg-hover hover:text-text aria-[current]:bg-selected aria-[current]:font-medium aria-[current]:text-text"
            >
              {words}
            </Link>
          ))}
        </nav>
        <div className="flex min-w-0 flex-1 flex-col gap-4">
          <Shown />
        </div>
      </div>
    </>
  )
}
