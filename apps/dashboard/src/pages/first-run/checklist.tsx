import type { UseQueryResult } from '@tanstack/react-query'
import { Check, RotateCw, X } from 'lucide-react'
import type { paths } from '../../api/schema.ts'
import { several } from '../../ui/amounts.ts'
import { Button } from '../../ui/button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Answer } from '../../ui/states.tsx'

type Doctor = paths['/api/doctor']['get']['responses'][200]['content']['application/json']

/** What `fixpoint doctor` says. */
export function Checklist({ doctor }: { readonly doctor: UseQueryResult<Doctor> }) {
  return (
    <Panel
      title="1. This machine"
      about={verdict(doctor.data)}
      aside={
        <Button
          label="Look again whether this machine can run Fixpoint"
          icon={<RotateCw size={14} aria-hidden />}
          refusal={doctor.isFetching ? 'It is being looked at.' : undefined}
          onClick={() => void doctor.refetch()}
        >
          {doctor.isFetching ? 'Looking…' : 'Look again'}
        </Button>
      }
    >
      <Answer query={doctor} what="what this machine has and lacks">
        {({ findings }) => (
          <ul aria-label="What this machine has and lacks">
            {findings.map(({ name, ok, detail, remedy }) => (
              <li key={name} className="flex gap-3 border-t border-line px-4 py-2 text-sm first:border-t-0">
                {ok ? (
                  <Check size={16} aria-label="good" className="mt-0.5 shrink-0 text-good" />
                ) : (
                  <X size={16} aria-label="missing" className="mt-0.5 shrink-0 text-bad" />
                )}
                <div className="min-w-0">
                  <b className="font-medium">{name}</b> <span className="break-words text-muted">{detail}</span>
                  {!ok && remedy && <p className="break-words text-warn">{remedy}</p>}
                </div>
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </Panel>
  )
}

function verdict(doctor: Doctor | undefined): string {
  if (doctor === undefined) return 'What fixpoint doctor says.'
  const missing = doctor.findings.filter(({ ok }) => !ok).length
  return missing === 0 ? 'It has all that is needed.' : `${several(missing, 'thing is', 'things are')} missing; nothing runs unconfined.`
}
