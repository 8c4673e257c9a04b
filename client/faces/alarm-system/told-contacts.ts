/** How telling people fares: messages by the contact they were for. Pure. */

import type { Delivery } from "../../../shared/notification.ts";

export interface ToldContact {
  readonly role: string;
  readonly contact: string;
  readonly sent: number;
  readonly waiting: number;
  readonly givenUp: number;
  /** Wall time of the last attempt; `null` before the first. */
  readonly triedAt: number | null;
  /** Why the last attempt failed; `null` when it did not, or for whom that is no business. */
  readonly error: string | null;
}

/** Those in trouble first, then by name. */
export function toldContacts(deliveries: readonly Delivery[]): readonly ToldContact[] {
  const byContact = Map.groupBy(deliveries, ({ role, contact }) => `${role} ${contact}`);
  return Array.from(byContact.values(), (of): ToldContact => {
    const count = (state: Delivery["state"]): number => of.filter((one) => one.state === state).length;
    const last = of.reduce((a, b) => ((b.triedAt ?? 0) > (a.triedAt ?? 0) ? b : a));
    return {
      role: last.role,
      contact: last.contact,
      sent: count("sent"),
      waiting: count("waiting"),
      givenUp: count("given-up"),
      triedAt: last.triedAt,
      error: last.error,
    };
  }).toSorted(
    (a, b) =>
      b.givenUp + b.waiting - (a.givenUp + a.waiting) ||
      `${a.role} ${a.contact}`.localeCompare(`${b.role} ${b.contact}`),
  );
}
