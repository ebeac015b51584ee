import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { newQueryClient } from './api/queries.ts'
import { sessionQuery } from './api/session.ts'
import { newRouter } from './routes.tsx'
import './styles.css'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

const client = newQueryClient()
// Asked for while the page is still being loaded.
void client.prefetchQuery(sessionQuery)

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={newRouter(client)} />
    </QueryClientProvider>
  </StrictMode>,
)
