import { createLazyRoute } from '@tanstack/react-router'
import { PageHeader } from '../../ui/page-header.tsx'
import { Empty } from '../../ui/states.tsx'

export const Page = createLazyRoute('/runs/$run')({
  component: () => (
    <>
      <PageHeader title="Run" tab="Run" />
      <Empty title="This page is being built">
        Until then: <code>fixpoint runs</code>
      </Empty>
    </>
  ),
})
