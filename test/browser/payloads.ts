import type { Page } from 'playwright-core'

/** What a stranger would write to have a browser run it: each would set `window.ran`. None holds a line break, so each fits into a file name. */
export const PAYLOADS: readonly string[] = [
  '<script>window.ran=1</script>',
  '<ScRiPt>window.ran=1</sCrIpT>',
  '<scr<script>ipt>window.ran=1</scr</script>ipt>',
  '"><script>window.ran=1</script>',
  "'><script>window.ran=1</script>",
  '</script><script>window.ran=1</script>',
  '</title><script>window.ran=1</script>',
  '</textarea><script>window.ran=1</script>',
  '</style><script>window.ran=1</script>',
  '--><script>window.ran=1</script>',
  '<script src=data:text/javascript,window.ran=1></script>',
  '<script src=//localhost/x.js></script>',
  '<img src=x onerror=window.ran=1>',
  '<img src=x onerror="window.ran=1">',
  '<img/src="x"/onerror=window.ran=1>',
  '<img src=x onerror=&#119;indow.ran=1>',
  '<img srcset=x onerror=window.ran=1>',
  '<image src=x onerror=window.ran=1>',
  '<svg onload=window.ran=1>',
  '<svg/onload=window.ran=1>',
  '<svg><script>window.ran=1</script></svg>',
  '<svg><animate onbegin=window.ran=1 attributeName=x dur=1s>',
  '<svg><a xlink:href="javascript:window.ran=1"><text y=20>x</text></a></svg>',
  '<math><mtext><img src=x onerror=window.ran=1></mtext></math>',
  '<body onload=window.ran=1>',
  '<body onpageshow=window.ran=1>',
  '<iframe src=javascript:window.ran=1></iframe>',
  '<iframe srcdoc="<script>parent.ran=1</script>"></iframe>',
  '<object data=javascript:window.ran=1></object>',
  '<embed src=javascript:window.ran=1>',
  '<video><source onerror=window.ran=1></video>',
  '<audio src=x onerror=window.ran=1>',
  '<input autofocus onfocus=window.ran=1>',
  '<select autofocus onfocus=window.ran=1>',
  '<textarea autofocus onfocus=window.ran=1>',
  '<details open ontoggle=window.ran=1>',
  '<marquee onstart=window.ran=1>x</marquee>',
  '<meta http-equiv=refresh content="0;url=javascript:window.ran=1">',
  '<base href="javascript:window.ran=1//">',
  '<form action=javascript:window.ran=1><button autofocus>x</button></form>',
  '<a href=javascript:window.ran=1>x</a>',
  '[x](javascript:window.ran=1)',
  '[x](data:text/html,<script>window.ran=1</script>)',
  '![x](x"onerror="window.ran=1)',
  '<javascript:window.ran=1>',
  '`<img src=x onerror=window.ran=1>`',
  '\u001b]8;;javascript:window.ran=1\u0007x\u001b]8;;\u0007',
  '\u001b[31m<img src=x onerror=window.ran=1>\u001b[0m',
  "{{constructor.constructor('window.ran=1')()}}",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: for templates of others
  "${window.ran=1} ';window.ran=1;//",
]

/** Whether any of them ran, now that everything that can be clicked by a reader has been drawn. */
export async function ranIn(page: Page): Promise<boolean> {
  const links = await page.locator('a[href]').evaluateAll((all) => all.map((link) => (link as unknown as { href: string }).href))
  const ran = await page.evaluate(() => 'ran' in globalThis)
  return ran || links.some((link) => !/^https?:/.test(link)) || (await page.locator('main img, main iframe, main script, main style').count()) > 0
}
