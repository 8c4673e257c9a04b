import type { IndicatorDefinition } from "./city.ts";

/** Whether the value is on the wrong side of its target; a figure that is better in neither direction never is. */
export function offTarget(
  value: number,
  { better, target }: Pick<IndicatorDefinition, "better" | "target">,
): "above" | "below" | null {
  if (target === null) return null;
  if (better === "higher" && value < target) return "below";
  if (better === "lower" && value > target) return "above";
  return null;
}
