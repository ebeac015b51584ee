import { DataTable } from './data-table.tsx'

interface SettingTableProps {
  readonly label: string
  readonly settings: Readonly<Record<string, unknown>>
  /** What stands before each name: `github`. */
  readonly above?: string
  /** Words that a line has to have. */
  readonly find?: string
  readonly empty: string
}

/** Settings, a line each. */
export function SettingTable({ label, settings, above = '', find = '', empty }: SettingTableProps) {
  const wanted = find.trim().toLowerCase()
  return (
    <DataTable
      label={label}
      columns={[
        { name: 'Setting', cell: ([name]) => <code className="whitespace-nowrap">{name}</code> },
        { name: 'Value', wide: true, cell: ([, value]) => <span className="break-words text-muted">{value}</span> },
      ]}
      rows={flattened(settings, above).filter(([name, value]) => `${name} ${value}`.toLowerCase().includes(wanted))}
      idOf={([name]) => name}
      empty={empty}
    />
  )
}

/** Every setting by its whole name: `budget.minutes`. Empty groups are left out. */
function flattened(settings: Readonly<Record<string, unknown>>, above: string): readonly (readonly [name: string, value: string])[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    const path = above === '' ? name : `${above}.${name}`
    if (Array.isArray(value)) return value.length === 0 ? [] : [[path, value.map(inWords).join(', ')] as const]
    return typeof value === 'object' && value !== null ? flattened(value as Record<string, unknown>, path) : [[path, inWords(value)] as const]
  })
}

function inWords(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
