/** The alarms that are watched, by their id, by the series or the thing that they are about, and by number. */

import type { AlarmRule } from "../../../shared/alarms.ts";
import { parseSeriesId, seriesId } from "../../../shared/city.ts";
import { isGroupOf, type RuleIndex } from "./rule-index.ts";
import { Trend } from "./trend.ts";
import { Watched } from "./watched.ts";

const thingGroup = "thing:";

/** The thing's id in an alarm's group; `null` of one about something else. */
export function thingIn(group: string | null): string | null {
  return group?.startsWith(thingGroup) === true ? group.slice(thingGroup.length) : null;
}

export function groupOfThing(id: string): string {
  return `${thingGroup}${id}`;
}

export class WatchList {
  readonly #rules: RuleIndex;
  readonly #byId = new Map<string, Watched>();
  readonly #bySeries = new Map<string, readonly Watched[]>();
  readonly #byThing = new Map<string, readonly Watched[]>();
  readonly #numbered: (Watched | undefined)[] = [];
  readonly #freeNumbers: number[] = [];

  constructor(rules: RuleIndex) {
    this.#rules = rules;
  }

  find(id: string): Watched | undefined {
    return this.#byId.get(id);
  }

  numbered(number: number): Watched | undefined {
    return this.#numbered[number];
  }

  all(): readonly Watched[] {
    return this.#numbered.filter((watched) => watched !== undefined);
  }

  /** The alarm of a rule for a group, watched from now on if it was not. */
  of(rule: AlarmRule, group: string | null): Watched {
    const id = seriesId(rule.id, group);
    const known = this.#byId.get(id);
    if (known) return known;
    const number = this.#freeNumbers.pop() ?? this.#numbered.length;
    const watched = new Watched(rule, group, number);
    this.#numbered[number] = watched;
    this.#byId.set(id, watched);
    const thing = thingIn(group);
    if (thing !== null) this.#byThing.set(thing, [...this.ofThing(thing), watched]);
    return watched;
  }

  /** The alarms of all rules that watch a series. */
  ofSeries(series: string): readonly Watched[] {
    const known = this.#bySeries.get(series);
    if (known) return known;
    const { indicator, group } = parseSeriesId(series);
    const watchers = this.#rules
      .ofIndicator(indicator)
      .filter((rule) => isGroupOf(rule, group))
      .map((rule) => {
        const watched = this.of(rule, group);
        watched.isOver = false;
        if ("withinSeconds" in rule.when) watched.trend ??= new Trend(rule.when.withinSeconds);
        return watched;
      });
    this.#bySeries.set(series, watchers);
    return watchers;
  }

  ofThing(id: string): readonly Watched[] {
    return this.#byThing.get(id) ?? [];
  }

  /** Nothing has the series' value any more; gives the alarms that watched it. */
  forgetSeries(series: string): readonly Watched[] {
    const watchers = this.#bySeries.get(series) ?? [];
    this.#bySeries.delete(series);
    return watchers;
  }

  /** It is watched no more, and another may have its number. */
  drop(watched: Watched): void {
    this.#byId.delete(watched.id);
    this.#numbered[watched.number] = undefined;
    this.#freeNumbers.push(watched.number);
    const thing = thingIn(watched.group);
    if (thing === null) return;
    const others = this.ofThing(thing).filter((other) => other !== watched);
    if (others.length > 0) this.#byThing.set(thing, others);
    else this.#byThing.delete(thing);
  }
}
