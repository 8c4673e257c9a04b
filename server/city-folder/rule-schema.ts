/** `rules/<id>.json`: what is an alarm, who owns it, what has to be done, and the series that proves it. */

import { z } from "zod";
import { priorities, type AlarmCondition, type AlarmRule } from "../../shared/alarms.ts";
import { domains } from "../../shared/city.ts";
import { kinds } from "../../shared/kinds.ts";
import { momentAt } from "./feed-file.ts";
import { moment, webUrl } from "./feed-schema.ts";
import { match } from "./indicator-schema.ts";
import { dottedId, fileHead, nonBlank, positiveSeconds, slug, text } from "./words.ts";

/** An amount of change or of distance. */
const amount = z.number().nonnegative();

const when = z.union(
  [
    z.strictObject({ above: z.number(), clearBelow: z.number() }),
    z.strictObject({ below: z.number(), clearAbove: z.number() }),
    z.strictObject({ risesBy: z.number().positive(), withinSeconds: positiveSeconds, clearBelow: amount }),
    z.strictObject({ fallsBy: z.number().positive(), withinSeconds: positiveSeconds, clearBelow: amount }),
    z.strictObject({ outsideUsual: z.enum(["above", "below", "either"]), by: amount, clearWithin: amount }),
    z.strictObject({ unknown: z.literal(true) }),
    z.strictObject({
      silent: z.enum(["stale", "down"]),
      feeds: z.union([z.array(dottedId).min(1), z.literal("all")], { error: 'a list of feeds, or "all"' }),
    }),
    z.strictObject({ each: z.enum(kinds), where: match.default({}) }),
    z.strictObject({ atLeast: z.int().positive(), of: z.array(dottedId).min(1) }),
  ],
  {
    error:
      "one of above and clearBelow; below and clearAbove; risesBy or fallsBy, withinSeconds and clearBelow; outsideUsual, by and clearWithin; unknown; silent and feeds; each and where; atLeast and of",
  },
) satisfies z.ZodType<AlarmCondition>;

const timeOfDay = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, { error: 'a time of day such as "06:30"' });

/** Days of the week and the hours of them. */
export const stretch = {
  weekdays: z.array(z.int().min(1).max(7)).min(1).default([1, 2, 3, 4, 5, 6, 7]),
  from: timeOfDay,
  to: timeOfDay,
};

export const validTime = z.strictObject(stretch);

const maintenance = z.strictObject({ from: moment, to: moment, reason: text });

const response = z.strictObject({
  text,
  checklist: z.array(text).default([]),
  /** Addresses; a city may have the procedure in one language only, and then says it twice. */
  sop: z.strictObject({ en: webUrl, zh: webUrl }).nullable().default(null),
  withinSeconds: positiveSeconds,
});

const instants = z.union([amount, z.array(amount)], { error: "seconds after the first sample, or several" });

const ruleTest = z.strictObject({
  /** Prometheus' notation: `5x3 25x12 _x4`. */
  series: nonBlank,
  everySeconds: positiveSeconds,
  /** Of a rule about what is usual: the band that holds during the test. */
  usual: z.strictObject({ low: z.number(), high: z.number() }).exactOptional(),
  activeAtSeconds: instants.default([]),
  clearAtSeconds: instants.default([]),
});

export const ruleSchema = z.strictObject({
  ...fileHead,
  id: z
    .string()
    .regex(new RegExp(`^(${domains.join("|")})\\.[a-z0-9]+(-[a-z0-9]+)*$`), {
      error: `<domain>.<slug> with a domain of ${domains.join(", ")}, such as "transport.stations-empty"`,
    }),
  enabled: z.boolean().default(true),
  title: text,
  consequence: text,
  indicator: dottedId.nullable().default(null),
  when,
  by: z.array(nonBlank).default([]),
  groups: z.array(nonBlank).min(1).nullable().default(null),
  onDelaySeconds: amount.default(0),
  offDelaySeconds: amount.default(0),
  priority: z.enum(priorities),
  latch: z.boolean().default(false),
  response,
  owner: slug,
  backup: slug.nullable().default(null),
  validTimes: z.array(validTime).default([]),
  maintenance: z.array(maintenance).default([]),
  suppressedBy: z.array(dottedId).default([]),
  shelveAtMostSeconds: positiveSeconds.default(8 * 3600),
  tests: z.array(ruleTest).min(1),
});

export type RuleFile = z.output<typeof ruleSchema>;

/** The rule of a checked file; `revision` is added when all indicators are known. */
export function toRule(file: RuleFile, zone: string): Omit<AlarmRule, "revision"> {
  const { $schema: _schema, version: _version, tests: _tests, maintenance: windows, ...rest } = file;
  const domain = domains.find((name) => file.id.startsWith(`${name}.`));
  if (!domain) throw new Error(`rule ${file.id} has no domain`);
  return {
    ...rest,
    domain,
    maintenance: windows.map(({ from, to, reason }) => ({
      fromAt: momentAt(from, zone),
      toAt: momentAt(to, zone),
      reason,
    })),
  };
}
