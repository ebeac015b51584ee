import type { Page } from 'playwright-core'

/** What strangers write in the hope that a page runs it; each would set `window.ran`. */
export const PAYLOADS = [
  '<script>window.ran=1</script>',
  '<img src=x onerror="window.ran=1">',
  '"><svg onload=window.ran=1>',
  "'-(window.ran=1)-'",
  'javascript:window.ran=1',
  '<iframe srcdoc="<script>parent.ran=1</script>"></iframe>',
  '{{constructor.constructor("window.ran=1")()}}',
  '[click](javascript:window.ran=1)',
  '<a href="javascript:window.ran=1" autofocus onfocus=window.ran=1>x</a>',
  '\u001b]8;;javascript:window.ran=1\u0007link\u001b]8;;\u0007<b onmouseover=window.ran=1>',
  '</title><style>*{display:none}</style><script>window.ran=1</script>',
  '<details open ontoggle=window.ran=1>',
] as const

/** Whether any of them ran, now that everything that can be clicked by a reader has been drawn. */
export async function ranIn(page: Page): Promise<boolean> {
  const links = await page.locator('a[href]').evaluateAll((all) => all.map((link) => (link as unknown as { href: string }).href))
  const ran = await page.evaluate(() => 'ran' in globalThis)
  return ran || links.some((link) => !/^https?:/.test(link)) || (await page.locator('main img, main iframe, main script, main style').count()) > 0
}
