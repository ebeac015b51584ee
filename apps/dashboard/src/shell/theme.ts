import { useState } from 'react'
import { storeChoice, storedChoice } from './stored-choice.ts'

export type Theme = 'system' | 'light' | 'dark'

const THEMES: readonly Theme[] = ['system', 'light', 'dark']

/** The theme that was chosen, and how to choose the next one. `public/theme.js` sets it before the first paint. */
export function useTheme(): { readonly theme: Theme; readonly nextTheme: Theme; readonly choose: (theme: Theme) => void } {
  const [theme, setTheme] = useState(chosenTheme)
  const nextTheme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system'
  return {
    theme,
    nextTheme,
    choose: (chosen) => {
      storeChoice('theme', chosen === 'system' ? undefined : chosen)
      if (chosen === 'system') delete document.documentElement.dataset.theme
      else document.documentElement.dataset.theme = chosen
      setTheme(chosen)
    },
  }
}

function chosenTheme(): Theme {
  const stored = storedChoice('theme')
  return THEMES.find((theme) => theme === stored) ?? 'system'
}
