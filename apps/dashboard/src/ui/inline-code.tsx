/** Our own sentences about code: what stands between backticks is code. */
export function InlineCode({ text }: { readonly text: string }) {
  return text.split('`').map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a sentence never change places
    index % 2 === 1 ? <code key={index}>{part}</code> : part,
  )
}
