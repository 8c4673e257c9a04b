/** A list that gives up whole rows: its first row never, and how much the others are that find no room. */

import { useLayoutEffect, useState, type RefObject } from "react";

/**
 * Gives the list's section the height that the first row needs, and returns the sum of `data-count` of the rows that lie
 * outside the list's box, measured whenever the list or a row changes its size. A row without a count is no loss.
 */
export function useWholeRows(list: RefObject<HTMLElement | null>, rows: unknown): number {
  const [notShown, setNotShown] = useState(0);
  useLayoutEffect(() => {
    const element = list.current;
    const section = element?.closest("section");
    if (!element || !section) return;
    const measure = (): void => {
      const first = element.firstElementChild?.getBoundingClientRect();
      if (first)
        section.style.minHeight = `${Math.ceil(first.bottom - section.getBoundingClientRect().top)}px`;
      const box = element.getBoundingClientRect();
      let count = 0;
      for (const row of element.children) {
        const { left, bottom } = row.getBoundingClientRect();
        if (left >= box.right - 1 || bottom > box.bottom + 1)
          count += Number((row as HTMLElement).dataset["count"] ?? 0);
      }
      setNotShown(count);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    for (const row of element.children) observer.observe(row);
    return () => {
      observer.disconnect();
      section.style.minHeight = "";
    };
  }, [list, rows]);
  return notShown;
}
