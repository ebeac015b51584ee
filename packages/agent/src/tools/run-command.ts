import type { CommandResult, FileEdit, Room } from '@fixpoint/core'
import { z } from 'zod'
import { bounded } from '../bounded-text.ts'
import type { CodeReading } from '../code-reading.ts'
import type { HiddenText } from '../hidden-text.ts'
import { LaidEdits } from '../laid-edits.ts'
import { defineTool, refused, type Tool } from '../tool.ts'

const SECONDS = 60
const LONGEST_OUTPUT = 8_000
/** More is not even fetched. */
const FETCHED = 64 * 1024

export interface CommandHands {
  readonly room: Room
  readonly hidden: HiddenText
  readonly edits: () => readonly FileEdit[]
}

/** Anything, in a room without network and keys. What it changes there stays there. */
export function runCommand(reading: CodeReading, { room, hidden, edits }: CommandHands): Tool {
  const laid = new LaidEdits(room, reading.source)
  const input = z.object({
    argv: z.array(z.string()).min(1).max(200).describe('program and arguments; for a shell: ["sh", "-c", "…"]'),
    seconds: z.number().positive().max(300).optional().describe(`${SECONDS} if left out`),
  })
  return defineTool(reading.prompts, {
    name: 'run_command',
    input,
    async run({ argv: [program, ...rest], seconds = SECONDS }, signal) {
      if (program === undefined || program.trim() === '') return refused('the command is empty.')
      await laid.lay(edits())
      const result = await room.exec({ argv: [program, ...rest], timeoutMs: seconds * 1000, outputLimit: FETCHED }, signal)
      return { text: `${endOf(result, seconds)}${reading.fence.around('output of the command', hidden.without(outputOf(result)))}` }
    },
  })
}

function endOf({ exitCode, timedOut, oomKilled, truncated }: CommandResult, seconds: number): string {
  const how = timedOut ? `Stopped after ${seconds} s` : oomKilled ? 'Killed: out of memory' : `Exit code ${exitCode ?? 'none'}`
  return `${how}${truncated ? '; its output was longer than is kept' : ''}:\n`
}

function outputOf({ stdout, stderr }: CommandResult): string {
  const parts = [bounded(stdout, LONGEST_OUTPUT), ...(stderr === '' ? [] : [`[standard error]\n${bounded(stderr, LONGEST_OUTPUT / 2)}`])]
  const text = parts.filter((part) => part !== '').join('\n')
  return text === '' ? '(nothing was printed)' : text
}
