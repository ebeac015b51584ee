import { inert } from '@fixpoint/core'
import { codeViewOf } from '@fixpoint/engine'
import type { CodeDesk, DetectedProject } from '@fixpoint/server'
import { type Detection, detectProject } from '@fixpoint/test-runners'
import { codePlace } from './code-place.ts'
import type { Premises } from './premises.ts'
import type { ReadableCode } from './readable-code.ts'

interface Hands {
  readonly code: ReadableCode
  /** Undefined for a repository that people are not shown. */
  readonly premises: (name: string) => Promise<Premises | undefined>
}

/** The default branches of repositories, as people look through them. What their owners keep from models is kept from the answers too. */
export function codeDesk({ code, premises }: Hands): CodeDesk {
  return {
    async search(repository, { kind, text }, limit, signal) {
      const found = await premises(repository)
      return (
        found &&
        code.read(found, undefined, async ({ source, search, syntax }) => {
          const view = codeViewOf(source, { search, syntax }, signal)
          const places =
            kind === 'text'
              ? (await view.search.search([text], limit + 1)).map(({ path, line }) => ({ path, lines: [line, line] as const, within: undefined }))
              : await view.symbols[kind](text, limit + 1)
          const shown = places.slice(0, limit).map(({ path, lines, within }) => ({ ...codePlace(source, path, lines, found), within }))
          return { commit: source.commit, places: shown, more: places.length > limit }
        })
      )
    },
    async project(repository) {
      const found = await premises(repository)
      return (
        found &&
        code.read(found, undefined, async ({ source }) => {
          const { test, setup } = await found.own(source)
          const wishes = { ...(test !== undefined && { testCommand: test }), ...(setup !== undefined && { setupCommand: setup }) }
          return { commit: source.commit, ...shown(detectProject(source, { deps: 'install', ...wishes })) }
        })
      )
    },
  }
}

function shown(detection: Detection): Omit<DetectedProject, 'commit'> {
  if ('unsupported' in detection) return { unsupported: `${inert(detection.unsupported, 500)}. ${inert(detection.hint, 500)}` }
  const { project, recipe } = detection
  const { toolchain, runner, runnerArguments, testCommand, testFiles, builds = [], staticChecks, because } = project
  return {
    detected: {
      ...{ toolchain, runner, testFiles: testFiles.length, because },
      command: testCommand ?? inWords([runner, ...runnerArguments]),
      installs: [...recipe.download, ...recipe.scripts].map(inWords),
      builds: builds.map(inWords),
      checks: staticChecks.map(({ argv }) => inWords(argv)),
    },
  }
}

function inWords(argv: readonly string[]): string {
  return inert(argv.join(' '), 300)
}
