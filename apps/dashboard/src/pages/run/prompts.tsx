import { ChevronDown } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Empty } from '../../ui/states.tsx'
import { ExchangeContent } from './exchange.tsx'
import type { ListedExchange } from './run.ts'

interface PromptsProps {
  readonly exchanges: readonly ListedExchange[]
  /** The fact of the one that is read. */
  readonly selected: number | undefined
  readonly onSelect: (exchange: number) => void
}

/** Everything that models were asked, and every answer. */
export function Prompts({ exchanges, selected, onSelect }: PromptsProps) {
  const shown = exchanges.find(({ seq }) => seq === selected) ?? exchanges[0]
  if (shown === undefined) return <Empty title="No model was asked">Patterns over syntax trees need none.</Empty>
  const walk = (by: 1 | -1) => {
    const next = exchanges[exchanges.indexOf(shown) + by]
    if (next !== undefined) onSelect(next.seq)
  }
  return (
    <div className="grid lg:grid-cols-[22rem_minmax(0,1fr)]">
      <nav
        aria-label="Exchanges"
        className="border-line py-2 max-lg:max-h-64 max-lg:overflow-auto max-lg:border-b lg:sticky lg:top-0 lg:h-dvh lg:overflow-auto lg:border-r"
      >
        <div className="flex items-center gap-1 px-4 pb-1 text-xs text-quiet md:pl-6">
          <span className="mr-auto">
            {exchanges.length} {exchanges.length === 1 ? 'exchange' : 'exchanges'}
          </span>
          <Button look="ghost" label="Next exchange" hotkey="j" icon={<ChevronDown size={14} aria-hidden />} onClick={() => walk(1)} />
          <Button
            look="ghost"
            label="Previous exchange"
            hotkey="k"
            icon={<ChevronDown size={14} aria-hidden className="rotate-180" />}
            onClick={() => walk(-1)}
          />
        </div>
        <ol>
          {exchanges.map((exchange) => (
            <li key={exchange.seq}>
              <button
                type="button"
                aria-current={exchange === shown ? 'true' : undefined}
                onClick={() => onSelect(exchange.seq)}
                className={classes('flex w-full flex-col px-4 py-1.5 text-left text-sm hover:bg-hover md:pl-6', exchange === shown && 'bg-selected')}
              >
                <span className="flex w-full gap-2">
                  <span className="min-w-0 truncate font-medium">{exchange.conversation}</span>
                  <span className="ml-auto shrink-0 text-muted">{exchange.money === 0 ? '–' : `$${exchange.money.toFixed(4)}`}</span>
                </span>
                <span className="w-full truncate text-xs text-quiet">
                  {exchange.lane} · {exchange.model} · {tokens(exchange)}
                </span>
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <ExchangeContent key={shown.seq} exchange={shown} />
    </div>
  )
}

function tokens({ usage: { inputTokens, cachedTokens, cacheWriteTokens, outputTokens } }: ListedExchange): string {
  return `${(inputTokens + cachedTokens + cacheWriteTokens).toLocaleString('en')} in, ${outputTokens.toLocaleString('en')} out`
}
