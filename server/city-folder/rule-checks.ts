/**
 * Whether alarm rules fit what they name, and whether they can do what they are for: become active, clear again, without
 * saying the opposite of another rule or waiting for themselves.
 */

import { urgency } from "../../shared/alarms.ts";
import { guardedKinds } from "../../shared/kinds.ts";
import type { Unit } from "../../shared/units.ts";
import { parseSeries, turnsOf } from "../core/alarms/rule-run.ts";
import { checkMatch } from "./indicator-checks.ts";
import { momentAt } from "./feed-file.ts";
import type { FolderFiles, Loaded } from "./folder-files.ts";
import type { IndicatorFile } from "./indicator-schema.ts";
import type { JsonPath } from "./json-document.ts";
import { oneOf, type Known } from "./known.ts";
import type { RuleFile } from "./rule-schema.ts";

type Rule = Loaded<RuleFile>;

export function checkRules(files: FolderFiles, known: Known, zone: string): void {
  for (const rule of known.rules.loaded) {
    checkOwners(files, known, rule);
    checkWatched(files, known, rule);
    checkReferences(files, known, rule);
    checkTimes(files, rule, zone);
    checkTests(files, rule);
  }
  checkPairs(files, known);
}

function checkOwners(files: FolderFiles, { departments }: Known, rule: Rule): void {
  const { owner, backup } = rule.value;
  if (departments === null) return;
  const expected = "a department of departments.json";
  if (!departments.has(owner)) files.blame(rule, ["owner"], "reference", oneOf(expected, owner, departments));
  if (backup !== null && !departments.has(backup))
    files.blame(rule, ["backup"], "reference", oneOf(expected, backup, departments));
  if (backup === owner) files.blame(rule, ["backup"], "setting", "another department than the owner");
}

function checkWatched(files: FolderFiles, known: Known, rule: Rule): void {
  const { indicator: id, when, by, groups } = rule.value;
  const readsIndicator = !("silent" in when || "each" in when || "of" in when);
  if (!readsIndicator && id !== null)
    files.blame(rule, ["indicator"], "setting", "nothing: this condition is not about an indicator");
  if (groups !== null && by.length === 0)
    files.blame(rule, ["groups"], "setting", "nothing without by: groups are some of its groups");
  if ("silent" in when) checkFeeds(files, known, rule, when.feeds);
  if ("each" in when) {
    checkMatch(files, known, rule, when.each, when.where, ["when", "where"]);
    if (guardedKinds.has(when.each))
      files.blame(rule, ["when", "each"], "setting", "a kind whose single things everybody may see");
    if (!known.feeds.loaded.some(({ gives }) => gives === null || gives.includes(when.each)))
      files.blame(rule, ["when", "each"], "reference", "a kind that a feed of this city gives");
  }
  if (("silent" in when || "each" in when) && by.length > 0)
    files.blame(rule, ["by"], "setting", "no groups: each feed or thing has an alarm of its own");
  if (readsIndicator) checkIndicator(files, known, rule);
}

function checkFeeds(files: FolderFiles, known: Known, rule: Rule, feeds: readonly string[] | "all"): void {
  if (feeds === "all") return;
  feeds.forEach((feed, i) => {
    if (!known.feeds.ids.has(feed))
      files.blame(
        rule,
        ["when", "feeds", i],
        "reference",
        oneOf("a feed of this folder", feed, known.feeds.ids),
      );
  });
}

function checkIndicator(files: FolderFiles, known: Known, rule: Rule): void {
  const { indicator: id, by, groups } = rule.value;
  if (id === null) return files.blame(rule, ["indicator"], "setting", "the indicator that is watched");
  if (!known.indicators.ids.has(id))
    return files.blame(
      rule,
      ["indicator"],
      "reference",
      oneOf("an indicator of this folder", id, known.indicators.ids),
    );
  const indicator = known.indicators.loaded.find(({ value }) => value.id === id)?.value;
  if (!indicator) return;
  by.forEach((grouping, i) => {
    if (!indicator.by.includes(grouping))
      files.blame(rule, ["by", i], "reference", oneOf(`a grouping of ${id}`, grouping, indicator.by));
  });
  groups?.forEach((group, i) => checkGroup(files, known, rule, group, ["groups", i]));
  checkBounds(files, rule, indicator);
}

function checkGroup(files: FolderFiles, known: Known, rule: Rule, group: string, path: JsonPath): void {
  const { by } = rule.value;
  const grouping = by.find((name) => group.startsWith(`${name}:`));
  if (grouping === undefined)
    return files.blame(rule, path, "reference", `a group of ${by.join(" or ")}, such as "${by[0]}:…"`);
  if (!grouping.startsWith("area.")) return;
  const areas = known.areas.get(grouping.slice("area.".length)) ?? new Set();
  const keys = Array.from(areas, (area) => `${grouping}:${area}`);
  if (!keys.includes(group)) files.blame(rule, path, "reference", oneOf("an area of the city", group, keys));
}

