import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from './button.tsx'

const SHOWN_MS = 1500

interface CopyProps {
  readonly text: string | (() => Promise<string>)
  /** What is copied: “Copy the patch”. */
  readonly label: string
  readonly hotkey?: string
  readonly look?: 'secondary' | 'ghost'
  readonly children?: string
}

export function CopyButton({ text, label, hotkey, look = 'ghost', children }: CopyProps) {
  const [copied, setCopied] = useState<boolean>()
  const copy = async () => {
    const done = await navigator.clipboard.writeText(typeof text === 'string' ? text : await text()).then(
      () => true,
      () => false,
    )
    setCopied(done)
    setTimeout(() => setCopied(undefined), SHOWN_MS)
  }
  return (
    <>
      <Button
        look={look}
        label={label}
        {...(hotkey && { hotkey })}
        icon={copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
        onClick={() => void copy()}
      >
        {children}
      </Button>
      <span role="status" className="sr-only">
        {copied === undefined ? '' : copied ? 'Copied' : 'The browser did not let us copy'}
      </span>
    </>
  )
}

/** An id: its end tells ids apart, all of it is copied. */
export function Id({ value, what }: { readonly value: string; readonly what: string }) {
  return (
    <span className="inline-flex items-center gap-0.5">
      <code title={value} className="text-muted">
        {value.length > 14 ? `…${value.slice(-8)}` : value}
      </code>
      <CopyButton text={value} label={`Copy ${what}`} />
    </span>
  )
}
