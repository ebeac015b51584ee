import { useKeyboard } from '../../shell/keyboard.tsx'
import { type Theme, useTheme } from '../../shell/theme.ts'
import { Panel } from '../../ui/panel.tsx'

const THEMES: readonly (readonly [Theme, string])[] = [
  ['system', 'As the system has it'],
  ['light', 'Light'],
  ['dark', 'Dark'],
]

/** What this browser remembers, and nobody else. */
export function BrowserSection() {
  const { theme, choose } = useTheme()
  const { on, turn } = useKeyboard()
  return (
    <Panel title="This browser" about="Remembered here, for nobody else.">
      <div className="flex flex-col gap-4 px-4 py-4">
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 text-sm font-medium">Theme</legend>
          {THEMES.map(([each, words]) => (
            <label key={each} className="flex min-h-6 items-center gap-2 text-sm">
              <input type="radio" name="theme" checked={theme === each} onChange={() => choose(each)} className="size-4 accent-accent" />
              {words}
            </label>
          ))}
        </fieldset>
        <label className="flex min-h-6 items-center gap-2 text-sm">
          <input type="checkbox" checked={on} onChange={(event) => turn(event.target.checked)} className="size-4 accent-accent" />
          Single keys do things (<kbd>?</kbd> lists them)
        </label>
      </div>
    </Panel>
  )
}
