/** What mattered today: a figure left its target or reached it again, a feed died or came back, a warning was issued. */

import type { Text } from "./city.ts";

export const momentKinds = [
  "left-target",
  "reached-target",
  "feed-down",
  "feed-live",
  "warning",
  "warning-over",
] as const;
export type MomentKind = (typeof momentKinds)[number];

/** An item of the topic `moments`. */
export interface Moment {
  /** City time at which it happened, epoch milliseconds; known a little later. */
  readonly at: number;
  readonly kind: MomentKind;
  /** The indicator, feed or CAP alert that it is about. */
  readonly subject: string;
  /** The department that answers for it; `null` where the city knows none (a warning's publisher). */
  readonly department: string | null;
  /** The figure's value, `null` for all else. */
  readonly value: number | null;
  /** A warning's headline in its publisher's words, `null` for all else. */
  readonly text: Text | null;
}
