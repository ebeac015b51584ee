import { useNavigate } from '@tanstack/react-router'
import { Command } from 'cmdk'
import { useState } from 'react'
import { Dialog } from '../ui/dialog.tsx'
import { useKeyboard } from './keyboard.tsx'
import { PLACES } from './places.ts'

const RUN_ID = /^run_[0-9A-Za-z]{26}$/
const ITEM =
  'flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm text-muted data-[selected=true]:bg-selected data-[selected=true]:text-text'

/** Go anywhere, and do what this page can do, by typing a few letters. */
export function Palette({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const [words, setWords] = useState('')
  const navigate = useNavigate()
  const { bindings } = useKeyboard()
  const done = (act: () => void) => () => {
    onClose()
    setWords('')
    // The dialog gives the focus back first.
    setTimeout(act)
  }
  const typed = words.trim()
  const actions = bindings().filter(({ keys, label }) => !keys.startsWith('g ') && keys !== 'mod+k' && label !== '')
  return (
    <Dialog open={open} onClose={onClose} title="Go to" untitled>
      <Command label="Go to" loop>
        <Command.Input
          value={words}
          onValueChange={setWords}
          placeholder="A page, an action, or the id of a run"
          className="w-full border-b border-line bg-transparent px-4 py-3 text-base placeholder:text-quiet focus:outline-none"
        />
        <Command.List className="max-h-80 overflow-auto p-1.5">
          <Command.Empty className="px-2.5 py-6 text-center text-sm text-quiet">Nothing is called that here.</Command.Empty>
          {RUN_ID.test(typed) && (
            <Command.Item value={typed} onSelect={done(() => void navigate({ to: '/runs/$run', params: { run: typed } }))} className={ITEM}>
              Run {typed}
            </Command.Item>
          )}
          {PLACES.map(({ to, name, icon: Icon, keys }) => (
            <Command.Item key={to} value={name} onSelect={done(() => void navigate({ to }))} className={ITEM}>
              <Icon size={15} aria-hidden />
              <span className="mr-auto">{name}</span>
              <kbd className="text-xs text-quiet">{keys}</kbd>
            </Command.Item>
          ))}
          {actions.map(({ keys, label, act }) => (
            <Command.Item key={keys} value={label} onSelect={done(act)} className={ITEM}>
              <span className="mr-auto">{label}</span>
              <kbd className="text-xs text-quiet">{keys}</kbd>
            </Command.Item>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  )
}
