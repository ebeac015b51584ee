/** Where `git` is found unless somebody says. */
export const SEARCH_PATH = '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin'

/** The configuration of a git directory of ours: nothing that a repository says can name a program there. */
export function ownConfiguration({ bare, objectFormat }: { readonly bare: boolean; readonly objectFormat: 'sha1' | 'sha256' }): string {
  return `[core]
\trepositoryformatversion = 1
\tbare = ${bare}
\tfilemode = true
\thooksPath = /dev/null
\tfsmonitor = false
\tuntrackedCache = false
\tattributesFile = /dev/null
\texcludesFile = /dev/null
\tpager = cat
\teditor = false
\tsshCommand = false
\taskPass = false
\tautocrlf = false
\tsymlinks = true
\tquotePath = false
[protocol]
\tallow = never
[safe]
\tbareRepository = explicit
\tdirectory = *
[credential]
\thelper =
[submodule]
\trecurse = false
[fetch]
\trecurseSubmodules = false
\tunpackLimit = 1
[push]
\trecurseSubmodules = no
\tgpgSign = false
[gc]
\tauto = 0
[maintenance]
\tauto = false
[commit]
\tgpgSign = false
[log]
\tshowSignature = false
[diff]
\texternal =
\trenames = false
[extensions]
\tobjectFormat = ${objectFormat}
`
}

/** All that a git of ours finds in its environment: no settings of the machine or of a person, no prompt, no protocol. */
export function ownEnvironment(directory: string, path: string): Readonly<Record<string, string>> {
  return {
    PATH: path,
    HOME: directory,
    LC_ALL: 'C.UTF-8',
    GIT_DIR: directory,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_LITERAL_PATHSPECS: '1',
  }
}
