import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** Debian calls it chromium; others have Chrome. */
const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
/** It asks nobody on the network, and runs as root in a container too: what it opens is our own server. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export async function openBrowser(): Promise<Browser> {
  const executablePath = programOnPath(process.env.PATH ?? '')
  if (executablePath === undefined) throw new Error('The dashboard is tested in Chromium, and there is none on the PATH. Debian: apt-get install chromium')
  return chromium.launch({ executablePath, args: FLAGS })
}

function programOnPath(path: string): string | undefined {
  const places = path.split(delimiter).flatMap((folder) => PROGRAMS.map((program) => join(folder, program)))
  return places.find((place) => {
    try {
      accessSync(place, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
