import type Docker from 'dockerode'
import { engineFailure, isGone } from './docker-engine.ts'
import { LABEL, ownerState } from './owner.ts'

/** Removes the rooms that have ended, and the containers and scratch volumes whose maker is dead or whose time is up; returns how many. */
export async function reap(docker: Docker, now: Date = new Date()): Promise<number> {
  try {
    const containers = await docker.listContainers({ all: true, filters: { label: [LABEL.kind] } })
    let removed = 0
    for (const { Id: id, Labels: labels, State: state } of containers)
      if (isEndedRoom(labels, state) || (await isOrphan(docker, labels, hasEnded(state), now)))
        removed += await gone(docker.getContainer(id).remove({ force: true, v: true }))
    const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [`${LABEL.kind}=scratch`] } })
    // A volume neither runs nor ends: without a known maker only its expiry counts.
    for (const { Name: name, Labels: labels } of volumes ?? [])
      if (await isOrphan(docker, labels ?? {}, false, now)) removed += await gone(docker.getVolume(name).remove())
    return removed
  } catch (error) {
    throw engineFailure(error)
  }
}

const hasEnded = (state: string): boolean => ['exited', 'dead'].includes(state)

/** A room begins once. When the engine was stopped, its maker could not remove it, and goes on in others. */
const isEndedRoom = (labels: Readonly<Record<string, string>>, state: string): boolean => labels[LABEL.kind] === 'room' && hasEnded(state)

async function isOrphan(docker: Docker, labels: Readonly<Record<string, string>>, ended: boolean, now: Date): Promise<boolean> {
  const expires = Date.parse(labels[LABEL.expires] ?? '')
  if (Number.isNaN(expires) || expires <= now.getTime()) return true
  const state = await ownerState(docker, labels)
  // After a reboot everything has ended; what another machine's process begins or runs is that machine's business.
  return state === 'dead' || (state === 'unknown' && ended)
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
