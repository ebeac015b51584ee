/** Below `fixpoint/`, and a name that git takes: no other branch is ever written or deleted. */
const OURS = /^fixpoint\/(?!.*(?:\.\.|\/\/|\/\.|\.lock(?:\/|$)|\.$|\/$))[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/

export function assertOwnBranch(branch: string): void {
  if (!OURS.test(branch)) throw new Error(`a proposal's branch begins with fixpoint/, not ${JSON.stringify(branch.slice(0, 100))}`)
}
