import { Link } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { useState } from 'react'
import { useKey } from '../../shell/keyboard.tsx'
import { Button } from '../../ui/button.tsx'
import { checkoutCommand, type ShownProposal, VERIFY_COMMAND } from './proposal.ts'

const ITEM = 'flex min-h-8 cursor-pointer items-center rounded px-2.5 text-sm text-text outline-none data-[highlighted]:bg-selected'

/** Everything else that can be done with a proposal. */
export function Actions({ proposal }: { readonly proposal: ShownProposal }) {
  const [open, setOpen] = useState(false)
  const [said, setSaid] = useState('')
  useKey('.', 'More actions', () => setOpen(true))
  const copy = (what: string, text: string) =>
    void navigator.clipboard.writeText(text).then(
      () => setSaid(`${what} copied`),
      () => setSaid('The browser did not let us copy'),
    )
  return (
    <>
      <DropdownMenu.Root open={open} onOpenChange={setOpen} modal={false}>
        <DropdownMenu.Trigger asChild>
          <Button look="ghost" label="More actions (.)" aria-keyshortcuts="." icon={<Ellipsis size={16} aria-hidden />} />
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content align="end" sideOffset={4} className="z-50 min-w-56 rounded-lg border border-line bg-raised p-1 shadow-xl">
            <DropdownMenu.Item className={ITEM} onSelect={() => copy('The patch', proposal.patch)}>
              Copy the patch
            </DropdownMenu.Item>
            <DropdownMenu.Item className={ITEM} onSelect={() => copy('The command', checkoutCommand(proposal))}>
              Copy the checkout command
            </DropdownMenu.Item>
            <DropdownMenu.Item className={ITEM} onSelect={() => copy('The command', VERIFY_COMMAND)}>
              Copy the command that verifies it
            </DropdownMenu.Item>
            <DropdownMenu.Item className={ITEM} onSelect={() => download('certificate.json', proposal.certificate, 'application/json')}>
              Download the certificate
            </DropdownMenu.Item>
            <DropdownMenu.Item className={ITEM} onSelect={() => download('proposal.patch', proposal.patch, 'text/x-diff')}>
              Download the patch
            </DropdownMenu.Item>
            <DropdownMenu.Item asChild className={ITEM}>
              <Link to="/runs/$run" params={{ run: proposal.run }}>
                Open its run
              </Link>
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      <span role="status" className="text-xs text-quiet empty:hidden">
        {said}
      </span>
    </>
  )
}

function download(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  URL.revokeObjectURL(url)
}
