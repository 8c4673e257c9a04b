/** The shape of each alarm priority, in a square of 20 by 20, and where its number stands in the shape's heaviest part. */

import { urgency, type Priority } from "../../shared/alarms.ts";

export const priorityShapes: Readonly<
  Record<Priority, { readonly outline: string; readonly baseline: number }>
> = {
  critical: { outline: "M2 2h16v16H2z", baseline: 14.2 },
  high: { outline: "M10 1l9 17H1z", baseline: 16 },
  medium: { outline: "M10 19L1 2h18z", baseline: 11.6 },
  low: { outline: "M10 0.500L19.500 10L10 19.500L0.500 10z", baseline: 14 },
};

/** 1 is the most urgent. */
export function priorityNumber(priority: Priority): number {
  return 4 - urgency(priority);
}
