import { useEffect, useState } from "react";

interface UnitSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The size in u of the element that the returned function is the `ref` of, 0 until it is known: a drawing of that many
 * units is neither squeezed nor letterboxed in it.
 */
export function useUnitSize(): [ref: (element: HTMLElement | null) => void, size: UnitSize] {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [size, setSize] = useState<UnitSize>({ width: 0, height: 0 });
  useEffect(() => {
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const u = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 10;
      if (!entry) return;
      const { width, height } = entry.contentRect;
      setSize({ width: Math.round(width / u), height: Math.round(height / u) });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return [setElement, size];
}
