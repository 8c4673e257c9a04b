/** Whether an indicator's file fits the kinds, feeds, areas and other indicators it names. */

import { inputsOf, type Condition, type Match, type Scalar } from "../../shared/city.ts";
import { findFieldType, kindSchemas, type FieldType, type Kind } from "../../shared/kinds.ts";
import { readsEntities } from "../core/indicators/sample.ts";
import { nearestWord } from "./fault.ts";
import type { FolderFiles, Loaded } from "./folder-files.ts";
import type { IndicatorFile } from "./indicator-schema.ts";
import type { JsonPath } from "./json-document.ts";
import { oneOf, type Known } from "./known.ts";

type Indicator = Loaded<IndicatorFile>;

export function checkIndicators(files: FolderFiles, known: Known): void {
  for (const indicator of known.indicators.loaded) {
    const { measure } = indicator.value;
    checkOwner(files, known, indicator);
    if (!readsEntities(measure)) checkDerived(files, known, indicator);
    else if (indicator.value.reads === null)
      files.blame(indicator, ["reads"], "setting", "the kind of thing that is measured");
    else checkReading(files, known, indicator, indicator.value.reads);
    checkUnit(files, indicator);
  }
}

function checkOwner(files: FolderFiles, known: Known, indicator: Indicator): void {
  const { department, replacedBy, id } = indicator.value;
  if (known.departments?.has(department) === false)
    files.blame(
      indicator,
      ["department"],
      "reference",
      oneOf("a department of departments.json", department, known.departments),
    );
  if (replacedBy !== null && (replacedBy === id || !known.indicators.ids.has(replacedBy)))
    files.blame(
      indicator,
      ["replacedBy"],
      "reference",
      oneOf("another indicator", replacedBy, known.indicators.ids),
    );
}

function checkDerived(files: FolderFiles, known: Known, indicator: Indicator): void {
  const { reads, from, window, where } = indicator.value;
  const own = { reads, from, window, where: Object.keys(where).length > 0 ? where : null };
  for (const [key, value] of Object.entries(own)) {
    if (value !== null)
      files.blame(indicator, [key], "setting", "nothing: this measure has its figures from elsewhere");
  }
  const { measure } = indicator.value;
  if (("platform" in measure || "scheduled" in measure) && indicator.value.by.length > 0)
    files.blame(indicator, ["by"], "setting", "no groups: this measure has none");
  if ("scheduled" in measure) checkTimetable(files, known, indicator, measure.scheduled);
  inputsOf(indicator.value).forEach((input, i) => {
    const path: JsonPath =
      "score" in measure
        ? ["measure", "score", i, "indicator"]
        : "ratio" in measure
          ? ["measure", "ratio", i === 0 ? "of" : "to"]
          : ["measure", "difference", i === 0 ? "of" : "minus"];
    if (!known.indicators.ids.has(input))
      files.blame(
        indicator,
        path,
        "reference",
        oneOf("an indicator of this folder", input, known.indicators.ids),
      );
    else if (reaches(known, input, indicator.value.id))
      files.blame(indicator, path, "reference", "an indicator that is not made of this one");
    else checkInputGroups(files, known, indicator, input);
  });
  checkScore(files, known, indicator);
}

function checkTimetable(files: FolderFiles, known: Known, indicator: Indicator, feed: string): void {
  const timetables = known.feeds.loaded
    .filter(({ value }) => value.spec === "gtfs")
    .map(({ value }) => value.id);
  if (!timetables.includes(feed))
    files.blame(
      indicator,
      ["measure", "scheduled"],
      "reference",
      oneOf('a feed with "spec": "gtfs"', feed, timetables),
    );
}

/** A figure can only be near its target when it has one, and its worst lies on the other side of it. */
function checkScore(files: FolderFiles, known: Known, indicator: Indicator): void {
  const { measure, by } = indicator.value;
  if (!("score" in measure)) return;
  if (by.length > 0) files.blame(indicator, ["by"], "setting", "no groups: a score has none");
  for (const [i, { indicator: id, worst }] of measure.score.entries()) {
    const input = known.indicators.loaded.find(({ value }) => value.id === id)?.value;
    if (!input) continue;
    const path: JsonPath = ["measure", "score", i];
    const { unit, target, better } = input;
    if (unit === "score") {
      if (worst !== undefined)
        files.blame(indicator, [...path, "worst"], "setting", "nothing: a score's worst is 0");
    } else if (target === null || better === "neither")
      files.blame(
        indicator,
        [...path, "indicator"],
        "setting",
        "an indicator with a target and a better side",
      );
    else if (worst === undefined || (better === "higher" ? worst >= target : worst <= target))
      files.blame(
        indicator,
        [...path, "worst"],
        "setting",
        `the value at which it scores 0, ${better === "higher" ? "below" : "above"} its target ${target}`,
      );
  }
}

