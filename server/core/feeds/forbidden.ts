/** What an agreement forbids to pass on is left out where it arrives: nothing of it is shown, measured or recorded. */

import type { Agreement } from "../../../shared/feed-quality.ts";
import type { Kind } from "../../../shared/kinds.ts";
import type { Update } from "./connector.ts";

/** Of the kinds that a feed gives, those that its agreement does not forbid. */
export function allowedKinds(gives: readonly Kind[], agreement: Agreement | null): readonly Kind[] {
  const forbidden = agreement?.forbids?.kinds ?? [];
  return gives.filter((kind) => !forbidden.includes(kind));
}

/** The update without things of these kinds, and without what is measured of them. */
export function withoutKinds(update: Update, forbidden: readonly Kind[]): Update {
  if (forbidden.length === 0) return update;
  const isAllowed = (id: string): boolean => !forbidden.some((kind) => id.split("/")[1] === kind);
  return {
    ...update,
    entities: update.entities.filter(({ kind }) => !forbidden.includes(kind)),
    observations: update.observations.filter(({ entityId }) => isAllowed(entityId)),
    ...(update.unchanged && { unchanged: update.unchanged.filter(isAllowed) }),
    ...(update.removed && { removed: update.removed.filter(isAllowed) }),
    ...(update.speaksOf && { speaksOf: update.speaksOf.filter((kind) => !forbidden.includes(kind)) }),
  };
}
