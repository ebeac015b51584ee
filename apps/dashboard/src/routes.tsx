import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, createRouter, Link } from '@tanstack/react-router'
import { deliveriesSearch } from './pages/deliveries/search.ts'
import { firstRunSearch } from './pages/first-run/search.ts'
import { Page as Inbox } from './pages/inbox/page.tsx'
import { proposalsQuery } from './pages/inbox/proposals.ts'
import { inboxSearch } from './pages/inbox/search.ts'
import { insightsSearch } from './pages/insights/search.ts'
import { proposalSearch } from './pages/proposal/search.ts'
import { reportsSearch } from './pages/reports/search.ts'
import { repositoriesSearch } from './pages/repositories/search.ts'
import { runSearch } from './pages/run/search.ts'
import { runsSearch } from './pages/runs/search.ts'
import { settingsSearch } from './pages/settings/search.ts'
import { Frame } from './shell/frame.tsx'
import { Empty, Refused } from './ui/states.tsx'

const root = createRootRouteWithContext<{ readonly client: QueryClient }>()({
  component: Frame,
  notFoundComponent: () => (
    <Empty title="There is no such page">
      <Link to="/" className="text-link underline">
        To the inbox
      </Link>
    </Empty>
  ),
})

// The inbox comes with the first load, every other page when it is visited; what of its address it understands is known before.
const pages = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    validateSearch: inboxSearch,
    loaderDeps: ({ search }) => search,
    // Asked for before it is drawn.
    loader: ({ context: { client }, deps }) => void client.prefetchQuery(proposalsQuery(deps)),
  }).lazy(async () => Inbox),
  createRoute({ getParentRoute: () => root, path: '/proposals/$run', validateSearch: proposalSearch }).lazy(
    async () => (await import('./pages/proposal/page.tsx')).Page,
  ),
  createRoute({ getParentRoute: () => root, path: '/runs', validateSearch: runsSearch }).lazy(async () => (await import('./pages/runs/page.tsx')).Page),
  createRoute({ getParentRoute: () => root, path: '/runs/$run', validateSearch: runSearch }).lazy(async () => (await import('./pages/run/page.tsx')).Page),
  createRoute({ getParentRoute: () => root, path: '/reports', validateSearch: reportsSearch }).lazy(
    async () => (await import('./pages/reports/page.tsx')).Page,
  ),
  createRoute({ getParentRoute: () => root, path: '/deliveries', validateSearch: deliveriesSearch }).lazy(
    async () => (await import('./pages/deliveries/page.tsx')).Page,
  ),
  createRoute({ getParentRoute: () => root, path: '/repositories', validateSearch: repositoriesSearch }).lazy(
    async () => (await import('./pages/repositories/page.tsx')).Page,
  ),
  createRoute({ getParentRoute: () => root, path: '/insights', validateSearch: insightsSearch }).lazy(
    async () => (await import('./pages/insights/page.tsx')).Page,
  ),
  createRoute({ getParentRoute: () => root, path: '/settings', validateSearch: settingsSearch }).lazy(
    async () => (await import('./pages/settings/page.tsx')).Page,
  ),
  createRoute({ getParentRoute: () => root, path: '/first-run', validateSearch: firstRunSearch }).lazy(
    async () => (await import('./pages/first-run/page.tsx')).Page,
  ),
] as const

export function newRouter(client: QueryClient) {
  return createRouter({
    context: { client },
    routeTree: root.addChildren(pages),
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultErrorComponent: ({ error, reset }) => (
      <Refused error={error instanceof Error ? error : new Error('The page failed')} what="this page" onRetry={reset} />
    ),
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof newRouter>
  }
}
