export { type FileClass, fileClass } from './file-class.ts'
export { type DossierRequest, type DossierTools, gatherDossier } from './gather-dossier.ts'
export { type Admission, IgnoreGate } from './ignore-gate.ts'
export type { Execution, FileSyntax } from './suspects.ts'
