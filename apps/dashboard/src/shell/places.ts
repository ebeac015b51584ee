import { ChartNoAxesColumn, CircleDot, FolderGit2, Inbox, type LucideIcon, Play, Rocket, Settings, Webhook } from 'lucide-react'

/** The pages that can be gone to from everywhere, in the order of the navigation. */
export const PLACES = [
  { to: '/', name: 'Inbox', keys: 'g i', icon: Inbox },
  { to: '/runs', name: 'Runs', keys: 'g r', icon: Play },
  { to: '/reports', name: 'Reports', keys: 'g p', icon: CircleDot },
  { to: '/deliveries', name: 'Deliveries', keys: 'g q', icon: Webhook },
  { to: '/repositories', name: 'Repositories', keys: 'g o', icon: FolderGit2 },
  { to: '/insights', name: 'Insights', keys: 'g n', icon: ChartNoAxesColumn },
  { to: '/settings', name: 'Settings', keys: 'g s', icon: Settings },
  { to: '/first-run', name: 'First run', keys: 'g f', icon: Rocket },
] as const satisfies readonly { to: string; name: string; keys: string; icon: LucideIcon }[]
