import { useQuery } from '@tanstack/react-query'
import { useAdminRefusal } from '../../api/session.ts'
import { Panel, PanelText } from '../../ui/panel.tsx'
import { SettingTable } from '../../ui/setting-table.tsx'
import { Answer } from '../../ui/states.tsx'
import { groupIn, settingsQuery } from './settings.ts'

/** How GitHub is reached, and the way to an app of one's own. */
export function GithubSection() {
  const settings = useQuery(settingsQuery)
  const refusal = useAdminRefusal()
  return (
    <Panel title="GitHub" about="Issues that get a label are worked on, and patches come back as pull requests.">
      <Answer query={settings} what="the settings of GitHub">
        {({ settings: said }) => {
          const github = groupIn(said, 'github')
          return (
            <>
              {github === undefined ? (
                <PanelText>GitHub is not connected by fixpoint.config.yml. The wizard makes an app for this service alone; you confirm it at GitHub.</PanelText>
              ) : (
                <SettingTable label="What the settings say of GitHub" settings={github} above="github" empty="Everything has its default." />
              )}
              <div className="border-t border-line px-4 py-3 text-sm">
                {refusal === undefined ? (
                  <>
                    {/* A page of the server, which works without JavaScript. */}
                    <a href="/setup/github" className="text-link underline">
                      {github === undefined ? 'Connect GitHub' : 'The app and its installations'}
                    </a>
                    <span className="text-muted">
                      {' '}
                      · <code>fixpoint github check</code> compares what is granted with what is needed
                    </span>
                  </>
                ) : (
                  <span className="text-muted">{refusal}</span>
                )}
              </div>
            </>
          )
        }}
      </Answer>
    </Panel>
  )
}
