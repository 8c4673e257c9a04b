import { useEffect, useEffectEvent, type RefObject } from "react";

/** Calls `measure` with the box at first, and whenever it is scrolled or has another size. */
export function useScroll(box: RefObject<HTMLElement | null>, measure: (element: HTMLElement) => void): void {
  const onChange = useEffectEvent(measure);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const changed = (): void => onChange(element);
    changed();
    const observer = new ResizeObserver(changed);
    observer.observe(element);
    element.addEventListener("scroll", changed, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", changed);
    };
  }, [box]);
}
