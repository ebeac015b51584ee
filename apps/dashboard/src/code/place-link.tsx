/** `src/cart.ts:12–14`, to where people look at it; as words where that is nowhere. */
export function PlaceLink({ path, lines: [first, last], url }: { readonly path: string; readonly lines: readonly number[]; readonly url?: string }) {
  const words = (
    <code className="break-all">
      {path}:{first}
      {last !== undefined && last !== first && `–${last}`}
    </code>
  )
  if (url === undefined || !/^https?:\/\//.test(url)) return words
  return (
    <a href={url} rel="noreferrer noopener" target="_blank" className="text-link underline">
      {words}
    </a>
  )
}