/** Whether `from` is, or is made of, `target`. */
function reaches(known: Known, from: string, target: string, seen = new Set<string>()): boolean {
  if (from === target) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  const definition = known.indicators.loaded.find(({ value }) => value.id === from);
  return (
    definition !== undefined && inputsOf(definition.value).some((id) => reaches(known, id, target, seen))
  );
}

function checkInputGroups(files: FolderFiles, known: Known, indicator: Indicator, input: string): void {
  const inputBy = known.indicators.loaded.find(({ value }) => value.id === input)?.value.by;
  indicator.value.by.forEach((group, i) => {
    if (inputBy && !inputBy.includes(group))
      files.blame(indicator, ["by", i], "reference", `a grouping that ${input} has too`);
  });
}

function checkReading(files: FolderFiles, known: Known, indicator: Indicator, kind: Kind): void {
  const { where, window, by, measure, from } = indicator.value;
  checkSources(files, known, indicator, kind, from);
  checkMatch(files, known, indicator, kind, where, ["where"]);
  const field = (path: JsonPath, name: string, types: readonly FieldType[]): void => {
    const expected = fieldExpected(kind, name, types);
    if (expected) files.blame(indicator, path, "reference", expected);
  };
  if (window) field(["window", "field"], window.field, ["at"]);
  by.forEach((group, i) => checkGroup(files, known, indicator, kind, group, i));

  if ("share" in measure) checkMatch(files, known, indicator, kind, measure.share, ["measure", "share"]);
  if ("distinct" in measure) field(["measure", "distinct"], measure.distinct, ["text", "number"]);
  if ("sum" in measure) field(["measure", "sum"], measure.sum, ["number"]);
  if ("mean" in measure) field(["measure", "mean"], measure.mean, ["number"]);
  if ("min" in measure) field(["measure", "min"], measure.min, ["number"]);
  if ("max" in measure) field(["measure", "max"], measure.max, ["number"]);
  if ("latest" in measure) field(["measure", "latest"], measure.latest, ["number"]);
  if ("age" in measure) field(["measure", "age"], measure.age, ["at"]);
  if ("percentile" in measure)
    field(["measure", "percentile", "field"], measure.percentile.field, ["number"]);
  if ("rate" in measure && !(window && "lastSeconds" in window))
    files.blame(indicator, ["window"], "setting", "a window with lastSeconds, which a rate is over");
}

function checkSources(
  files: FolderFiles,
  known: Known,
  indicator: Indicator,
  kind: Kind,
  from: readonly string[] | null,
): void {
  const givers = known.feeds.loaded
    .filter((feed) => feed.gives?.includes(kind) !== false)
    .map(({ value }) => value.id);
  from?.forEach((feed, i) => {
    const sound = known.feeds.loaded.some(({ value }) => value.id === feed);
    if (sound ? !givers.includes(feed) : !known.feeds.ids.has(feed))
      files.blame(indicator, ["from", i], "reference", oneOf(`a feed that gives ${kind}`, feed, givers));
  });
  // A feed with faults of its own might be the one that gives it.
  const allSound = known.feeds.loaded.length === known.feeds.ids.size;
  if (givers.length === 0 && allSound)
    files.blame(
      indicator,
      ["reads"],
      "reference",
      oneOf("a kind that a feed of this folder gives", kind, kindsGiven(known)),
    );
}

function kindsGiven(known: Known): Set<string> {
  return new Set(known.feeds.loaded.flatMap((feed) => feed.gives ?? []));
}

function checkGroup(
  files: FolderFiles,
  known: Known,
  indicator: Indicator,
  kind: Kind,
  group: string,
  i: number,
): void {
  if (group === "department" || group === "feed") return;
  if (group.startsWith("area.")) {
    if (!known.areas.has(group.slice("area.".length)))
      files.blame(
        indicator,
        ["by", i],
        "reference",
        oneOf("area.<level> of city.json", group, areaGroups(known)),
      );
    return;
  }
  const expected = fieldExpected(kind, group, ["text"]);
  if (expected)
    files.blame(indicator, ["by", i], "reference", `area.<level>, "department", "feed", or ${expected}`);
}

