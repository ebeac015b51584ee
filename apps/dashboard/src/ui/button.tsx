import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { useKey } from '../shell/keyboard.tsx'
import { classes } from './classes.ts'

const LOOKS = {
  primary: 'bg-accent text-on-accent border-transparent hover:bg-accent-strong',
  secondary: 'bg-raised text-text border-line hover:bg-hover',
  ghost: 'border-transparent text-muted hover:bg-hover hover:text-text',
  danger: 'bg-raised text-bad border-line hover:bg-bad-soft',
} as const

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled' | 'title' | 'onClick'> {
  readonly look?: keyof typeof LOOKS
  /** What it does, for its title and the list of keys. Needed where the button shows an icon only, or has a key. */
  readonly label?: string
  readonly hotkey?: string
  /** Why it cannot be pressed now: it stays focusable and says so. */
  readonly refusal?: string | undefined
  readonly icon?: ReactNode
  readonly onClick?: () => void
}

export function Button({ look = 'secondary', label, hotkey, refusal, icon, children, className, onClick, ...rest }: ButtonProps) {
  const press = () => {
    if (refusal === undefined) onClick?.()
  }
  useKey(hotkey, label ?? '', press)
  const told = [label, hotkey === undefined ? undefined : `(${hotkey})`].filter(Boolean).join(' ')
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={refusal === undefined ? undefined : true}
      aria-label={children === undefined ? label : undefined}
      aria-keyshortcuts={hotkey}
      title={refusal ?? (told === '' ? undefined : told)}
      onClick={(event) => {
        if (refusal !== undefined) event.preventDefault()
        press()
      }}
      className={classes(
        'inline-flex min-h-7 shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md border px-2.5 text-sm font-medium',
        'aria-disabled:opacity-60 max-md:min-h-9',
        children === undefined && 'min-w-7 px-1.5',
        LOOKS[look],
        className,
      )}
    >
      {icon}
      {children}
      {hotkey !== undefined && children !== undefined && <Key keys={hotkey} />}
    </button>
  )
}

/** A key, drawn. The title of its control says it in words. */
export function Key({ keys }: { readonly keys: string }) {
  return (
    <kbd aria-hidden className="rounded border border-current/30 px-1 text-[10px]/4 max-md:hidden">
      {keys.replace('mod+', navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl ').replace('Escape', 'Esc')}
    </kbd>
  )
}
