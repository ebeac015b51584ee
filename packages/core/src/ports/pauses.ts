import type { StopState } from './emergency-stop.ts'

/** Repositories for which no run is begun until somebody lets it go on. */
export interface Pauses {
  of(repository: string): Promise<StopState>
  set(repository: string, pause: { readonly stopped: boolean; readonly reason?: string | undefined; readonly by: string }): Promise<StopState>
}
