import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import { useDecidingRefusal } from '../../api/session.ts'
import { Button } from '../../ui/button.tsx'
import { Panel, PanelText } from '../../ui/panel.tsx'
import { Refused } from '../../ui/states.tsx'
import { Road } from './road.tsx'
import { firstRunSearch, NOTHING_BEFORE } from './search.ts'

/** Sends an alert about a small repository of ours, and shows its whole road. */
export function SampleAlert({ after, offered }: { readonly after: string | undefined; readonly offered: boolean }) {
  const deciding = useDecidingRefusal()
  const navigate = useNavigate()
  const send = useMutation({
    mutationFn: async () => {
      const { items } = await answerOf(api.GET('/api/deliveries', { params: { query: { limit: 1 } } }))
      await answerOf(api.POST('/api/sample-alert'))
      await navigate({ to: '/first-run', search: firstRunSearch({ after: items[0]?.id ?? NOTHING_BEFORE }), replace: true })
    },
  })
  const refusal = offered ? (deciding ?? (send.isPending ? 'It is on its way.' : undefined)) : 'This service has no sample: start it with “fixpoint dev”.'
  return (
    <Panel
      title="2. The whole road, with a sample"
      about="An alert as Sentry sends it, about a small repository with a bug: from the delivery to a proposal, without any credential or model."
      aside={
        <Button look="primary" hotkey="s" label="Send a sample alert" refusal={refusal} onClick={() => send.mutate()}>
          {send.isPending ? 'Sending…' : after === undefined ? 'Send a sample alert' : 'Send another'}
        </Button>
      }
    >
      {send.error && <Refused error={send.error} what="the sample" />}
      {after === undefined ? (
        <PanelText>
          {offered ? 'Nothing of yours is touched: the repository is made for it.' : 'This service has no sample: start it with “fixpoint dev”.'}
        </PanelText>
      ) : (
        <Road after={after} />
      )}
    </Panel>
  )
}
