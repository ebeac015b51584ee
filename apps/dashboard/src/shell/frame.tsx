import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Outlet } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { type Connection, followEvents } from '../api/events.ts'
import { sessionQuery } from '../api/session.ts'
import { ColouristProvider } from '../diff/colourist.tsx'
import { Loading, Refused } from '../ui/states.tsx'
import { NowProvider } from '../ui/time.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { KeyboardProvider, useKey } from './keyboard.tsx'
import { KeyboardHelp } from './keyboard-help.tsx'
import { Navigation } from './navigation.tsx'
import { SignIn } from './sign-in.tsx'

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))

/** What surrounds every page. */
export function Frame() {
  return (
    <KeyboardProvider>
      <NowProvider>
        <ColouristProvider>
          <Admission />
        </ColouristProvider>
      </NowProvider>
    </KeyboardProvider>
  )
}

function Admission() {
  const session = useQuery(sessionQuery)
  if (session.data !== undefined) return session.data === null ? <SignIn /> : <SignedIn who={session.data.name} />
  if (session.error === null) return <Loading what="your session" />
  return <Refused error={session.error} what="this" onRetry={() => void session.refetch()} />
}

function SignedIn({ who }: { readonly who: string }) {
  const [over, setOver] = useState<'palette' | 'help'>()
  const close = () => setOver(undefined)
  const [search, help] = [() => setOver('palette'), () => setOver('help')]
  useKey('mod+k', 'Go anywhere', search)
  useKey('?', 'Show the keys', help)
  const connection = useEvents()
  return (
    <div className="flex min-h-dvh flex-col md:flex-row">
      <a href="#page" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-raised focus:p-2">
        To the page
      </a>
      <Navigation who={who} onSearch={search} onHelp={help} />
      <main id="page" className="min-w-0 flex-1">
        <ConnectionBanner connection={connection} />
        <Outlet />
      </main>
      {over === 'palette' && (
        <Suspense>
          <Palette open onClose={close} />
        </Suspense>
      )}
      <KeyboardHelp open={over === 'help'} onClose={close} />
    </div>
  )
}

function useEvents(): Connection {
  const client = useQueryClient()
  const [connection, setConnection] = useState<Connection>({ state: 'connecting' })
  useEffect(() => followEvents(client, setConnection), [client])
  return connection
}
