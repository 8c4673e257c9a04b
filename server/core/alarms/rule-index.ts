/** The rules of a city by what they watch: who has to look when something of it changes. */

import type { AlarmRule } from "../../../shared/alarms.ts";
import type { Kind } from "../../../shared/kinds.ts";
import { feedsOf, type CityPlan } from "../city/plan.ts";
import { compileMatch, type CompiledMatch } from "../indicators/match.ts";

/** A rule about things, and which of them it waits for. */
export interface ThingRule {
  readonly rule: AlarmRule;
  readonly match: CompiledMatch;
}

const none: readonly AlarmRule[] = [];

export class RuleIndex {
  /** The enabled ones. */
  readonly all: readonly AlarmRule[];
  readonly ofSilence: readonly AlarmRule[];
  readonly ofThings: ReadonlyMap<Kind, readonly ThingRule[]>;
  readonly #byId: ReadonlyMap<string, AlarmRule>;
  readonly #ofIndicator: ReadonlyMap<string, readonly AlarmRule[]>;
  readonly #countedBy: ReadonlyMap<string, readonly AlarmRule[]>;
  readonly #hides: ReadonlyMap<string, readonly AlarmRule[]>;
  readonly #feedsOf: ReadonlyMap<string, readonly string[]>;
  readonly #feedIds: ReadonlySet<string>;

  constructor(plan: Pick<CityPlan, "rules" | "indicators" | "feeds">) {
    const rules = plan.rules.filter(({ enabled }) => enabled);
    const indicators = new Map(plan.indicators.map((indicator) => [indicator.id, indicator]));
    this.all = rules;
    this.#byId = new Map(rules.map((rule) => [rule.id, rule]));
    this.#ofIndicator = grouped(rules, ({ indicator }) => (indicator === null ? [] : [indicator]));
    this.ofSilence = rules.filter(({ when }) => "silent" in when);
    this.ofThings = new Map(
      Array.from(
        grouped(rules, ({ when }) => ("each" in when ? [when.each] : [])),
        ([kind, ofKind]) => [
          kind,
          ofKind.map((rule) => ({ rule, match: compileMatch("each" in rule.when ? rule.when.where : {}) })),
        ],
      ),
    );
    this.#countedBy = grouped(rules, ({ when }) => ("of" in when ? when.of : []));
    this.#hides = grouped(rules, ({ suppressedBy }) => suppressedBy);
    this.#feedsOf = new Map(
      rules.map((rule) => {
        const indicator = indicators.get(rule.indicator ?? "");
        return [rule.id, indicator ? feedsOf(indicator, plan) : []];
      }),
    );
    this.#feedIds = new Set(plan.feeds.map(({ id }) => id));
  }

  find(id: string): AlarmRule | undefined {
    return this.#byId.get(id);
  }

  ofIndicator(indicator: string): readonly AlarmRule[] {
    return this.#ofIndicator.get(indicator) ?? none;
  }

  /** The combinations that count a rule. */
  countedBy(id: string): readonly AlarmRule[] {
    return this.#countedBy.get(id) ?? none;
  }

  /** The rules that a rule hides. */
  hiddenBy(id: string): readonly AlarmRule[] {
    return this.#hides.get(id) ?? none;
  }

  /** The feeds whose silence explains an alarm of the rule. */
  feedsOf(id: string): readonly string[] {
    return this.#feedsOf.get(id) ?? [];
  }

  /** Whether the rule still has an alarm for a group it had one for. */
  hasAlarmOf(rule: AlarmRule, group: string | null): boolean {
    const { when } = rule;
    if (!isGroupOf(rule, group)) return false;
    if (!("silent" in when)) return true;
    const feed = group!.slice("feed:".length);
    return this.#feedIds.has(feed) && (when.feeds === "all" || when.feeds.includes(feed));
  }
}

/** Whether a rule has an alarm for `group`. */
export function isGroupOf({ when, by, groups }: AlarmRule, group: string | null): boolean {
  if ("silent" in when) return group?.startsWith("feed:") === true;
  if ("each" in when) return group?.startsWith("thing:") === true;
  if (group === null) return by.length === 0;
  return by.some((name) => group.startsWith(`${name}:`)) && (groups === null || groups.includes(group));
}

function grouped<K>(
  rules: readonly AlarmRule[],
  keysOf: (rule: AlarmRule) => readonly K[],
): Map<K, readonly AlarmRule[]> {
  const groups = new Map<K, AlarmRule[]>();
  for (const rule of rules)
    for (const key of keysOf(rule)) {
      const known = groups.get(key);
      if (known) known.push(rule);
      else groups.set(key, [rule]);
    }
  return groups;
}

/** A rule that is no more, of which only the name is known. */
export function unknownRule(id: string): AlarmRule {
  return {
    id,
    enabled: false,
    domain: "platform",
    title: { en: "", zh: "" },
    consequence: { en: "", zh: "" },
    indicator: null,
    when: { unknown: true },
    by: [],
    groups: null,
    onDelaySeconds: 0,
    offDelaySeconds: 0,
    priority: "low",
    latch: false,
    response: { text: { en: "", zh: "" }, checklist: [], sop: null, withinSeconds: 0 },
    owner: "",
    backup: null,
    validTimes: [],
    maintenance: [],
    suppressedBy: [],
    shelveAtMostSeconds: 0,
    revision: "",
  };
}
