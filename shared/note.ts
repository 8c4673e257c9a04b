/** What an operator says about a figure, for everybody who sees it: "known, back at 16:00". */
export interface Note {
  readonly indicator: string;
  readonly text: string;
  /** City time, epoch milliseconds. */
  readonly setAt: number;
  /** From when on it says nothing any more; `null` until it is taken away. */
  readonly untilAt: number | null;
}

/** A tile has room for one short line. */
export const longestNote = 80;

export function isInForce({ untilAt }: Pick<Note, "untilAt">, now: number): boolean {
  return untilAt === null || untilAt > now;
}
