import { createLazyRoute } from '@tanstack/react-router'
import { PageHeader } from '../../ui/page-header.tsx'
import { Empty } from '../../ui/states.tsx'

export const Page = createLazyRoute('/first-run')({
  component: () => (
    <>
      <PageHeader title="First run" tab="First run" />
      <Empty title="This page is being built">
        Until then: <code>fixpoint doctor</code>
      </Empty>
    </>
  ),
})
