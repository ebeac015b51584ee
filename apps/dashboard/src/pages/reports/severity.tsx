const SEVERITIES = { info: 'text-quiet', warning: 'text-warn', error: 'text-bad', fatal: 'font-semibold text-bad' } as const

export function Severity({ severity }: { readonly severity: keyof typeof SEVERITIES }) {
  return <span className={SEVERITIES[severity]}>{severity}</span>
}
