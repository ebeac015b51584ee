import { useMutation, useQuery } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { modelsQuery } from '../../api/models.ts'
import { answerOf } from '../../api/problem.ts'
import { useAdminRefusal } from '../../api/session.ts'
import { count, dollars, percent, took } from '../../ui/amounts.ts'
import { Button } from '../../ui/button.tsx'
import { Chip } from '../../ui/chip.tsx'
import { Panel, PanelText } from '../../ui/panel.tsx'
import { Answer, Refused } from '../../ui/states.tsx'
import type { Lane, Trial } from './settings.ts'

/** The lanes, and whether their models answer. */
export function ModelsSection() {
  const models = useQuery(modelsQuery)
  return (
    <Panel title="Models" about="Lanes draft in this order; patterns need no model. They are set under “models” in fixpoint.config.yml.">
      <Answer query={models} what="the models">
        {({ items, hint, answers }) => (
          <>
            {hint && <PanelText>{hint}</PanelText>}
            {items.length === 0 && <PanelText>There is no lane.</PanelText>}
            <ol>
              {items.map((lane) => (
                <LaneRow key={lane.name} lane={lane} />
              ))}
            </ol>
            <div className="border-t border-line">
              <PanelText>
                {answers === undefined
                  ? 'Questions about runs and proposals can be asked once a model is set up: docs/models.md says how.'
                  : `Questions about runs and proposals are answered by ${answers.model}.`}
              </PanelText>
            </div>
          </>
        )}
      </Answer>
    </Panel>
  )
}

function LaneRow({ lane }: { readonly lane: Lane }) {
  const refusal = useAdminRefusal()
  const { name, model, share, attempts, contextTokens, price, key, reads } = lane
  const trial = useMutation({
    mutationFn: () => answerOf(api.POST('/api/models/{lane}/try', { params: { path: { lane: name } } })),
  })
  const facts = [
    !reads && `${percent(share)} of the budget`,
    attempts !== undefined && `at most ${attempts} attempts`,
    contextTokens !== undefined && `${count(contextTokens)} tokens of context`,
    model !== undefined && (price === undefined ? 'no price is known' : `${dollars(price.input)} in, ${dollars(price.output)} out for a million tokens`),
  ].filter(Boolean)
  return (
    <li className="flex flex-col gap-2 border-t border-line px-4 py-2.5 first:border-t-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <b className="font-medium">{name}</b>
        <span className="text-sm text-muted">{model ?? 'no model, no key, no network'}</span>
        {reads && <Chip title="It reads every patch once more before it is proposed">second reader</Chip>}
        {key && <Chip tone={key.set ? 'good' : 'bad'}>{key.set ? `key in ${key.from}` : `${key.from} is not set`}</Chip>}
        {model !== undefined && (
          <span className="ml-auto">
            <Button
              label={`Test ${name}: two tiny questions, which cost next to nothing`}
              refusal={refusal ?? (trial.isPending ? 'It is being asked.' : undefined)}
              onClick={() => trial.mutate()}
            >
              {trial.isPending ? 'Asking…' : 'Test'}
            </Button>
          </span>
        )}
      </div>
      <p className="text-sm text-quiet">{facts.join(' · ')}</p>
      <div role="status">
        {trial.error && <Refused error={trial.error} what="this lane" />}
        {trial.data && <TrialTold trial={trial.data} />}
      </div>
    </li>
  )
}

const TOOLS = { called: 'calls tools', malformed: 'calls tools wrongly', ignored: 'does not call tools' } as const

function TrialTold({ trial }: { readonly trial: Trial }) {
  const { failure, servedBy, firstMs, wholeMs, tools, contextTokens, tokens, money } = trial
  if (failure !== undefined)
    return (
      <div className="rounded-md bg-bad-soft px-3 py-2 text-sm text-bad">
        <p className="break-words">
          <b className="font-semibold">It does not work:</b> {failure.message} <code>{failure.code}</code>
        </p>
        <p className="break-words">{failure.hint}</p>
      </div>
    )
  const told = [
    servedBy !== undefined && `served by ${servedBy}`,
    wholeMs !== undefined && `answered in ${took(wholeMs)}${firstMs === undefined ? '' : `, first words after ${took(firstMs)}`}`,
    tools !== undefined && TOOLS[tools],
    `${count(contextTokens)} tokens of context`,
    `${count(tokens)} tokens${money === undefined ? '' : `, ${dollars(money)}`}`,
  ].filter(Boolean)
  return (
    <p className="rounded-md bg-good-soft px-3 py-2 text-sm break-words text-good">
      <b className="font-semibold">It works:</b> {told.join(' · ')}.
    </p>
  )
}
