import { createLazyRoute } from '@tanstack/react-router'
import { PageHeader } from '../../ui/page-header.tsx'
import { Empty } from '../../ui/states.tsx'

export const Page = createLazyRoute('/repositories')({
  component: () => (
    <>
      <PageHeader title="Repositories" tab="Repositories" />
      <Empty title="This page is being built">
        Until then: <code>fixpoint config check</code>
      </Empty>
    </>
  ),
})
