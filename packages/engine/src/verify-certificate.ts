import { type Certificate, type GateResult, type RunId, RunId as RunIdSchema, type SourceSnapshot, type TestSelection } from '@fixpoint/core'
import { baselineFrom, detectProject } from '@fixpoint/test-runners'
import { applyDiff, patchFrom } from './diff.ts'
import { judge } from './judge/judge.ts'
import { PathPolicy } from './path-policy.ts'
import { protectedHashes } from './proposal/certificate.ts'
import type { EngineTools } from './tools.ts'
import { Workshop } from './workshop.ts'

export interface Verification {
  readonly holds: boolean
  /** What does not hold; empty when everything does. */
  readonly doubts: readonly string[]
  /** What differs and does not matter, such as a rebuilt image. */
  readonly notes: readonly string[]
  readonly gates: readonly GateResult[]
}

export interface VerifyOptions {
  readonly certificate: Certificate
  readonly tools: EngineTools
  readonly dependencyFolder: string | undefined
  readonly note: (message: string) => void
  readonly signal: AbortSignal
}

/** Proves a certificate anew: nothing in it is believed but the patch, the reproduction's files and the recipe; the rest is found out again and compared. */
export async function verifyCertificate({ certificate, tools, dependencyFolder, note, signal }: VerifyOptions): Promise<Verification> {
  const doubts: string[] = []
  const notes: string[] = []
  const source = await tools.repository.snapshot(certificate.base.commit)
  if (source.tree !== certificate.base.tree)
    doubts.push(`the base's tree is ${source.tree.slice(0, 12)}, the certificate says ${certificate.base.tree.slice(0, 12)}`)
  const hashes = protectedHashes(source, Object.keys(certificate.protectedFiles), tools.hash)
  for (const [path, hash] of Object.entries(certificate.protectedFiles)) if (hashes[path] !== hash) doubts.push(`${path} is not what it was`)
  for (const path of protectedByNature(source, certificate))
    if (certificate.protectedFiles[path] === undefined) doubts.push(`${path} is protected, and the certificate does not say so`)
  const { name } = certificate.verdict
  if (name !== 'fixed' && name !== 'contradicting') doubts.push(`the certificate says ${name}: that is no proof of anything`)
  const taken = certificate.reproduction.files.filter((file) => source.read(file.path) !== undefined)
  if (taken.length > 0) doubts.push(`the reproduction would replace ${taken[0]?.path}, a file of the base`)
  const applied = applyDiff(source, certificate.patch.diff)
  if ('problem' in applied) doubts.push(`the patch: ${applied.problem}`)
  if (doubts.length > 0 || 'problem' in applied) return { holds: false, doubts, notes, gates: [] }

  const runId: RunId = RunIdSchema.parse(certificate.runId)
  const workspace = {
    repository: '',
    project: certificate.project,
    recipe: certificate.environment.recipe,
    commands: {},
    ...(dependencyFolder ? { dependencyFolder } : {}),
  }
  await using workshop = new Workshop({ runId, tools, workspace, source, policy: certificate.policy, signal, note })
  const environment = await workshop.environment()
  if (environment.imageId !== certificate.environment.imageId) notes.push(`another image: ${environment.image} (${environment.imageId.slice(0, 19)})`)
  for (const [path, hash] of Object.entries(certificate.environment.manifests))
    if (environment.manifests[path] !== hash) doubts.push(`${path} makes another environment`)

  note('the base: suite and reproduction')
  const room = await workshop.open(certificate.reproduction.files)
  const selection: TestSelection = { kind: 'tests', tests: certificate.reproduction.tests }
  const before = await room.test(selection, signal)
  const passing = certificate.reproduction.tests.filter((test) => before.tests.some((each) => each.id === test.id && each.status === 'passed'))
  if (passing.length > 0) doubts.push(`${passing[0]?.id} passes on the base: nothing is reproduced`)
  await room.reset()
  await room.lay([], certificate.reproduction.files)
  const baseline = baselineFrom([await room.test({ kind: 'all' }, signal)])
  const flaky = new Set([...certificate.baseline.flaky, ...baseline.flaky])
  const differ = symmetricDifference(certificate.baseline.passing, baseline.passing).filter((id) => !flaky.has(id))
  if (differ.length > 0) doubts.push(`${differ.length} tests of the base do not do what the certificate says, for example ${differ[0]}`)

  const judged = await judge(
    {
      candidate: { patch: patchFrom(source, applied.edits), origin: certificate.patch.origin },
      source,
      workspace,
      reproduction: certificate.reproduction,
      baseline: certificate.baseline,
      policy: certificate.policy,
      report: undefined,
    },
    {
      open: (edits) => workshop.open(edits),
      environment: () => workshop.environment(),
      paths: new PathPolicy(source, certificate.project, certificate.policy),
      syntax: tools.syntax,
      keep: async (output) => tools.hash(output),
      ids: tools.ids,
      note,
      signal,
      parallelRooms: tools.parallelRooms,
    },
  )
  if (judged.verdict.name !== name)
    doubts.push(`the verdict is ${judged.verdict.name}: ${judged.verdict.gates.find((gate) => gate.status === 'failed')?.summary ?? ''}`)
  for (const { gate } of judged.verdict.gates)
    if (!certificate.verdict.gates.some((each) => each.gate === gate)) doubts.push(`the certificate says nothing about the gate ${gate}`)
  for (const gate of certificate.verdict.gates) {
    const now = judged.verdict.gates.find((each) => each.gate === gate.gate)
    if (now && now.status !== gate.status) doubts.push(`gate ${gate.gate}: ${gate.status} then, ${now.status} now (${now.summary})`)
  }
  if (certificate.strength === 'verified' && judged.verdict.strength !== 'verified')
    doubts.push(`the evidence amounts to ${judged.verdict.strength ?? 'nothing'}, not to verified`)
  return { holds: doubts.length === 0, doubts, notes, gates: judged.verdict.gates }
}

/** What no patch may touch, found out anew: a certificate that names less would let a patch change its own judges. */
function protectedByNature(source: SourceSnapshot, { project }: Certificate): readonly string[] {
  const detected = detectProject(source, { deps: 'install', ...(project.testCommand === undefined ? {} : { testCommand: project.testCommand }) })
  return 'unsupported' in detected ? [] : detected.project.protectedFiles.filter((path) => source.read(path) !== undefined)
}

function symmetricDifference(a: readonly string[], b: readonly string[]): string[] {
  const left = new Set(a)
  const right = new Set(b)
  return [...a.filter((id) => !right.has(id)), ...b.filter((id) => !left.has(id))]
}
