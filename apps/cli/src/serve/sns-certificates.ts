const CERTIFICATE_BYTES = 64 * 1024
const REMEMBERED = 20

/** Certificates of AWS SNS: fetched once each, from the host that the source has pinned, without redirects. */
export function rememberedCertificates(): (url: string) => Promise<string> {
  const known = new Map<string, Promise<string>>()
  const fetched = async (url: string) => {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5000) })
    if (!response.ok) throw new Error(`the certificate could not be fetched (${response.status})`)
    let text = ''
    for await (const piece of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      text += piece
      if (text.length > CERTIFICATE_BYTES) throw new Error('the certificate is too large')
    }
    return text
  }
  return (url) => {
    let certificate = known.get(url)
    if (certificate === undefined) {
      if (known.size >= REMEMBERED) known.clear()
      certificate = fetched(url)
      certificate.catch(() => known.delete(url))
      known.set(url, certificate)
    }
    return certificate
  }
}
