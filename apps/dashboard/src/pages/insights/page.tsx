import { useQuery } from '@tanstack/react-query'
import { createLazyRoute } from '@tanstack/react-router'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { Controls } from './controls.tsx'
import { Decisions } from './decisions.tsx'
import { Failures } from './failures.tsx'
import { FunnelPanel } from './funnel.tsx'
import { Groups } from './groups.tsx'
import { type Insights, insightsQuery } from './insights.ts'
import { ObservedPanel } from './observed.tsx'
import { type InsightsSearch, insightsSearch } from './search.ts'
import { SpendPanel } from './spend.tsx'
import { Steps } from './steps.tsx'

export const Page = createLazyRoute('/insights')({ component: InsightsPage })

function InsightsPage() {
  const search = insightsSearch(Page.useSearch())
  const insights = useQuery(insightsQuery(search))
  return (
    <>
      <PageHeader title="Insights" tab="Insights">
        <Controls search={search} insights={insights.data} />
      </PageHeader>
      <Answer query={insights} what="the numbers">
        {(told) => (hasNothing(told) ? <Nothing /> : <Told told={told} search={search} />)}
      </Answer>
    </>
  )
}

function Told({ told, search }: { readonly told: Insights; readonly search: InsightsSearch }) {
  return (
    <div className="grid max-w-7xl gap-4 p-4 md:px-6 xl:grid-cols-2">
      <FunnelPanel funnel={told.funnel} />
      <Decisions {...told} />
      <div className="min-w-0 xl:col-span-2">
        <Steps steps={told.steps} time={told} />
      </div>
      <Failures failures={told.failures} />
      <SpendPanel time={told} repository={search.repository} />
      <div className="flex min-w-0 flex-col gap-4 xl:col-span-2">
        <Groups title="By repository" groups={told.byRepository} unnamed="no repository" search />
        <Groups title="By drafter" groups={told.byDrafter} unnamed="nothing drafted" />
        <Groups title="By model" groups={told.byModel} unnamed="no model" />
        <ObservedPanel search={search} />
      </div>
    </div>
  )
}

function Nothing() {
  return (
    <Empty title="Nothing happened in this time">
      No report came in and no run was begun. Choose a longer time above, or look at Deliveries whether alerts arrive.
    </Empty>
  )
}

function hasNothing({ funnel, steps }: Insights): boolean {
  return funnel.reports === 0 && funnel.runs === 0 && steps.length === 0
}
