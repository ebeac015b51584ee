// Before the first paint, so that nothing flashes. `src/shell/theme.ts` changes it later.
try {
  const chosen = localStorage.getItem('theme')
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
} catch {
  // Storage is refused: the system's theme it is.
}
