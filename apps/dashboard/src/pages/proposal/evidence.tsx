import type { Certificate } from '@fixpoint/core'
import { More, Output, Section } from '../../ui/section.tsx'
import { CELL, EvidenceRow, ranOn } from './evidence-row.tsx'

type Gate = Certificate['verdict']['gates'][number]
type Tests = Certificate['verdict']['testsAfter']

/** Before and after, side by side: what a reviewer looks at first. */
export function Evidence({ certificate }: { readonly certificate: Certificate }) {
  const { reproduction, baseline, verdict } = certificate
  const gate = (name: Gate['gate']) => verdict.gates.find((each) => each.gate === name)
  // Those that the judge planted fail, and must.
  const known = new Set([...verdict.testsBefore, ...reproduction.tests].map(({ id }) => id))
  const after = verdict.testsAfter.filter(({ id }) => known.has(id))
  const before = new Map(verdict.testsBefore.map(({ id, status }) => [id, status]))
  const turned = after.filter(({ id, status }) => before.has(id) && before.get(id) !== status)
  const keptOutput = verdict.gates.some(({ commands }) => commands.some(({ on }) => on !== undefined))
  return (
    <Section title="Evidence">
      <div className="overflow-x-auto rounded-md border border-line bg-raised">
        <table className="w-full text-sm">
          <thead className="text-xs text-quiet">
            <tr>
              <th className={CELL}>What</th>
              <th className={CELL}>Before, on the base</th>
              <th className={CELL}>After, with the patch</th>
            </tr>
          </thead>
          <tbody className="[&>tr:last-child>*]:border-0">
            {reproduction.tests.slice(0, 3).map(({ id }) => (
              <EvidenceRow
                key={id}
                what={<span className="font-mono text-xs">{id}</span>}
                before={
                  <>
                    <span className="font-medium text-bad">fails</span>: {reproduction.failure.message.split('\n')[0]}
                  </>
                }
                after={
                  <span className={gate('reproduction')?.status === 'passed' ? 'font-medium text-good' : 'font-medium text-bad'}>
                    {gate('reproduction')?.summary ?? 'not judged'}
                  </span>
                }
                ran={ranOn(gate('reproduction')?.commands)}
              />
            ))}
            <EvidenceRow
              what="The whole suite"
              before={baseline.problem ?? tally(verdict.testsBefore)}
              after={after.length > 0 ? tally(after) : (gate('regression')?.summary ?? 'not run')}
              ran={{ before: baseline.suite, after: ranOn(gate('integrity')?.commands).after }}
            />
            {baseline.flaky.length > 0 && (
              <tr>
                <th className={`${CELL} font-normal`}>Flaky, counted for nothing</th>
                <td className={CELL}>{baseline.flaky.length}</td>
                <td className={CELL} />
              </tr>
            )}
          </tbody>
        </table>
      </div>
      {!keptOutput && <p className="text-sm text-quiet">What the tests printed was not kept with this run: only what is shown here.</p>}
      <More summary="How it failed before">
        <Output text={reproduction.failure.stack || reproduction.failure.message} label="How it failed before" />
        <ul className="list-disc pl-5 text-sm text-muted">
          {reproduction.because.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </More>
      {turned.length > 0 && (
        <More summary={`${turned.length} ${turned.length === 1 ? 'test' : 'tests'} ended differently`}>
          <ul className="text-sm">
            {turned.map(({ id, status }) => (
              <li key={id} className="break-words">
                <code>{id}</code>: {before.get(id)} → <span className={status === 'passed' ? 'text-good' : 'text-bad'}>{status}</span>
              </li>
            ))}
          </ul>
        </More>
      )}
      <Contradicted certificate={certificate} />
    </Section>
  )
}

function tally(tests: Tests): string {
  const count = (status: string) => tests.filter((test) => test.status === status).length
  return `${count('passed')} passed, ${count('failed')} failed`
}

/** In red: what a person has to agree to before anything is merged. */
function Contradicted({ certificate: { verdict, patch } }: { readonly certificate: Certificate }) {
  const tests = verdict.contradicted ?? []
  if (tests.length === 0) return null
  return (
    <div className="rounded-md border border-bad bg-bad-soft px-3 py-2 text-sm text-bad">
      <p className="font-medium">Existing tests fail with this patch, because they demand what the report calls wrong. {patch.origin.contradicts?.why}</p>
      <ul className="list-disc pl-5">
        {tests.map(({ id, assertion, message }) => (
          <li key={id} className="break-words">
            <code>{id}</code>
            {assertion && (
              <>
                {' '}
                demands <code>{assertion}</code>
              </>
            )}
            : {message}
          </li>
        ))}
      </ul>
    </div>
  )
}
