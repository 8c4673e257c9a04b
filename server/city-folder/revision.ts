/** The revision of a definition: the hash of exactly the fields that change what its value means. */

import { createHash } from "node:crypto";
import type { AlarmRule } from "../../shared/alarms.ts";
import { inputsOf, type IndicatorDefinition } from "../../shared/city.ts";

type Unrevised = Omit<IndicatorDefinition, "revision">;

/**
 * Of what, over what window, measured how and in which unit. Words, target, owner and groupings may change without
 * changing the meaning; the revision of a ratio, difference or score follows that of its inputs. A score's meaning
 * is also where its figures are on target.
 */
export function revisionOf(definition: Unrevised, all: ReadonlyMap<string, Unrevised>): string {
  const { reads, from, where, window, measure, unit } = definition;
  const inputs = inputsOf(definition).map((id) => {
    const input = all.get(id);
    if (!input) return null;
    return "score" in measure ? [revisionOf(input, all), input.target] : revisionOf(input, all);
  });
  return hashOf({ reads, from, where, window, measure, unit, inputs });
}

/** The revision of a rule: of what is abnormal, for how long, and where. Words, owner and response may change without it. */
export function ruleRevisionOf(
  rule: Omit<AlarmRule, "revision">,
  indicators: readonly IndicatorDefinition[],
): string {
  const { when, by, groups, onDelaySeconds, offDelaySeconds } = rule;
  const watched = indicators.find(({ id }) => id === rule.indicator)?.revision ?? null;
  return hashOf({ watched, when, by, groups, onDelaySeconds, offDelaySeconds });
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("hex").slice(0, 16);
}

/** JSON with sorted keys, so that the order in which a file was written does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