/** What a figure of a unit can be at least and at most. */
function rangeOf(unit: Unit): { readonly least: number; readonly greatest: number } {
  if (unit === "celsius" || unit === "metres" || unit === "megawatts" || unit === "milliseconds")
    return { least: Number.NEGATIVE_INFINITY, greatest: Number.POSITIVE_INFINITY };
  return { least: 0, greatest: unit === "percent" || unit === "score" ? 100 : Number.POSITIVE_INFINITY };
}

/** A bound that no figure of the unit can pass makes an alarm that never comes, or one that never goes. */
function checkBounds(files: FolderFiles, rule: Rule, { unit, measure }: IndicatorFile): void {
  const { when } = rule.value;
  // A ratio in percent may be over 100, a difference below 0.
  const isFree = "ratio" in measure || "difference" in measure;
  const { least, greatest } = isFree
    ? { least: Number.NEGATIVE_INFINITY, greatest: Number.POSITIVE_INFINITY }
    : rangeOf(unit);
  const step = unit === "count" && !isFree ? 1 : 0;
  const blame = (key: string, expected: string): void => {
    files.blame(rule, ["when", key], "setting", expected);
  };
  if ("above" in when) {
    if (when.above >= greatest) blame("above", `a bound below ${greatest}: it can never be active`);
    if (when.clearBelow <= least) blame("clearBelow", `a bound above ${least}: it can never clear`);
    if (when.clearBelow > when.above + step)
      blame(
        "clearBelow",
        `at most ${when.above + step}: a value in between would be active and clear at once`,
      );
  } else if ("below" in when) {
    if (when.below <= least) blame("below", `a bound above ${least}: it can never be active`);
    if (when.clearAbove >= greatest) blame("clearAbove", `a bound below ${greatest}: it can never clear`);
    if (when.clearAbove < when.below - step)
      blame(
        "clearAbove",
        `at least ${when.below - step}: a value in between would be active and clear at once`,
      );
  } else if ("withinSeconds" in when) {
    const bound = "risesBy" in when ? when.risesBy : when.fallsBy;
    if (when.clearBelow === 0) blame("clearBelow", "above 0: a value that stands still would never clear");
    if (when.clearBelow > bound)
      blame("clearBelow", `at most ${bound}: a change in between would be active and clear at once`);
  } else if ("outsideUsual" in when && when.clearWithin > when.by)
    blame("clearWithin", `at most ${when.by}: a distance in between would be active and clear at once`);
}

function checkReferences(files: FolderFiles, known: Known, rule: Rule): void {
  const { when, id } = rule.value;
  for (const { path, to } of referencesOf(rule.value))
    if (!known.rules.ids.has(to))
      files.blame(rule, path, "reference", oneOf("a rule of this folder", to, known.rules.ids));
    else if (reaches(known, to, id))
      files.blame(rule, path, "reference", "a rule that does not wait for this one, or is hidden by it");
  if (!("of" in when)) return;
  const disabled = new Set(known.rules.loaded.flatMap(({ value }) => (value.enabled ? [] : [value.id])));
  const counted = new Set(when.of.filter((to) => !rule.value.enabled || !disabled.has(to)));
  if (when.atLeast > counted.size)
    files.blame(
      rule,
      ["when", "atLeast"],
      "setting",
      `at most ${counted.size}, as many of them as are enabled`,
    );
}

/** The rules that a rule's alarms hang on: those it counts, and those that hide it. */
function referencesOf({ when, suppressedBy }: RuleFile): readonly { path: JsonPath; to: string }[] {
  const counted = "of" in when ? when.of.map((to, i) => ({ path: ["when", "of", i], to })) : [];
  return [...counted, ...suppressedBy.map((to, i) => ({ path: ["suppressedBy", i], to }))];
}

/** Whether `from` is, or hangs on, `target`. */
function reaches(known: Known, from: string, target: string, seen = new Set<string>()): boolean {
  if (from === target) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  const rule = known.rules.loaded.find(({ value }) => value.id === from);
  return rule !== undefined && referencesOf(rule.value).some(({ to }) => reaches(known, to, target, seen));
}

