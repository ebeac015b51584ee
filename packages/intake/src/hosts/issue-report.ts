import { type BugReport, type HostIssue, inert, type RepositoryName, reveal, visible } from '@fixpoint/core'
import { redact } from '../redact.ts'
import { reportFrom } from '../report-from.ts'
import { withoutTemplate } from './issue-template.ts'
import { markdownLines } from './markdown-lines.ts'

/** What was taken out of an issue's text before anybody read it. */
export interface Removed {
  /** HTML comments, which the page does not show. */
  readonly comments: number
  /** Zero-width, bidirectional and other characters that nobody sees. */
  readonly characters: number
}

/** Where an issue stands. */
export interface IssueReportOptions {
  /** By which the host is told from others: `github.com`. */
  readonly host: string
  readonly repository: RepositoryName
}

const MAXIMUM_TITLE = 200

/** An issue as a report: what a reader of the page sees, without the empty parts of a template, and without secrets. */
export async function reportOfIssue(issue: HostIssue, { host, repository }: IssueReportOptions): Promise<{ report: BugReport; removed: Removed }> {
  const title = visible(issue.title)
  const body = visible(issue.body)
  const { lines, hiddenComments } = markdownLines(body.text)
  const text = [
    title.text.trim() || `Issue ${issue.number}`,
    '',
    ...withoutTemplate(lines).map(({ text: line, kind }) => (kind === 'code' || kind === 'fence' ? line : withoutPictures(line))),
  ].join('\n')
  const report = await reportFrom(text.replaceAll('\0', '\ufffd'), 'issue')
  // A text with a title is neither empty nor bytes.
  if ('refused' in report) throw new TypeError(report.hint)
  const revision = linkedCommit(reveal(report.text), host, repository) ?? report.revision ?? toldVersion(reveal(report.text))
  // Redacted before it is cut: half a secret is not recognised as one.
  const plain = inert(title.text.trim().replace(/\s+/g, ' '), title.text.length)
  const redactedTitle = inert((await redact(plain)).text || `Issue ${issue.number}`, MAXIMUM_TITLE)
  return {
    report: {
      ...report,
      title: { untrusted: redactedTitle },
      ...(revision !== undefined && { revision }),
      groupKey: `issue:${host}/${repository}#${issue.number}`,
    },
    removed: { comments: hiddenComments, characters: title.hidden + body.hidden },
  }
}

/** `![a picture](address)` loads nothing where it is text; what it shows is told by its words. Links keep their words and their address apart. */
function withoutPictures(line: string): string {
  return line
    .replace(/!\[([^\][]{0,300})\]\([^()\s]{0,2000}\)/g, (_, words: string) => (words === '' ? '[a picture]' : `[a picture: ${words}]`))
    .replace(/<img\b[^<>]{0,2000}>/gi, '[a picture]')
    .replace(/(?<!!)\[([^\][]{1,300})\]\(([^()\s]{1,2000})\)/g, '$1 ($2)')
}

/** `owner/name@sha`, or the address of a commit: of this repository only. */
function linkedCommit(text: string, host: string, repository: string): string | undefined {
  const name = escaped(repository)
  const address = new RegExp(`https?://${escaped(host)}/${name}/(?:commit|tree|blob)/([0-9a-f]{7,40})(?![0-9a-z])`, 'i').exec(text)
  const short = new RegExp(`(?<![\\w./-])${name}@([0-9a-f]{7,40})(?![0-9a-z])`, 'i').exec(text)
  return (address ?? short)?.[1]?.toLowerCase()
}

/** "since 1.2.3", "version: v2.0.0-rc.1": what people write of it. */
function toldVersion(text: string): string | undefined {
  return /\b(?:since|version|in|on|with|as of|after upgrading to)\b[ :*_`]{1,6}v?(\d{1,5}\.\d{1,5}(?:\.\d{1,5})?(?:-[\w.]{1,30})?)(?![\w])/i.exec(text)?.[1]
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
