/** What a page's layout does to its words: words over each other, cut off, or outside of the screen. */

import type { Page } from "playwright-core";

/**
 * Faults of the words that are seen, a line each. Letters count, not the space above and below them. A word whose line
 * has no room at all is left out by design and no fault; one that is cut through or shortened is.
 */
export async function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    interface Words {
      readonly text: string;
      readonly node: Node;
      readonly left: number;
      readonly right: number;
      readonly top: number;
      readonly bottom: number;
    }
    type Box = Omit<Words, "text" | "node">;
    const within = (box: Box, clip: Box): Box => ({
      left: Math.max(box.left, clip.left),
      right: Math.min(box.right, clip.right),
      top: Math.max(box.top, clip.top),
      bottom: Math.min(box.bottom, clip.bottom),
    });
    const everywhere = { left: -Infinity, right: Infinity, top: -Infinity, bottom: Infinity };
    /** What the ancestors let be seen; what scrolls is seen when it is scrolled to. */
    const clipOf = (element: Element): Box => {
      let clip: Box = everywhere;
      for (let one: Element | null = element; one; one = one.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(one);
        const box = one.getBoundingClientRect();
        if (overflowX !== "visible") clip = within(clip, { ...everywhere, left: box.left, right: box.right });
        if (overflowY !== "visible") clip = within(clip, { ...everywhere, top: box.top, bottom: box.bottom });
      }
      return clip;
    };
    const isSeen = (element: Element): boolean =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
      element.closest(".visually-hidden, select, option") === null;
    const faults = new Set<string>();
    const seen: Words[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent?.trim().replaceAll(/\s+/g, " ") ?? "";
      if (element === null || text === "" || !isSeen(element)) continue;
      const clip = clipOf(element);
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const rect of range.getClientRects()) {
        // From a capital's top to a little under the base line.
        const letters = {
          left: rect.left,
          right: rect.right,
          top: rect.top + 0.25 * rect.height,
          bottom: rect.bottom - 0.2 * rect.height,
        };
        const shown = within(letters, clip);
        if (shown.right - shown.left < 1 || shown.bottom - shown.top < 1) continue;
        const cut = Math.max(
          letters.right - letters.left - (shown.right - shown.left),
          letters.bottom - letters.top - (shown.bottom - shown.top),
        );
        if (cut > 1.5) faults.add(`cut: ${text}`);
        if (shown.left < -1 || shown.right > document.documentElement.clientWidth + 1)
          faults.add(`outside: ${text}`);
        seen.push({ text, node, ...shown });
      }
    }
    seen.sort((a, b) => a.left - b.left);
    for (const [i, one] of seen.entries())
      for (const other of seen.slice(i + 1)) {
        if (other.left >= one.right - 1.5) break;
        const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        if (down > 1.5 && one.node !== other.node) faults.add(`over each other: ${one.text} | ${other.text}`);
      }
    return [...faults];
  });
}
