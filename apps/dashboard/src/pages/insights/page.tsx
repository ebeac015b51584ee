import { createLazyRoute } from '@tanstack/react-router'
import { PageHeader } from '../../ui/page-header.tsx'
import { Empty } from '../../ui/states.tsx'

export const Page = createLazyRoute('/insights')({
  component: () => (
    <>
      <PageHeader title="Insights" tab="Insights" />
      <Empty title="This page is being built">
        Until then: <code>GET /api/numbers</code>
      </Empty>
    </>
  ),
})
