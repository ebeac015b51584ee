import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useKeyboard } from './keyboard.tsx'

/** The keys that do something on this very page. */
export function KeyboardHelp({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const { bindings, on, turn } = useKeyboard()
  const labels = new Map(bindings().map(({ keys, label }) => [keys, label]))
  return (
    <Dialog open={open} onClose={onClose} title="Keys" about={on ? 'What works on this page.' : 'They are turned off in this browser.'}>
      <table className="w-full text-sm">
        <thead className="sr-only">
          <tr>
            <th>Key</th>
            <th>What it does</th>
          </tr>
        </thead>
        <tbody>
          {[...labels].map(([keys, label]) => (
            <tr key={keys} className="border-b border-line last:border-0">
              <td className="w-24 px-4 py-1.5">
                {keys.split(' ').map((key) => (
                  <kbd key={key} className="mr-1 rounded border border-line bg-sunken px-1.5 py-0.5">
                    {key === 'mod+k' ? 'Ctrl or ⌘ K' : key}
                  </kbd>
                ))}
              </td>
              <td className="px-2 py-1.5 text-muted">{label}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="flex justify-end gap-2 border-t border-line px-4 py-3">
        <Button onClick={() => turn(!on)}>{on ? 'Turn keys off' : 'Turn keys on'}</Button>
        <Button look="primary" onClick={onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  )
}
