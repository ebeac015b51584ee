import { useQuery } from '@tanstack/react-query'
import { createLazyRoute, useNavigate } from '@tanstack/react-router'
import { several } from '../../ui/amounts.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { CodeSearch } from './code-search.tsx'
import { repositoriesQuery } from './repositories.ts'
import { RepositoryPanel } from './repository-panel.tsx'
import { repositoriesSearch } from './search.ts'

export const Page = createLazyRoute('/repositories')({ component: RepositoriesPage })

function RepositoriesPage() {
  const repositories = useQuery(repositoriesQuery)
  const search = Page.useSearch()
  const navigate = useNavigate({ from: '/repositories' })
  const wrong = repositories.data?.items.filter(({ problem }) => problem !== undefined).length ?? 0
  return (
    <>
      <PageHeader title="Repositories" tab="Repositories">
        {wrong > 0 && <span className="text-sm text-bad">{several(wrong, 'repository has', 'repositories have')} settings that cannot be used</span>}
      </PageHeader>
      <Answer query={repositories} what="the repositories">
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No repository yet">
              Name a folder under <code>repositories</code> in <code>fixpoint.config.yml</code>, or connect GitHub under Settings. Repositories on GitHub appear
              with their first report.
            </Empty>
          ) : (
            <div className="flex max-w-5xl flex-col gap-4 p-4 md:px-6">
              <CodeSearch
                names={items.map(({ name }) => name)}
                search={search}
                onSearch={(changed) => void navigate({ search: repositoriesSearch({ ...changed }) })}
              />
              {items.map((repository) => (
                <RepositoryPanel key={repository.name} repository={repository} />
              ))}
            </div>
          )
        }
      </Answer>
    </>
  )
}
