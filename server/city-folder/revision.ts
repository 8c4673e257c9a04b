/** The revision of a definition: the hash of exactly the fields that change what its value means. */

import { createHash } from "node:crypto";
import type { IndicatorDefinition } from "../../shared/city.ts";

type Unrevised = Omit<IndicatorDefinition, "revision">;

/**
 * Of what, over what window, measured how and in which unit. Words, target, owner and groupings may change without
 * changing the meaning; the revision of a ratio or difference follows that of its inputs.
 */
export function revisionOf(definition: Unrevised, all: ReadonlyMap<string, Unrevised>): string {
  const { reads, from, where, window, measure, unit } = definition;
  const inputs = inputsOf(definition).map((id) => {
    const input = all.get(id);
    return input ? revisionOf(input, all) : null;
  });
  return createHash("sha256")
    .update(canonical({ reads, from, where, window, measure, unit, inputs }))
    .digest("hex")
    .slice(0, 16);
}

/** The indicators that a ratio or difference is made of. */
export function inputsOf({ measure }: Pick<Unrevised, "measure">): readonly string[] {
  if ("ratio" in measure) return [measure.ratio.of, measure.ratio.to];
  if ("difference" in measure) return [measure.difference.of, measure.difference.minus];
  return [];
}

/** JSON with sorted keys, so that the order in which a file was written does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