function areaGroups(known: Known): string[] {
  return [...known.areas.keys()].map((level) => `area.${level}`);
}

/** Checks what a match at `path` of a file compares things of `kind` with. */
export function checkMatch(
  files: FolderFiles,
  known: Known,
  file: Loaded<unknown>,
  kind: Kind,
  match: Match,
  path: JsonPath,
): void {
  for (const [key, condition] of Object.entries(match)) {
    const expected =
      key === "$area"
        ? areaExpected(known, condition)
        : key === "$ageSeconds"
          ? isRange(condition)
            ? null
            : 'a range of seconds such as { "to": 300 }'
          : (fieldExpected(kind, key) ?? conditionExpected(kind, key, condition));
    if (expected) files.blame(file, [...path, key], "reference", expected);
  }
}

function areaExpected(known: Known, condition: Condition): string | null {
  const keys = listed(condition);
  if (!keys) return 'an area such as "area.district:harbour", or several with in or notIn';
  const all = [...known.areas].flatMap(([level, ids]) => [...ids].map((id) => `area.${level}:${id}`));
  const missing = keys.find((key) => !all.includes(String(key)));
  return missing === undefined ? null : oneOf("an area of the city", String(missing), all);
}

/** The values that a condition compares with, or `null` for other forms. */
function listed(condition: Condition): readonly Scalar[] | null {
  if (typeof condition !== "object") return [condition];
  if ("in" in condition) return condition.in;
  return "notIn" in condition ? condition.notIn : null;
}

function isRange(condition: Condition): boolean {
  return typeof condition === "object" && ("from" in condition || "to" in condition);
}

const scalarOf: Readonly<Record<FieldType, "number" | "string" | "boolean">> = {
  number: "number",
  text: "string",
  texts: "string",
  flag: "boolean",
  at: "number",
};

/** What a condition on this field must be instead; `null` when it fits. */
function conditionExpected(kind: Kind, field: string, condition: Condition): string | null {
  const type = findFieldType(kind, field);
  if (type === undefined) return null;
  if (typeof condition === "object") {
    if ("exists" in condition) return null;
    if ("past" in condition)
      return type === "at" ? null : `${typeWord[type]}, because ${field} is no instant`;
    if (Object.keys(condition).length === 0) return "from, to, or both";
  }
  const values = listed(condition);
  if (values === null)
    return type === "number" || type === "at" ? null : `${typeWord[type]}, because ${field} has no order`;
  if (type === "at") return 'a range, { "past": true } or { "exists": true } for an instant';
  return values.every((value) => typeof value === scalarOf[type]) ? null : typeWord[type];
}

const typeWord: Readonly<Record<FieldType, string>> = {
  number: "a number",
  text: "a text",
  texts: "one of its texts",
  flag: "true or false",
  at: "an instant",
};

/** What a field's name must be instead; `null` when the kind has such a field of one of these types. */
function fieldExpected(kind: Kind, field: string, types?: readonly FieldType[]): string | null {
  const type = findFieldType(kind, field);
  if (type !== undefined && (types === undefined || types.includes(type))) return null;
  const fitting = Object.keys(kindSchemas[kind].fields).filter((name) => {
    const candidate = findFieldType(kind, name);
    return candidate !== undefined && (types === undefined || types.includes(candidate));
  });
  const of = types ? ` that is ${types.map((name) => typeWord[name]).join(" or ")}` : "";
  const near = nearestWord(field, fitting);
  return `a field of ${kind}${of}${near && near !== field ? `, perhaps "${near}"` : `: ${fitting.join(", ")}`}`;
}

/** Units that follow from the measure alone. */
function checkUnit(files: FolderFiles, indicator: Indicator): void {
  const { measure, unit } = indicator.value;
  const expected =
    "count" in measure || "distinct" in measure || "scheduled" in measure
      ? "count"
      : "share" in measure
        ? "percent"
        : "age" in measure
          ? "seconds"
          : "rate" in measure
            ? (`per-${measure.rate}` as const)
            : "score" in measure
              ? "score"
              : null;
  if (expected !== null && unit !== expected)
    files.blame(indicator, ["unit"], "setting", `"${expected}", which this measure is in`);
}
