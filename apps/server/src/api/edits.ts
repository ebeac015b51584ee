import { Digest, EditedDiff, FileEdit, isRepoPath } from '@fixpoint/core'
import { parsePatch } from 'diff'
import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { changedFiles } from '../reading/patch-facts.ts'
import { type App, callerOf, problems } from './app.ts'
import { artifactBytes } from './artifacts.ts'
import { Accepted, AtRun, decidedOn, knownRun, tell } from './runs.ts'

/** What of a planned proposal can be edited: its patch, without the test that proves it. */
const Editable = z.object({
  edits: z.array(FileEdit),
  certificate: z
    .string()
    .transform((text) => JSON.parse(text))
    .pipe(z.object({ patch: z.object({ diff: z.string() }), reproduction: z.object({ files: z.array(z.object({ path: z.string() })) }) })),
})

export function editRoutes(app: App, hands: ServerHands): void {
  const tags = ['proposals']

  app.get(
    '/api/proposals/:run/edits',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'What a person can edit of the patch: the changed files as the patch leaves them',
        params: AtRun,
        response: { 200: z.object({ proposal: Digest, patch: z.string(), files: z.array(FileEdit) }), ...problems },
      },
    },
    async ({ params }) => {
      const { proposal } = await knownRun(hands, params.run)
      if (proposal === undefined) throw new Refusal(404, 'The run has no proposal')
      const { patch, files } = await editable(proposal)
      return { proposal, patch, files }
    },
  )

  app.post(
    '/api/proposals/:run/edits',
    {
      config: { scope: 'decide' },
      schema: {
        tags,
        summary: 'Have the patch judged as you made it, a unified diff against the base. The proposal stands until yours passed every gate',
        params: AtRun,
        body: z.strictObject({ proposal: Digest, diff: EditedDiff }),
        response: { 202: Accepted, ...problems },
      },
    },
    async (request, reply) => {
      const { proposal, diff } = request.body
      const run = await decidedOn(hands, request.params.run, proposal)
      refuseUnreadable(diff)
      if (diff === (await editable(proposal)).patch) throw new Refusal(422, 'This is the patch that was shown', { hint: 'Change something in it.' })
      return reply.code(202).send(await tell(hands, run.id, { kind: 'edit', by: callerOf(request).name, proposal, diff }))
    },
  )

  async function editable(proposal: Digest): Promise<{ patch: string; files: FileEdit[] }> {
    const bytes = await artifactBytes(hands.artifacts, proposal)
    const { edits, certificate } = Editable.parse(JSON.parse(new TextDecoder().decode(bytes)))
    const proof = new Set(certificate.reproduction.files.map(({ path }) => path))
    return { patch: certificate.patch.diff, files: edits.filter(({ path }) => !proof.has(path)) }
  }
}

/** Whether it fits the base is for the judge to say: there is no tree here. */
function refuseUnreadable(diff: string): void {
  const refused = (detail: string) => new Refusal(422, 'This is no patch', { detail, hint: 'Send a unified diff against the base of the proposal.' })
  try {
    parsePatch(diff)
  } catch (cause) {
    // The words of the parser quote the patch; the number of the line does not.
    const line = /line (\d+)/.exec(cause instanceof Error ? cause.message : '')?.[1]
    throw refused(line === undefined ? 'It cannot be read.' : `It cannot be read at line ${line}.`)
  }
  const files = changedFiles(diff)
  if (files.every(({ added, removed }) => added + removed === 0)) throw refused('It changes no line.')
  if (files.some(({ path }) => !isRepoPath(path))) throw refused('It names a path that is not inside the repository.')
}
