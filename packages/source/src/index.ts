export { GitHistory } from './git-history.ts'
export { GitRepository, type GitRepositoryOptions } from './git-repository.ts'
export { GitSnapshot, type SnapshotLimits } from './git-snapshot.ts'
export { RipgrepSearch } from './ripgrep-search.ts'
