import { Link } from '@tanstack/react-router'
import { Panel } from '../../ui/panel.tsx'

const STEPS = [
  ['keys', 'Give your alert source a webhook address', 'Sentry, Grafana, Rollbar and others'],
  ['github', 'Connect GitHub', 'issues in, pull requests out'],
  ['models', 'Set up a model', 'patterns come first; a model is asked when they fall short'],
  ['people', 'Let others in', 'viewing and deciding are separate rights'],
] as const

/** Nothing of this is needed for the sample. */
export function NextSteps() {
  return (
    <Panel title="3. Your own">
      <ul>
        {STEPS.map(([section, words, about]) => (
          <li key={section} className="border-t border-line px-4 py-2 text-sm first:border-t-0">
            <Link to="/settings" search={{ section }} className="text-link underline">
              {words}
            </Link>
            <span className="text-muted"> · {about}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
