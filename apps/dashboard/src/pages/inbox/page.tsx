import { createLazyRoute } from '@tanstack/react-router'
import { PageHeader } from '../../ui/page-header.tsx'
import { Empty } from '../../ui/states.tsx'

export const Page = createLazyRoute('/')({
  component: () => (
    <>
      <PageHeader title="Inbox" tab="Inbox" />
      <Empty title="This page is being built">
        Until then: <code>fixpoint review list</code>
      </Empty>
    </>
  ),
})
