import type { Certificate } from '@fixpoint/core'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import { keys } from '../../api/queries.ts'
import type { paths } from '../../api/schema.ts'
import { withBase } from './edited-files.ts'

export type ShownProposal = paths['/api/proposals/{run}']['get']['responses'][200]['content']['application/json']
export type Decision = 'approve' | 'request-changes' | 'reject'

export function proposalQuery(run: string) {
  return queryOptions({
    queryKey: keys.proposal(run),
    queryFn: ({ signal }) => answerOf(api.GET('/api/proposals/{run}', { params: { path: { run } }, signal })),
  })
}

/** Tells the run what was decided about exactly this proposal. Who approves has no words. */
export function decide({ run, proposal }: ShownProposal, decision: Decision, words: string) {
  const params = { path: { run } }
  switch (decision) {
    case 'approve':
      return answerOf(api.POST('/api/proposals/{run}/approve', { params, body: { proposal } }))
    case 'request-changes':
      return answerOf(api.POST('/api/proposals/{run}/request-changes', { params, body: { proposal, words } }))
    case 'reject':
      return answerOf(api.POST('/api/proposals/{run}/reject', { params, body: { proposal, words } }))
  }
}

/** What of this proposal can be edited. */
export function editableQuery({ run, proposal }: ShownProposal) {
  return queryOptions({
    queryKey: ['edits', run, proposal],
    queryFn: async ({ signal }) => {
      const { patch, files } = await answerOf(api.GET('/api/proposals/{run}/edits', { params: { path: { run } }, signal }))
      return withBase(patch, files)
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Has the patch judged as a person made it. */
export function judgeEdit({ run, proposal }: ShownProposal, diff: string) {
  return answerOf(api.POST('/api/proposals/{run}/edits', { params: { path: { run } }, body: { proposal, diff } }))
}

/** The pull request as its host has it. No event tells when its checks change. */
export function pullQuery({ run }: ShownProposal) {
  return queryOptions({
    queryKey: ['pull', run],
    queryFn: ({ signal }) => answerOf(api.GET('/api/proposals/{run}/pull', { params: { path: { run } }, signal })),
    refetchInterval: ({ state }) => (state.data?.state === 'open' ? 30_000 : false),
  })
}

export function certificateOf({ certificate }: ShownProposal): Certificate {
  return JSON.parse(certificate) as Certificate
}

/** How to get at what is proposed on one's own machine. */
export function checkoutCommand({ branch, base, pull }: ShownProposal): string {
  return pull === undefined ? `git switch --create ${branch} ${base} && git apply --index proposal.patch` : `git fetch origin ${branch} && git switch ${branch}`
}

export const VERIFY_COMMAND = 'fixpoint verify --repo . certificate.json'
