// What the benchmark of the dashboard notes in the browser's own page.

/** In the page, from its first moment on: when its first row was drawn. */
export function noteRows() {
  const observer = new MutationObserver(() => {
    if (document.querySelector('[data-row]') === null) return
    observer.disconnect()
    requestAnimationFrame(() => setTimeout(() => (window.drawnAt = performance.now())))
  })
  observer.observe(document, { childList: true, subtree: true })
}

/** In the page, from its first moment on: scrolls to the end of the last file as soon as it is there, and tells when its last line was drawn. */
export function noteEndOfPatch({ files, words }) {
  const observer = new MutationObserver(() => {
    const last = document.querySelectorAll('[data-file]')[files - 1]
    last?.scrollIntoView({ block: 'end' })
    if (last?.textContent.includes(words) !== true) return
    observer.disconnect()
    requestAnimationFrame(() => setTimeout(() => (window.drawnAt = performance.now())))
  })
  observer.observe(document, { childList: true, subtree: true })
}

/** What the page has noted: the way to the program that drives the browser is not counted. */
export async function drawnAt(page) {
  const noted = await page.waitForFunction(() => window.drawnAt)
  return noted.jsonValue()
}

/** In the page: when it first said something. */
export function seenAt(words) {
  return new Promise((resolve) => {
    const look = () => {
      if (!document.body.textContent.includes(words)) return
      observer.disconnect()
      resolve(Date.now())
    }
    const observer = new MutationObserver(look)
    observer.observe(document.body, { childList: true, subtree: true, characterData: true })
    look()
  })
}

/** In the page: scrolls to the end in thirty steps. */
export async function longestFrame(box) {
  let longest = 0
  for (let step = 1; step <= 30; step += 1) {
    const begun = performance.now()
    box.scrollTop = (box.scrollHeight * step) / 30
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    longest = Math.max(longest, performance.now() - begun)
  }
  return longest
}
