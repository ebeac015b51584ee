import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useKey } from '../../shell/keyboard.tsx'
import { SearchField } from '../../ui/field.tsx'
import { Panel } from '../../ui/panel.tsx'
import { SettingTable } from '../../ui/setting-table.tsx'
import { Answer } from '../../ui/states.tsx'
import { settingsSearch } from './search.ts'
import { settingsQuery } from './settings.ts'

const FIELD = 'find-setting'

/** Every setting as this process has it, without secrets. */
export function EffectiveSection() {
  const settings = useQuery(settingsQuery)
  const navigate = useNavigate()
  const { find = '' } = settingsSearch(useSearch({ from: '/settings' }))
  useKey('/', 'Find a setting', () => document.getElementById(FIELD)?.focus())
  const show = (words: string) => void navigate({ to: '/settings', search: settingsSearch({ section: 'effective', find: words }), replace: true })
  return (
    <Panel
      title="Settings in effect"
      about="Read when the service started; docs/settings.md says what each means. Secrets are only said to be set."
      aside={<SearchField id={FIELD} label="Find a setting" value={find} onChange={show} />}
    >
      <Answer query={settings} what="the settings">
        {({ settings: said }) => <SettingTable label="Settings in effect" settings={said} find={find} empty="No setting is called that, or says that." />}
      </Answer>
    </Panel>
  )
}
