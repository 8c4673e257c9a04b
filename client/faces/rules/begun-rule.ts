/** The text of a rule's file as a new one begins: from an indicator, or from another rule. Pure. */

import type { AlarmRule } from "../../../shared/alarms.ts";
import type { IndicatorDefinition } from "../../../shared/city.ts";
import { begunCondition, fittingTest, rounded } from "./condition.ts";

type Begun = Pick<IndicatorDefinition, "id" | "title" | "unit" | "better" | "target" | "department">;

/** A rule about an indicator; `value`: what it is now. What only people can say is left empty, and the check asks for it. */
export function ruleOfIndicator(id: string, indicator: Begun, value: number | null): string {
  const bound = rounded(indicator.target ?? value ?? 0);
  const when = begunCondition(indicator.better === "higher" ? "below" : "above", bound);
  const delays = { onDelaySeconds: 600, offDelaySeconds: 600 };
  return written({
    version: 1,
    id,
    enabled: false,
    title: indicator.title,
    consequence: { en: "", zh: "" },
    indicator: indicator.id,
    when,
    ...delays,
    priority: "low",
    response: { text: { en: "", zh: "" }, withinSeconds: 3600 },
    owner: indicator.department,
    tests: [fittingTest(when, delays)],
  });
}

/** Another rule under a new name, not enabled: two of the same are refused. Planned work on what it watches stays with that one. */
export function ruleOfRule(id: string, rule: AlarmRule): string {
  const { domain: _domain, revision: _revision, maintenance: _maintenance, ...rest } = rule;
  return written({ version: 1, ...rest, id, enabled: false, tests: [fittingTest(rule.when, rule)] });
}

function written(file: object): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** The id that a title suggests: `transport.many-empty-stations`; another one where there is such a rule. */
export function suggestedId(domain: string, title: string, taken: ReadonlySet<string>): string {
  const slug = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  const id = `${domain}.${slug || "rule"}`;
  if (!taken.has(id)) return id;
  for (let number = 2; ; number++) if (!taken.has(`${id}-${number}`)) return `${id}-${number}`;
}
