import { useEffect, useEffectEvent, useState, type RefObject } from "react";
import type { QueueLine } from "./queue.ts";
import { heightOf, wholeAtMost, windowOf, type LineWindow } from "./queue-window.ts";

/** Before the first lines were measured, and of lines of which there are none. */
const usualHeights = { plain: 53, gathered: 84 };

/** What is in sight is known in steps of so many pixels. */
const stepPx = 400;

export interface UsedWindow extends LineWindow {
  readonly isWhole: boolean;
  /** Scrolls so that a line that is not drawn will be. */
  readonly bring: (index: number) => void;
}

/** Which lines of a list are to be drawn, as it is scrolled, by itself or with the page. */
export function useWindow(list: RefObject<HTMLUListElement | null>, lines: readonly QueueLine[]): UsedWindow {
  const [sight, setSight] = useState({ top: 0, bottom: 2_000 });
  const [heights, setHeights] = useState(usualHeights);
  const [zoom, setZoom] = useState(1);
  const isWhole = lines.length <= wholeAtMost;
  const drawn = windowOf(lines, heights, sight.top, sight.bottom);

  /** `focused`: a line that has got the focus, and is about to be scrolled into sight. */
  const look = useEffectEvent((focused?: Element): void => {
    const its = list.current;
    if (!its || isWhole) return;
    const { top } = its.getBoundingClientRect();
    const at = focused?.getBoundingClientRect().top ?? 0;
    const first = Math.floor((Math.min(at, 0) - top) / stepPx) * stepPx;
    const next = { top: first, bottom: first + stepPx + innerHeight + Math.abs(at) };
    if (next.top === sight.top && next.bottom === sight.bottom) return;
    setSight(next);
    const { from, to } = windowOf(lines, heights, next.top, next.bottom);
    // Who is on a line that goes out of sight stays in the list.
    const place = Number(document.activeElement?.closest("li")?.ariaPosInSet ?? Number.NaN);
    const isLeaving = its.contains(document.activeElement) && (place <= from || place > to);
    if (isLeaving) its.focus({ preventScroll: true });
  });
  const measure = useEffectEvent((): void => {
    const its = list.current;
    if (!its || isWhole) return;
    const high = (selector: string, before: number): number => {
      const height = its.querySelector(selector)?.getBoundingClientRect().height ?? before;
      return Math.abs(height - before) > 0.5 ? height : before;
    };
    const plain = high("li:not([data-gathered])", heights.plain);
    const gathered = high("li[data-gathered]", heights.gathered);
    if (plain !== heights.plain || gathered !== heights.gathered) setHeights({ plain, gathered });
    setZoom(zoomOf(its));
    look();
  });
  useEffect(() => {
    const observer = new ResizeObserver(() => measure());
    observer.observe(list.current!);
    return () => observer.disconnect();
  }, [list]);
  useEffect(() => {
    const seen = (): void => look();
    const focus = ({ target }: FocusEvent): void => {
      const line = target instanceof Element ? target.closest("li") : null;
      if (line && list.current?.contains(line)) look(line);
    };
    // Scrolling does not bubble, and it is the list's column or the page that is scrolled.
    window.addEventListener("scroll", seen, { capture: true, passive: true });
    window.addEventListener("resize", seen);
    window.addEventListener("focusin", focus);
    return () => {
      window.removeEventListener("scroll", seen, { capture: true });
      window.removeEventListener("resize", seen);
      window.removeEventListener("focusin", focus);
    };
  }, [list]);
  const bring = (index: number): void => {
    const its = list.current;
    const scroller = its && scrollerOf(its);
    if (!scroller) return;
    const at = its.getBoundingClientRect().top + heightOf(lines, heights, 0, index);
    scroller.scrollBy({ top: (at - innerHeight / 2) / zoomOf(its), behavior: "instant" });
  };
  return { ...drawn, before: drawn.before / zoom, after: drawn.after / zoom, isWhole, bring };
}

function scrollerOf(element: Element): Element | null {
  for (let its = element.parentElement; its; its = its.parentElement)
    if (its.scrollHeight > its.clientHeight && getComputedStyle(its).overflowY === "auto") return its;
  return document.scrollingElement;
}

/** How much larger a pixel of this element's style is on the screen. */
function zoomOf(element: Element): number {
  return (element as Element & { readonly currentCSSZoom?: number }).currentCSSZoom ?? 1;
}
