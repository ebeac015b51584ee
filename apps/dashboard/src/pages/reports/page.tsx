import { createLazyRoute } from '@tanstack/react-router'
import { PageHeader } from '../../ui/page-header.tsx'
import { Empty } from '../../ui/states.tsx'

export const Page = createLazyRoute('/reports')({
  component: () => (
    <>
      <PageHeader title="Reports" tab="Reports" />
      <Empty title="This page is being built">
        Until then: <code>fixpoint reports</code>
      </Empty>
    </>
  ),
})
