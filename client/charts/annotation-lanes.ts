/** Where annotations stand over a chart: bars in a few lanes, each with its words as far as there is room. Pure. */

export interface Spanned {
  readonly fromAt: number;
  /** `fromAt` for a moment. */
  readonly toAt: number;
  readonly text: string;
}

export interface Placed<T extends Spanned> {
  readonly item: T;
  /** Pixels within the lanes; the same for a moment. */
  readonly left: number;
  readonly right: number;
  /** It began before, or goes on after what is shown. */
  readonly goesOnLeft: boolean;
  readonly goesOnRight: boolean;
  /** From the top, from 0; `null` where all lanes are taken: it has no words. */
  readonly lane: number | null;
  /** Where its words begin, and as many of them as have room. */
  readonly textLeft: number;
  readonly text: string;
  /** There was no room for them on the right of its beginning. */
  readonly isTextBefore: boolean;
}

export interface LaneRoom {
  readonly fromAt: number;
  readonly toAt: number;
  /** Pixels of that stretch. */
  readonly width: number;
  readonly lanes: number;
  /** Pixels that words may be wide. */
  readonly longest: number;
  /** Pixels between neighbours, and between a moment's mark and its words. */
  readonly gap: number;
  /** Pixels of a text. */
  readonly widthOf: (text: string) => number;
}

/** Those of `items` that touch the stretch, each in the first lane in which it overlaps nothing, the earlier first. */
export function placeAnnotations<T extends Spanned>(items: readonly T[], room: LaneRoom): Placed<T>[] {
  const { fromAt, toAt, width, lanes, longest, gap, widthOf } = room;
  const pixel = (at: number): number => ((at - fromAt) / (toAt - fromAt)) * width;
  const taken = Array.from({ length: lanes }, () => Number.NEGATIVE_INFINITY);
  return items
    .filter((item) => item.fromAt < toAt && item.toAt >= fromAt)
    .toSorted((a, b) => a.fromAt - b.fromAt)
    .map((item) => {
      const left = Math.max(pixel(item.fromAt), 0);
      const right = Math.min(pixel(item.toAt), width);
      const text = fitted(item.text, longest, widthOf);
      const isTextBefore = left + gap + widthOf(text) > width;
      const textLeft = isTextBefore ? Math.max(left - gap - widthOf(text), 0) : left + gap;
      const begins = Math.min(left, textLeft) - gap;
      const lane = taken.findIndex((end) => end <= begins);
      if (lane >= 0) taken[lane] = Math.max(right, textLeft + widthOf(text));
      return {
        item,
        left,
        right,
        goesOnLeft: item.fromAt < fromAt,
        goesOnRight: item.toAt > toAt,
        lane: lane < 0 ? null : lane,
        textLeft,
        text,
        isTextBefore,
      };
    });
}

function fitted(text: string, longest: number, widthOf: (text: string) => number): string {
  const line = text.replaceAll(/\s+/g, " ");
  if (widthOf(line) <= longest) return line;
  const letters = Array.from(line);
  while (letters.length > 1 && widthOf(`${letters.join("")}…`) > longest) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}
