import { type Hash, inert } from '@fixpoint/core'

const LONGEST_ORIGIN = 300

/**
 * Puts text of strangers between marks that it cannot know. They follow from what the conversation is about, so that the same task gives
 * the same requests; whoever wrote a part of it cannot have hashed the whole of it into itself.
 */
export class Fence {
  readonly mark: string

  constructor(hash: Hash, about: unknown) {
    this.mark = `data-${hash(JSON.stringify(about)).slice(0, 12)}`
  }

  /** `origin`: where the text is from, for the reader. Characters that nobody sees become `�`. */
  around(origin: string, text: string): string {
    const from = inert(origin, LONGEST_ORIGIN).replace(/["<>\n]/g, ' ')
    const harmless = inert(text, Number.POSITIVE_INFINITY)
      .replaceAll(this.mark, `${this.mark.slice(0, 7)}…`)
      .replace(/\n+$/, '')
    return `<${this.mark} from="${from}">\n${harmless}\n</${this.mark}>`
  }
}
