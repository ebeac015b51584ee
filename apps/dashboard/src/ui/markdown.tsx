import ReactMarkdown, { type Components } from 'react-markdown'

const COMPONENTS: Components = {
  a: ({ href, children }) =>
    /^https?:\/\//.test(href ?? '') ? (
      <a href={href} rel="noreferrer noopener" target="_blank" className="text-link underline">
        {children}
      </a>
    ) : (
      children
    ),
  pre: ({ children }) => <pre className="overflow-x-auto rounded-md border border-line bg-sunken px-3 py-2 text-xs">{children}</pre>,
  code: ({ children }) => <code className="break-words">{children}</code>,
}

/** Text with Markdown in it, whoever wrote it: no HTML, no picture, and links to the web only. */
export function Markdown({ text }: { readonly text: string }) {
  return (
    <div className="flex flex-col gap-2">
      <ReactMarkdown skipHtml disallowedElements={['img']} components={COMPONENTS}>
        {text}
      </ReactMarkdown>
    </div>
  )
}
