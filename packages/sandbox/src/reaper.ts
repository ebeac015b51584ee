import type Docker from 'dockerode'
import { engineFailure, isGone } from './docker-engine.ts'
import { LABEL, ownerState } from './owner.ts'

/** Removes the rooms that have ended, and the containers and scratch volumes whose maker is dead or whose time is up; returns how many. */
export async function reap(docker: Docker, now: Date = new Date()): Promise<number> {
  try {
    const containers = await docker.listContainers({ all: true, filters: { label: [LABEL.kind] } })
    const orphans = containers.filter(({ Labels: labels, State: state }) => hasEnded(labels, state) || isOrphan(labels, state === 'running', now))
    let removed = 0
    for (const { Id: id } of orphans) removed += await gone(docker.getContainer(id).remove({ force: true, v: true }))
    const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [`${LABEL.kind}=scratch`] } })
    // A volume neither runs nor stops: without a known maker only its expiry counts.
    for (const volume of volumes ?? []) if (isOrphan(volume.Labels ?? {}, true, now)) removed += await gone(docker.getVolume(volume.Name).remove())
    return removed
  } catch (error) {
    throw engineFailure(error)
  }
}

/** A room begins once. When the engine was stopped, its maker could not remove it, and goes on in others. */
function hasEnded(labels: Readonly<Record<string, string>>, state: string): boolean {
  return labels[LABEL.kind] === 'room' && ['exited', 'dead'].includes(state)
}

function isOrphan(labels: Readonly<Record<string, string>>, running: boolean, now: Date): boolean {
  const expires = Date.parse(labels[LABEL.expires] ?? '')
  if (Number.isNaN(expires) || expires <= now.getTime()) return true
  const state = ownerState(labels)
  // After a reboot everything has stopped; another machine's rooms that run are that machine's business.
  return state === 'dead' || (state === 'unknown' && !running)
}

/** Two reapers may meet over the same thing: only one of them counts it. */
async function gone(removal: Promise<unknown>): Promise<number> {
  try {
    await removal
    return 1
  } catch (error) {
    if (isGone(error)) return 0
    throw error
  }
}
