/** What can be asked for, in one comment. */
export const HELP = `### What Fixpoint understands

| at the beginning of a line | |
|---|---|
| \`/fixpoint run\` | work on this issue |
| \`/fixpoint retry\` | once more, with the text as it is now |
| \`/fixpoint stop\` | end what is under way |
| \`/fixpoint approve\` | open the draft pull request of a patch that waits for a word |
| \`/fixpoint explain\` | say what is known of the cause, with the evidence |
| \`/fixpoint help\` | this |

On one of its pull requests, a review that requests changes, or a comment that mentions it, makes another attempt with these words in mind. It never approves and never merges. It listens to people with write access, and to nobody else.
`
