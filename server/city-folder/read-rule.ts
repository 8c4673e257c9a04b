/** One rule by itself, as somebody is writing it: checked as a file would be, but for what other rules have to do with it. */

import type { AlarmRule } from "../../shared/alarms.ts";
import type { IndicatorDefinition } from "../../shared/city.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import { expectedText, keyPath } from "./fault.ts";
import { ruleRevisionOf } from "./revision.ts";
import { ruleSchema, toRule } from "./rule-schema.ts";

/** The rule, or a line for each fault. */
export function readRule(
  file: unknown,
  indicators: readonly IndicatorDefinition[],
  zone: string,
): Result<AlarmRule, readonly string[]> {
  const parsed = ruleSchema.safeParse(file, { error: expectedText });
  if (!parsed.success)
    return fail(parsed.error.issues.map(({ path, message }) => `${keyPath(path)}: expected ${message}`));
  const rule = toRule(parsed.data, zone);
  const { indicator } = rule;
  if (indicator !== null && !indicators.some(({ id }) => id === indicator))
    return fail([`indicator: expected an indicator of this city, found ${JSON.stringify(indicator)}`]);
  return ok({ ...rule, revision: ruleRevisionOf(rule, indicators) });
}
