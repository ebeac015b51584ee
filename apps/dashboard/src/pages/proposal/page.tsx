import { createLazyRoute } from '@tanstack/react-router'
import { PageHeader } from '../../ui/page-header.tsx'
import { Empty } from '../../ui/states.tsx'

export const Page = createLazyRoute('/proposals/$run')({
  component: () => (
    <>
      <PageHeader title="Proposal" tab="Proposal" />
      <Empty title="This page is being built">
        Until then: <code>fixpoint review show</code>
      </Empty>
    </>
  ),
})
