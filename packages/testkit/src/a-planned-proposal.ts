import { aBaseline, aCandidate, aVerdict } from './builders.ts'

/** A proposal as the engine plans it, as far as people are shown it. */
export function aPlannedProposal(changes: { strength?: string; title?: string; diff?: string } = {}) {
  const path = 'src/session.js'
  const diff = `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1,2 +1,3 @@\n-old\n+new\n+and more\n kept\n`
  const certificate = JSON.stringify({ patch: { diff, origin: aCandidate().origin }, verdict: aVerdict(), baseline: aBaseline() })
  const planned = { strength: 'verified', branch: 'fixpoint/x', base: 'b'.repeat(40), title: 'Fix it', body: 'It did.', diff, certificate, ...changes }
  return { planned, certificate }
}