function checkTimes(files: FolderFiles, rule: Rule, zone: string): void {
  rule.value.validTimes.forEach(({ from, to }, i) => {
    if (from === to)
      files.blame(rule, ["validTimes", i, "to"], "setting", `another time than from, such as "24:00"`);
  });
  rule.value.maintenance.forEach(({ from, to }, i) => {
    const [fromAt, toAt] = [momentAt(from, zone), momentAt(to, zone)];
    if (Number.isNaN(fromAt)) files.blame(rule, ["maintenance", i, "from"], "setting", "a date that exists");
    if (Number.isNaN(toAt)) files.blame(rule, ["maintenance", i, "to"], "setting", "a date that exists");
    if (fromAt >= toAt) files.blame(rule, ["maintenance", i, "to"], "setting", `a time after from, ${from}`);
  });
}

/** Runs the rule over its own series, with the code by which the live city judges. */
function checkTests(files: FolderFiles, rule: Rule): void {
  const { when } = rule.value;
  rule.value.tests.forEach((test, i) => {
    const samples = parseSeries(test.series);
    const path: JsonPath = ["tests", i];
    if (samples === null)
      return files.blame(
        rule,
        [...path, "series"],
        "setting",
        'samples in Prometheus\' notation, such as "5x3 25x12 _x4", at most 100,000',
      );
    if ("outsideUsual" in when !== (test.usual !== undefined))
      return files.blame(
        rule,
        [...path, "usual"],
        "setting",
        "what is usual during the test, of a rule about what is usual and of no other",
      );
    const { activeAt, clearAt } = turnsOf(rule.value, samples, test.everySeconds, test.usual ?? null);
    checkTurns(files, rule, [...path, "activeAtSeconds"], test.activeAtSeconds, activeAt, "active");
    checkTurns(files, rule, [...path, "clearAtSeconds"], test.clearAtSeconds, clearAt, "clear");
    return undefined;
  });
}

function checkTurns(
  files: FolderFiles,
  rule: Rule,
  path: JsonPath,
  said: number | readonly number[],
  found: readonly number[],
  what: "active" | "clear",
): void {
  const expected = typeof said === "number" ? [said] : said;
  if (expected.length === found.length && expected.every((seconds, i) => seconds === found[i])) return;
  const when = found.length === 0 ? "nothing" : found.slice(0, 8).join(", ");
  files.blame(rule, path, "test", `${when}: ${whenWords(found.length, what)}`);
}

function whenWords(times: number, what: "active" | "clear"): string {
  return times === 0 ? `this series never makes it ${what}` : `that is when this series makes it ${what}`;
}

/** Two rules about the same figures: the second by name is blamed. */
function checkPairs(files: FolderFiles, known: Known): void {
  const rules = known.rules.loaded.filter(({ value }) => value.enabled);
  rules.forEach((rule, i) => {
    for (const other of rules.slice(0, i)) {
      if (!watchTheSame(rule.value, other.value)) continue;
      const contradiction = contradictionOf(rule.value, other.value);
      if (contradiction) files.blame(rule, ["when", contradiction.key], "setting", contradiction.expected);
    }
  });
}

function watchTheSame(a: RuleFile, b: RuleFile): boolean {
  const sameGroups =
    a.by.some((grouping) => b.by.includes(grouping)) || (a.by.length === 0 && b.by.length === 0);
  const shared =
    a.groups === null || b.groups === null || a.groups.some((group) => b.groups?.includes(group) === true);
  const sameTimes = JSON.stringify(a.validTimes) === JSON.stringify(b.validTimes);
  return a.indicator !== null && a.indicator === b.indicator && sameGroups && shared && sameTimes;
}

function contradictionOf(a: RuleFile, b: RuleFile): { key: string; expected: string } | null {
  const [one, two] = [a.when, b.when];
  if ("above" in one && "above" in two) return worseIsNoLess("above", one.above - two.above, a, b);
  if ("below" in one && "below" in two) return worseIsNoLess("below", two.below - one.below, a, b);
  if ("above" in one && "below" in two && one.above < two.below)
    return { key: "above", expected: `at least ${two.below}: else this or ${b.id} is always active` };
  if ("below" in one && "above" in two && two.above < one.below)
    return { key: "below", expected: `at most ${two.above}: else this or ${b.id} is always active` };
  return null;
}

/** `worse`: how much further out the first one's bound is. What is further out is never less urgent. */
function worseIsNoLess(
  key: string,
  worse: number,
  a: RuleFile,
  b: RuleFile,
): { key: string; expected: string } | null {
  if (worse === 0) return { key, expected: `another bound than that of ${b.id}, which is the same alarm` };
  const further = urgency(a.priority) - urgency(b.priority);
  return worse * further < 0
    ? { key, expected: `a bound that fits the priority: ${b.id} is ${b.priority}, this is ${a.priority}` }
    : null;
}
