import { useQuery } from '@tanstack/react-query'
import { signInQuery } from '../../api/session.ts'
import { Panel, PanelText } from '../../ui/panel.tsx'
import { Facts } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { groupIn, settingsQuery } from './settings.ts'

const LISTS = [
  ['view', 'May look'],
  ['decide', 'May decide'],
  ['admin', 'May change settings'],
] as const

/** Who may sign in by their account on a code host. */
export function HostPeople() {
  const signIn = useQuery(signInQuery)
  const settings = useQuery(settingsQuery)
  return (
    <Panel
      title="Sign-in with GitHub"
      about="Logins, teams and organisations are listed under github.signIn in fixpoint.config.yml; GitHub is asked at each sign-in, and again every quarter of an hour."
    >
      <Answer query={settings} what="who may sign in">
        {({ settings: said }) => {
          const lists = groupIn(groupIn(said, 'github') ?? {}, 'signIn')
          if (signIn.data?.host === undefined || lists === undefined)
            return <PanelText>It is not set up: docs/github.md says how. Login links work all the same.</PanelText>
          return (
            <div className="px-4 py-3">
              <Facts items={[['Asked', signIn.data.host], ...LISTS.map(([list, words]) => [words, namesIn(lists[list])] as const)]} />
            </div>
          )
        }}
      </Answer>
    </Panel>
  )
}

function namesIn(list: unknown): string {
  return Array.isArray(list) && list.length > 0 ? list.join(', ') : 'nobody'
}
