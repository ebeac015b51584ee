import { useSyncExternalStore } from 'react'
import { storeChoice } from './stored-choice.ts'

export type Theme = 'system' | 'light' | 'dark'

const THEMES: readonly Theme[] = ['system', 'light', 'dark']
const CHANGED = 'theme-changed'

/** The theme that was chosen, and how to choose another. `public/theme.js` sets it before the first paint. */
export function useTheme(): { readonly theme: Theme; readonly nextTheme: Theme; readonly choose: (theme: Theme) => void } {
  const theme = useSyncExternalStore(followTheme, chosenTheme)
  const nextTheme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system'
  return { theme, nextTheme, choose }
}

function choose(chosen: Theme): void {
  storeChoice('theme', chosen === 'system' ? undefined : chosen)
  if (chosen === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = chosen
  dispatchEvent(new Event(CHANGED))
}

function chosenTheme(): Theme {
  return THEMES.find((theme) => theme === document.documentElement.dataset.theme) ?? 'system'
}

function followTheme(changed: () => void): () => void {
  addEventListener(CHANGED, changed)
  return () => removeEventListener(CHANGED, changed)
}
