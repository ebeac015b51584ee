import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'

const MARGIN_PX = 900
const LINE_PX = 19

/** Draws what is near the screen, and keeps room for the rest. `lines`: how tall it will be. What was drawn stays. */
export function NearScreen({ lines, children }: { readonly lines: number; readonly children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null)
  return useNear(place) ? children : <div ref={place} style={{ height: lines * LINE_PX }} />
}

/** Whether something is, or once was, near the screen. */
export function useNear(place: RefObject<HTMLElement | null>): boolean {
  const [near, setNear] = useState(false)
  useEffect(() => {
    if (near || place.current === null) return
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setNear(true), { rootMargin: `${MARGIN_PX}px 0px` })
    observer.observe(place.current)
    return () => observer.disconnect()
  }, [near, place])
  return near
}
