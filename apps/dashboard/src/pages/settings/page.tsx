import { createLazyRoute } from '@tanstack/react-router'
import { PageHeader } from '../../ui/page-header.tsx'
import { Empty } from '../../ui/states.tsx'

export const Page = createLazyRoute('/settings')({
  component: () => (
    <>
      <PageHeader title="Settings" tab="Settings" />
      <Empty title="This page is being built">
        Until then: <code>fixpoint --help</code>
      </Empty>
    </>
  ),
})
