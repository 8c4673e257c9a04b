/** What happened in a stretch of time, as marks over figures: an item of `/api/v1/events`. */

import type { Text } from "./city.ts";
import { momentKinds } from "./moment.ts";

/** `alert`: a CAP alert's time in force. `works`: a work zone's time. */
export const cityEventKinds = [...momentKinds, "alert", "works"] as const;
export type CityEventKind = (typeof cityEventKinds)[number];

/** What works close, and where: on which roads, and in which areas (`area.district:harbour`). */
export interface ClosedByWorks {
  readonly closes: "road" | "lanes";
  readonly roads: readonly string[];
  readonly areas: readonly string[];
}

export interface CityEvent {
  readonly kind: CityEventKind;
  readonly at: number;
  /** `null`: it has no length, or none that is known. */
  readonly endsAt: number | null;
  /** The indicator, feed or thing that it is about. */
  readonly subject: string;
  /** The department that answers for it; `null` where the city knows none. */
  readonly department: string | null;
  /** A figure's value, `null` for all else. */
  readonly value: number | null;
  /** In its publisher's words, where there are some. */
  readonly text: Text | null;
  /** Only of works that close something, say where, and were still known after they had begun. */
  readonly works?: ClosedByWorks;
}
