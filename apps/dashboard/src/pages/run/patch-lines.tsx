import { classes } from '../../ui/classes.ts'
import { Scrolling } from '../../ui/section.tsx'

const LOOKS: Readonly<Record<string, string>> = { '+': 'bg-good-soft text-good', '-': 'bg-bad-soft text-bad', '@': 'text-quiet' }

/** A small patch as it is written. */
export function PatchLines({ diff }: { readonly diff: string }) {
  if (diff.trim() === '') return <p className="text-sm text-quiet">It changes nothing.</p>
  return (
    <Scrolling label="Patch" look="max-h-[32rem] overflow-auto rounded-md border border-line bg-raised py-1">
      <pre className="w-max min-w-full text-xs/5">
        {diff.split('\n').map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines of a patch never change places
          <div key={index} className={classes('min-h-5 px-3', /^(\+\+\+|---|diff |index )/.test(line) ? 'font-semibold' : LOOKS[line[0] ?? ''])}>
            {line}
          </div>
        ))}
      </pre>
    </Scrolling>
  )
}
