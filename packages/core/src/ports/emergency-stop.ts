export interface StopState {
  readonly stopped: boolean
  readonly reason?: string | undefined
  readonly by?: string | undefined
  readonly since?: Date | undefined
}

/** The emergency stop: no new work is begun while it is on. */
export interface EmergencyStop {
  get(): Promise<StopState>
  set(stop: { readonly stopped: boolean; readonly reason?: string | undefined; readonly by: string }): Promise<StopState>
}
