/** Where our files lie inside a room: assets are laid out flat and read-only, results are written by the command's user. */
export const TOOLS = '/fixpoint/tools'
export const OUT = '/fixpoint/out'
