import { useQuery } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import { useAdminRefusal } from '../../api/session.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Panel, PanelText } from '../../ui/panel.tsx'
import { Checklist } from './checklist.tsx'
import { NextSteps } from './next-steps.tsx'
import { SampleAlert } from './sample-alert.tsx'
import { firstRunSearch } from './search.ts'

export const Page = createLazyRoute('/first-run')({ component: FirstRunPage })

function FirstRunPage() {
  const { after } = firstRunSearch(Page.useSearch())
  const refusal = useAdminRefusal()
  const doctor = useQuery({
    queryKey: ['doctor'],
    queryFn: ({ signal }) => answerOf(api.GET('/api/doctor', { signal })),
    enabled: refusal === undefined,
    // It looks at disks and at Docker: only when somebody asks.
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <>
      <PageHeader title="First run" tab="First run" />
      <div className="flex max-w-3xl flex-col gap-4 p-4 md:px-6">
        {refusal === undefined ? (
          <Checklist doctor={doctor} />
        ) : (
          <Panel title="1. This machine">
            <PanelText>
              What this machine has and lacks is shown to whoever has the scope “admin”; on the command line, <code>fixpoint doctor</code> says the same.
            </PanelText>
          </Panel>
        )}
        <SampleAlert after={after} offered={doctor.data?.sample ?? true} />
        <NextSteps />
      </div>
    </>
  )
}
