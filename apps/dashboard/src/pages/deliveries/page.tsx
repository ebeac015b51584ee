import { createLazyRoute } from '@tanstack/react-router'
import { PageHeader } from '../../ui/page-header.tsx'
import { Empty } from '../../ui/states.tsx'

export const Page = createLazyRoute('/deliveries')({
  component: () => (
    <>
      <PageHeader title="Deliveries" tab="Deliveries" />
      <Empty title="This page is being built">
        Until then: <code>GET /api/deliveries</code>
      </Empty>
    </>
  ),
})
