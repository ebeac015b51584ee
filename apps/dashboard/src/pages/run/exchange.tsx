import type { Exchange, ModelMessage } from '@fixpoint/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { artifactQuery } from '../../api/artifact.ts'
import { CopyButton } from '../../ui/copy.tsx'
import { Facts, Quoted, Section } from '../../ui/section.tsx'
import { Answer } from '../../ui/states.tsx'
import { duration, Time } from '../../ui/time.tsx'
import type { ListedExchange } from './run.ts'

type Part = ModelMessage['content'][number]

/** The exact words of one exchange, as they are kept. */
export function ExchangeContent({ exchange }: { readonly exchange: ListedExchange }) {
  const query = useQuery({ ...artifactQuery(exchange.exchange), select: (text) => ({ text, kept: JSON.parse(text) as Exchange }) })
  const { inputTokens, cachedTokens, cacheWriteTokens, outputTokens } = exchange.usage
  return (
    <div className="flex min-w-0 flex-col gap-5 px-4 py-4 md:px-6">
      <Facts
        items={[
          ['Asked', <Time key="at" at={exchange.at} />],
          ['Model', exchange.model],
          ['Lane', exchange.lane],
          [
            'Tokens',
            `${inputTokens.toLocaleString('en')} in, ${cachedTokens.toLocaleString('en')} from and ${cacheWriteTokens.toLocaleString('en')} to the cache, ${outputTokens.toLocaleString('en')} out`,
          ],
          ['Money', exchange.money === 0 ? 'no price is known' : `$${exchange.money.toFixed(6)}`],
        ]}
      />
      <Answer query={query} what="the exchange">
        {({ text, kept: { request, reply, durationMs } }) => (
          <>
            <Section
              title="Reply"
              aside={
                <>
                  <span className="text-xs text-quiet">
                    {reply.servedBy}, ended by {reply.stop}, after {duration(durationMs)}
                  </span>
                  <CopyButton text={reply.content.map(wordsOf).join('\n\n')} label="Copy the reply" />
                </>
              }
            >
              <Parts parts={reply.content} />
            </Section>
            <Section title="Request" aside={<CopyButton text={text} label="Copy the whole exchange as JSON" />}>
              <p className="text-xs text-quiet">
                At most {request.maxOutputTokens.toLocaleString('en')} tokens out
                {request.temperature !== undefined && `, temperature ${request.temperature}`}
                {request.toolChoice !== undefined && `, tools: ${request.toolChoice}`}
              </p>
              <Folded title="System" of={request.system} open>
                <Quoted label="System" text={request.system} />
              </Folded>
              {request.tools.length > 0 && (
                <Folded title={`Tools (${request.tools.length})`} of={request.tools.map(({ name }) => name).join(', ')}>
                  {request.tools.map(({ name, description, input }) => (
                    <div key={name} className="flex flex-col gap-1">
                      <code className="text-sm font-medium">{name}</code>
                      <p className="text-sm break-words text-muted">{description}</p>
                      <Quoted label={`What ${name} takes`} text={JSON.stringify(input, undefined, 2)} />
                    </div>
                  ))}
                </Folded>
              )}
              {request.messages.map(({ role, content }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a conversation never changes its order
                <Folded key={index} title={role} of={content.map(wordsOf).join(' ')} open={index === request.messages.length - 1}>
                  <Parts parts={content} />
                </Folded>
              ))}
            </Section>
          </>
        )}
      </Answer>
    </div>
  )
}

interface FoldedProps {
  readonly title: string
  /** What is in it; its beginning is shown while it is closed. */
  readonly of: string
  readonly open?: boolean
  readonly children: ReactNode
}

function Folded({ title, of, open = false, children }: FoldedProps) {
  return (
    <details open={open} className="group rounded-md border border-line">
      <summary className="flex min-h-8 items-center gap-2 px-2.5 text-sm hover:bg-hover">
        <span className="shrink-0 font-medium">{title}</span>
        <span className="min-w-0 truncate text-xs text-quiet group-open:invisible">{of.slice(0, 200)}</span>
        <span className="ml-auto shrink-0 text-xs text-quiet">{of.length.toLocaleString('en')} characters</span>
      </summary>
      <div className="flex flex-col gap-2 border-t border-line p-2">{children}</div>
    </details>
  )
}

function Parts({ parts }: { readonly parts: readonly Part[] }) {
  return (
    <div className="flex flex-col gap-2">
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of a message never change places
        <div key={index} className="flex min-w-0 flex-col gap-1">
          {part.kind !== 'text' && (
            <span className="text-xs text-quiet">
              {part.kind === 'tool-call' ? (
                <>
                  calls <code className="text-text">{part.name}</code>
                </>
              ) : part.kind === 'tool-result' ? (
                `what the tool said${part.failed ? ': it failed' : ''}`
              ) : (
                'thinks'
              )}
            </span>
          )}
          <Quoted label={part.kind} text={wordsOf(part)} />
        </div>
      ))}
    </div>
  )
}

function wordsOf(part: Part): string {
  return part.kind === 'tool-call' ? (part.malformed ?? JSON.stringify(part.input, undefined, 2)) : part.text
}
