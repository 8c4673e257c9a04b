/** Who is on call at an instant, by the city's own clock. */

import { validityAt } from "../alarms/valid-times.ts";
import type { Contact, Role } from "./route.ts";

export interface OnCall {
  readonly contacts: readonly Contact[];
  /** When others may be on call; `Infinity` for never. */
  readonly until: number;
}

/** Exceptions come before the week, the week before whoever is there otherwise. Stretches may overlap: all are on call. */
export function onCallAt(role: Role, now: number, zone: string): OnCall {
  const edges = role.exceptions.flatMap(({ fromAt, toAt }) => [fromAt, toAt]).filter((at) => at > now);
  const week = role.onCall.map((time) => ({ time, ...validityAt([time], now, zone) }));
  const until = Math.min(...edges, ...week.map((stretch) => stretch.until), Number.POSITIVE_INFINITY);
  const exceptions = role.exceptions.filter(({ fromAt, toAt }) => fromAt <= now && now < toAt);
  const inWeek = week.filter(({ isValid }) => isValid).map(({ time }) => time);
  const named =
    exceptions.length > 0 ? contactsOf(exceptions) : inWeek.length > 0 ? contactsOf(inWeek) : role.otherwise;
  return { contacts: role.contacts.filter(({ id }) => named.includes(id)), until };
}

function contactsOf(stretches: readonly { readonly contacts: readonly string[] }[]): readonly string[] {
  return stretches.flatMap(({ contacts }) => contacts);
}
