import { useQuery, useQueryClient } from '@tanstack/react-query'
import { OctagonX } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import { useDecidingRefusal } from '../../api/session.ts'
import { Button } from '../../ui/button.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Answer } from '../../ui/states.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { Time } from '../../ui/time.tsx'
import { stopQuery } from './settings.ts'

/** Begin no new work, anywhere, at once. */
export function StopSection() {
  const stop = useQuery(stopQuery)
  const client = useQueryClient()
  const refusal = useDecidingRefusal()
  const [asking, setAsking] = useState(false)
  const turn = async (stopped: boolean, given: FormData) => {
    const reason = String(given.get('reason') ?? '').trim()
    client.setQueryData(stopQuery.queryKey, await answerOf(api.PUT('/api/stop', { body: { stopped, ...(reason && { reason }) } })))
  }
  return (
    <Panel title="Emergency stop" about="No run is begun and none goes on, in all processes of this service, until somebody lets them. Nothing is lost.">
      <Answer query={stop} what="the emergency stop">
        {({ stopped, reason, by, since }) => (
          <div className="flex flex-wrap items-center gap-3 px-4 py-4">
            <OctagonX size={22} aria-hidden className={stopped ? 'text-bad' : 'text-quiet'} />
            <div role="status" className="mr-auto min-w-0">
              <p className={stopped ? 'font-semibold text-bad' : 'font-medium'}>{stopped ? 'Everything is stopped' : 'Work goes on'}</p>
              {since && (
                <p className="text-sm break-words text-muted">
                  {by ?? 'somebody'}, <Time at={since} />
                  {reason && `: ${reason}`}
                </p>
              )}
            </div>
            <Button look={stopped ? 'primary' : 'danger'} refusal={refusal} onClick={() => setAsking(true)}>
              {stopped ? 'Let work go on' : 'Stop everything'}
            </Button>
            <FormDialog
              open={asking}
              onClose={() => setAsking(false)}
              title={stopped ? 'Let work go on?' : 'Stop everything?'}
              about={stopped ? 'Runs go on where they were.' : 'Steps under way end first; nothing new is begun.'}
              action={stopped ? 'Go on' : 'Stop'}
              danger={!stopped}
              onSubmit={(given) => turn(!stopped, given)}
            >
              <TextField name="reason" label="Why" hint="Everybody sees it here, with your name." required={!stopped} maxLength={2000} />
            </FormDialog>
          </div>
        )}
      </Answer>
    </Panel>
  )
}
