/** A choice that this browser remembers. Where storage is refused, it lasts as long as the page. */
export function storedChoice(name: string): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined
  } catch {
    return undefined
  }
}

export function storeChoice(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(name)
    else localStorage.setItem(name, value)
  } catch {
    // Refused: it lasts as long as the page.
  }
}
