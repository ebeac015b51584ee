/**
 * Files that a package brings for use inside a room (a test reporter, a call recorder), by relative path.
 * Brains do no I/O: a door reads them from the package's `assets` URL and hands them over.
 */
export type Assets = ReadonlyMap<string, Uint8Array>
