import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { storeChoice, storedChoice } from './stored-choice.ts'

/** A key, or two in a row (`g i`), and what it does. */
export interface Binding {
  readonly keys: string
  readonly label: string
  readonly act: () => void
}

interface Keyboard {
  /** Returns how to take it back. The binding that came last wins. */
  readonly bind: (binding: Binding) => () => void
  readonly bindings: () => readonly Binding[]
  readonly on: boolean
  readonly turn: (on: boolean) => void
}

const KeyboardContext = createContext<Keyboard | undefined>(undefined)
/** How long the second key of two may take. */
const SEQUENCE_MS = 1200

export function KeyboardProvider({ children }: { readonly children: ReactNode }) {
  const bound = useRef<Binding[]>([])
  const [on, setOn] = useState(storedChoice('keys') !== 'off')

  useEffect(() => {
    let first: { key: string; at: number } | undefined
    const pressed = (event: KeyboardEvent) => {
      const key = keyOf(event)
      if (event.defaultPrevented || key === undefined || (key !== 'mod+k' && (!on || isTaken(event)))) return
      const sequence = first !== undefined && event.timeStamp - first.at < SEQUENCE_MS ? `${first.key} ${key}` : undefined
      const binding = bound.current.findLast(({ keys }) => keys === sequence) ?? bound.current.findLast(({ keys }) => keys === key)
      first = binding === undefined ? { key, at: event.timeStamp } : undefined
      if (binding === undefined) return
      event.preventDefault()
      binding.act()
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [on])

  const keyboard = useMemo<Keyboard>(
    () => ({
      bind: (binding) => {
        bound.current = [...bound.current, binding]
        return () => {
          bound.current = bound.current.filter((each) => each !== binding)
        }
      },
      bindings: () => bound.current,
      on,
      turn: (wanted) => {
        storeChoice('keys', wanted ? undefined : 'off')
        setOn(wanted)
      },
    }),
    [on],
  )
  return <KeyboardContext value={keyboard}>{children}</KeyboardContext>
}

export function useKeyboard(): Keyboard {
  const keyboard = useContext(KeyboardContext)
  if (keyboard === undefined) throw new Error('there is no keyboard around this')
  return keyboard
}

/** Binds a key while this is on screen. Each key belongs to something visible whose title names it. `keys` undefined: nothing is bound. */
export function useKey(keys: string | undefined, label: string, act: () => void): void {
  const { bind } = useKeyboard()
  const latest = useRef(act)
  useEffect(() => {
    latest.current = act
  })
  useEffect(() => (keys === undefined ? undefined : bind({ keys, label, act: () => latest.current() })), [bind, keys, label])
}

/** As a binding names it: `j`, `?`, `Enter`, `mod+k`; undefined for what we leave to the browser. */
function keyOf(event: KeyboardEvent): string | undefined {
  if ((event.ctrlKey || event.metaKey) && !event.altKey) return event.key.toLowerCase() === 'k' ? 'mod+k' : undefined
  return event.altKey ? undefined : event.key
}

/** Somebody types, or something that is open over the page has the keys. */
function isTaken({ target, key }: KeyboardEvent): boolean {
  if (document.querySelector('[role="dialog"][data-state="open"], [role="menu"][data-state="open"]') !== null) return true
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.closest('input:not([type="checkbox"]), textarea, select') !== null) return true
  return (key === 'Enter' || key === ' ') && target.closest('a, button, summary, input, [role="tab"]') !== null
}
