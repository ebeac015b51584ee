import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Keyboard, LogOut, Menu, Monitor, Moon, Search, Sun } from 'lucide-react'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { answerOf } from '../api/problem.ts'
import { keys } from '../api/queries.ts'
import { Button, Key } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useKey } from './keyboard.tsx'
import { PLACES } from './places.ts'
import { useTheme } from './theme.ts'

const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon }

interface NavigationProps {
  readonly who: string
  readonly onSearch: () => void
  readonly onHelp: () => void
}

/** A column on the left; on a phone a bar with a menu. */
export function Navigation(props: NavigationProps) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <header className="sticky top-0 hidden h-dvh w-52 shrink-0 flex-col border-r border-line bg-sunken md:flex">
        <Wordmark />
        <Places bound />
        <Tools {...props} />
      </header>
      <header className="sticky top-0 z-30 flex h-12 items-center justify-between border-b border-line bg-sunken pr-2 md:hidden">
        <Wordmark />
        <Button look="ghost" label="Menu" icon={<Menu size={18} aria-hidden />} onClick={() => setOpen(true)} />
      </header>
      <Dialog open={open} onClose={() => setOpen(false)} title="Menu">
        {/* Wherever it leads, the menu is done. */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: the links and buttons inside are what is pressed */}
        <div onClick={() => setOpen(false)}>
          <Places />
          <Tools {...props} />
        </div>
      </Dialog>
    </>
  )
}

function Wordmark() {
  return (
    <Link to="/" className="flex h-12 items-center gap-2 px-4 text-base font-semibold tracking-tight">
      <img src="/favicon.svg" alt="" width={18} height={18} />
      Fixpoint
    </Link>
  )
}

/** `bound`: the keys belong to these links. */
function Places({ bound = false }: { readonly bound?: boolean }) {
  return (
    <nav aria-label="Pages" className="flex flex-1 flex-col gap-0.5 px-2 py-1">
      {PLACES.map((place) => (
        <Place key={place.to} place={place} bound={bound} />
      ))}
    </nav>
  )
}

function Place({ place: { to, name, keys: sequence, icon: Icon }, bound }: { readonly place: (typeof PLACES)[number]; readonly bound: boolean }) {
  const navigate = useNavigate()
  useKey(bound ? sequence : undefined, `Go to ${name}`, () => void navigate({ to }))
  return (
    <Link
      to={to}
      title={`${name} (${sequence})`}
      activeOptions={{ exact: to === '/', includeSearch: false }}
      className="flex min-h-8 items-center gap-2.5 rounded-md px-2 text-sm text-muted hover:bg-hover hover:text-text max-md:min-h-10"
      activeProps={{ className: 'bg-selected !text-text font-medium', 'aria-current': 'page' }}
    >
      <Icon size={15} aria-hidden />
      {name}
    </Link>
  )
}

function Tools({ who, onSearch, onHelp }: NavigationProps) {
  const client = useQueryClient()
  const { theme, nextTheme, choose } = useTheme()
  const ThemeIcon = THEME_ICONS[theme]
  const signOut = async () => {
    await answerOf(api.DELETE('/api/session'))
    client.setQueryData(keys.session, null)
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.session[0] })
  }
  return (
    <div className="flex flex-col gap-1 border-t border-line p-2">
      <button
        type="button"
        onClick={onSearch}
        title="Go anywhere (Ctrl or ⌘ K)"
        className="flex min-h-8 items-center gap-2.5 rounded-md px-2 text-sm text-muted hover:bg-hover hover:text-text"
      >
        <Search size={15} aria-hidden />
        <span className="mr-auto">Go to…</span>
        <Key keys="mod+k" />
      </button>
      <div className="flex items-center gap-0.5">
        <span className="mr-auto truncate px-2 text-sm text-quiet" title={`Signed in as ${who}`}>
          {who}
        </span>
        <Button look="ghost" label="Keys" icon={<Keyboard size={15} aria-hidden />} onClick={onHelp} />
        <Button look="ghost" label={`Theme: ${theme}. Change to ${nextTheme}`} icon={<ThemeIcon size={15} aria-hidden />} onClick={() => choose(nextTheme)} />
        <Button look="ghost" label="Sign out" icon={<LogOut size={15} aria-hidden />} onClick={() => void signOut()} />
      </div>
    </div>
  )
}
