import { useEffect, useState, type RefObject } from "react";

/** What a desk's type measures, CSS pixels. */
const deskType = 14;

/** CSS pixels of a place, and how much larger than on a desk its type is; 0 wide before it is measured. */
export function useBox(place: RefObject<HTMLElement | null>): {
  width: number;
  height: number;
  scale: number;
} {
  const [box, setBox] = useState({ width: 0, height: 0, scale: 1 });
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      const [width, height] = [Math.floor(element.clientWidth), Math.floor(element.clientHeight)];
      const scale = Number.parseFloat(getComputedStyle(element).fontSize) / deskType;
      setBox((before) =>
        before.width === width && before.height === height && before.scale === scale
          ? before
          : { width, height, scale },
      );
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return box;
}
