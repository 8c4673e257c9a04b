/** What a wall says about itself, so that a screen that crawls is seen where everything else is. */
export interface WallReport {
  /** What the page's scripts hold, in bytes; `null` where the browser does not say. */
  readonly heapBytes: number | null;
  /** Frames drawn per second; `null` while the page is hidden. */
  readonly framesPerSecond: number | null;
  /** The wall's own clock, epoch milliseconds. */
  readonly at: number;
}

export const reportEveryMs = 30_000;
/** A wall that has said nothing for so long is gone. */
export const reportGoodForMs = 3 * reportEveryMs;

export function isWallReport(word: unknown): word is WallReport {
  if (typeof word !== "object" || word === null) return false;
  const { heapBytes, framesPerSecond, at } = word as Partial<WallReport>;
  return isFigure(heapBytes) && isFigure(framesPerSecond) && typeof at === "number" && Number.isFinite(at);
}

function isFigure(value: unknown): boolean {
  return value === null || (typeof value === "number" && Number.isFinite(value) && value >= 0);
}
