import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where Chromium is on the PATH. */
export function chromiumPath() {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const found = folders.flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name))).find(isProgram)
  if (found === undefined) throw new Error('There is no Chromium on the PATH. Debian: apt-get install chromium')
  return found
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
