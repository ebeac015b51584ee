import type { Commit, Signature } from '../bare-repository.ts'
import type { ChangedFile } from '../comparison.ts'
import type { Account, Repository } from '../records.ts'
import { nodeId, type World } from '../world.ts'
import { userShape } from './account.ts'
import { apiOf, htmlOf } from './repository.ts'

/** GitHub signs what is committed through its API by an app; nothing else here is signed. */
export const WEB_FLOW = 'noreply@github.com'

function verification({ committer, author }: Commit) {
  const signed = committer.email === WEB_FLOW
  return signed
    ? { verified: true, reason: 'valid', signature: 'signed by the double', payload: `author ${author.email}`, verified_at: committer.date }
    : { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null }
}

export function gitCommitShape(world: World, repository: Repository, commit: Commit) {
  const api = apiOf(world, repository)
  return {
    sha: commit.sha,
    node_id: nodeId(`C${commit.sha}`, 0),
    url: `${api}/git/commits/${commit.sha}`,
    html_url: `${htmlOf(world, repository)}/commit/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    message: commit.message,
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    parents: commit.parents.map((sha) => ({ sha, url: `${api}/git/commits/${sha}`, html_url: `${htmlOf(world, repository)}/commit/${sha}` })),
    verification: verification(commit),
  }
}

export function commitShape(world: World, repository: Repository, commit: Commit) {
  const url = `${apiOf(world, repository)}/commits/${commit.sha}`
  const html = htmlOf(world, repository)
  return {
    url,
    sha: commit.sha,
    node_id: nodeId(`C${commit.sha}`, 0),
    html_url: `${html}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    commit: {
      url: `${apiOf(world, repository)}/git/commits/${commit.sha}`,
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      comment_count: 0,
      tree: { sha: commit.tree, url: `${apiOf(world, repository)}/git/trees/${commit.tree}` },
      verification: verification(commit),
    },
    author: accountShape(world, commit.author),
    committer: accountShape(world, commit.committer),
    parents: commit.parents.map((sha) => ({ sha, url: `${apiOf(world, repository)}/commits/${sha}`, html_url: `${html}/commit/${sha}` })),
  }
}

/** GitHub knows people by their address: `<id>+<login>@users.noreply.github.com`. */
function accountShape(world: World, { email }: Signature) {
  const login = /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/.exec(email)?.[1]
  const account = login === undefined ? undefined : world.accounts.get(login.toLowerCase())
  return account === undefined ? null : userShape(world, account)
}

export function emailOf({ id, login }: Account): string {
  return `${id}+${login}@users.noreply.github.com`
}

export function fileShape(world: World, repository: Repository, head: string, file: ChangedFile) {
  const path = file.path.split('/').map(encodeURIComponent).join('/')
  return {
    sha: file.blob,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${htmlOf(world, repository)}/blob/${head}/${path}`,
    raw_url: `${htmlOf(world, repository)}/raw/${head}/${path}`,
    contents_url: `${apiOf(world, repository)}/contents/${path}?ref=${head}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.formerPath === undefined ? {} : { previous_filename: file.formerPath }),
  }
}

export function simpleCommitShape({ sha, tree, message, author, committer }: Commit) {
  const person = ({ name, email }: Signature) => ({ name, email })
  return { id: sha, tree_id: tree, message, timestamp: committer.date, author: person(author), committer: person(committer) }
}
