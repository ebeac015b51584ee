import { randomBytes } from 'node:crypto'
import type { Environment } from '@fixpoint/core'
import type Docker from 'dockerode'
import { isGone } from '../docker-engine.ts'
import { type RoomMounts, WORKSPACE } from '../host-config.ts'
import { LABEL, ownerLabels, ownerState, thisProcess } from '../owner.ts'

/** Kinds of volume: a dependency folder, and the mark that a set of them is whole. The reaper leaves both alone. */
const PART = 'environment'
const MARK = 'environment-mark'
const KEY = 'dev.fixpoint.environment'
const DIRECTORIES = 'dev.fixpoint.directories'
const HALF_MADE_MS = 2 * 3600_000
const MiB = 2 ** 20

export interface FinishedEnvironment {
  readonly key: string
  /** Those that hold anything. */
  readonly directories: readonly string[]
}

/** A fresh key for one making: two makers never write to the same volume. */
export const freshKey = (hash: string): string => `${hash}-${randomBytes(6).toString('hex')}`

const markName = (hash: string): string => `fixpoint-environment-${hash}`
/** By folder, so that a list with the empty ones left out names the same volumes. */
const partName = (key: string, directory: string): string =>
  `fixpoint-deps-${key}-${directory.replace(/[^A-Za-z0-9]+/g, '.')}-${Buffer.from(directory).toString('hex').slice(-40)}`

export async function createPart(docker: Docker, key: string, directory: string, runId: string): Promise<string> {
  const name = partName(key, directory)
  const labels = { ...ownerLabels(await thisProcess(docker), PART, runId, new Date(Date.now() + HALF_MADE_MS)), [KEY]: key }
  await docker.createVolume({ Name: name, Labels: labels })
  return name
}

export async function createScratch(docker: Docker, what: string, key: string, runId: string): Promise<string> {
  const name = `fixpoint-${what}-${key}`
  const labels = ownerLabels(await thisProcess(docker), 'scratch', runId, new Date(Date.now() + HALF_MADE_MS))
  await docker.createVolume({ Name: name, Labels: labels })
  return name
}

/**
 * Says that the volumes of `made` are whole, and returns what is whole from now on: ours, or that of a maker who was
 * faster. Creating a volume is the engine's own compare-and-set: a second creation leaves the first one's labels.
 */
export async function markFinished(docker: Docker, hash: string, made: FinishedEnvironment): Promise<FinishedEnvironment> {
  const labels = { [LABEL.kind]: MARK, [KEY]: made.key, [DIRECTORIES]: JSON.stringify(made.directories) }
  await docker.createVolume({ Name: markName(hash), Labels: labels })
  return (await readMark(docker, hash)) ?? made
}

/** The whole environment of a hash, if there is one. A mark whose volumes somebody removed is removed too. */
export async function findFinished(docker: Docker, hash: string): Promise<FinishedEnvironment | undefined> {
  const found = await readMark(docker, hash)
  if (found === undefined) return undefined
  const there = await Promise.all(found.directories.map((directory) => exists(docker, partName(found.key, directory))))
  if (there.every(Boolean)) return found
  await removeVolume(docker, markName(hash))
  return undefined
}

export async function removeParts(docker: Docker, key: string): Promise<void> {
  const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [`${KEY}=${key}`, `${LABEL.kind}=${PART}`] } })
  for (const volume of volumes ?? []) await removeVolume(docker, volume.Name)
}

/** Removes the parts that a dead maker left unfinished. */
export async function sweepHalfMade(docker: Docker): Promise<number> {
  const { Volumes: marks } = await docker.listVolumes({ filters: { label: [`${LABEL.kind}=${MARK}`] } })
  const { Volumes: parts } = await docker.listVolumes({ filters: { label: [`${LABEL.kind}=${PART}`] } })
  const whole = new Set((marks ?? []).map((mark) => mark.Labels?.[KEY]))
  let removed = 0
  for (const { Name: name, Labels: labels } of parts ?? []) {
    if (whole.has(labels?.[KEY]) || !(await isAbandoned(docker, labels ?? {}))) continue
    await removeVolume(docker, name)
    removed += 1
  }
  return removed
}

async function isAbandoned(docker: Docker, labels: Readonly<Record<string, string>>): Promise<boolean> {
  const state = await ownerState(docker, labels)
  return state === 'dead' || (state === 'unknown' && Date.parse(labels[LABEL.expires] ?? '') < Date.now())
}

/** Folders that runners write caches to inside the dependencies. */
export const CACHE_FOLDERS = ['.vite', '.vite-temp', '.cache']
export const cachesOf = (directory: string): readonly string[] =>
  directory.endsWith('node_modules') ? CACHE_FOLDERS.map((folder) => `${directory}/${folder}`) : []

export function mountsOfEnvironment(environment: Environment): RoomMounts {
  if (environment.key.startsWith('none-')) return { volumes: [], tmpfs: [] }
  const { directories } = environment.recipe
  return {
    volumes: directories.map((directory) => ({ volume: partName(environment.key, directory), path: `${WORKSPACE}/${directory}`, readOnly: true })),
    tmpfs: directories.flatMap(cachesOf).map((path) => ({ path: `${WORKSPACE}/${path}`, size: 64 * MiB })),
  }
}

async function readMark(docker: Docker, hash: string): Promise<FinishedEnvironment | undefined> {
  try {
    const { Labels: labels } = await docker.getVolume(markName(hash)).inspect()
    const key = labels?.[KEY]
    const directories: unknown = JSON.parse(labels?.[DIRECTORIES] ?? 'null')
    return typeof key === 'string' && Array.isArray(directories) ? { key, directories: directories.map(String) } : undefined
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

async function exists(docker: Docker, name: string): Promise<boolean> {
  try {
    await docker.getVolume(name).inspect()
    return true
  } catch (error) {
    if (isGone(error)) return false
    throw error
  }
}

export async function removeVolume(docker: Docker, name: string): Promise<void> {
  try {
    await docker.getVolume(name).remove()
  } catch (error) {
    // Gone, or used by a room of somebody who found it first.
    if (!isGone(error)) throw error
  }
}
