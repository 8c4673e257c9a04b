/** Whether briefings name what the folder has, and whether what they compare can be compared fairly. */

import type { BriefingFile } from "./briefing-schema.ts";
import type { FolderFiles, Loaded } from "./folder-files.ts";
import type { JsonPath } from "./json-document.ts";
import { oneOf, type Known } from "./known.ts";

export function checkBriefings(
  files: FolderFiles,
  known: Known,
  briefings: readonly Loaded<BriefingFile>[],
  inhabited: ReadonlySet<string>,
): void {
  for (const briefing of briefings) {
    checkReferences(files, known, briefing);
    checkSections(files, briefing);
    briefing.value.compare.forEach((_, i) =>
      checkComparison(files, known, briefing, { place: i, inhabited }),
    );
  }
}

function checkReferences(files: FolderFiles, known: Known, briefing: Loaded<BriefingFile>): void {
  const { score, indicators, services, compare, recipients, period, schedule } = briefing.value;
  const refer = (what: string, word: string | null, words: ReadonlySet<string>, path: JsonPath): void => {
    if (word !== null && !words.has(word)) files.blame(briefing, path, "reference", oneOf(what, word, words));
  };
  const indicator = (word: string | null, path: JsonPath): void => {
    refer("an indicator of this folder", word, known.indicators.ids, path);
  };
  indicator(score, ["score"]);
  const scored = known.indicators.loaded.find(({ value }) => value.id === score);
  if (scored && !("score" in scored.value.measure))
    files.blame(briefing, ["score"], "reference", "an indicator whose measure is a score");
  indicators?.forEach((id, i) => indicator(id, ["indicators", i]));
  for (const [name, id] of Object.entries(services ?? {})) indicator(id, ["services", name]);
  compare.forEach(({ indicator: id, of }, i) => {
    indicator(id, ["compare", i, "indicator"]);
    indicator(of, ["compare", i, "of"]);
  });
  recipients.forEach((role, i) => {
    refer("a role of this folder", role, known.roles, ["recipients", i]);
  });
  if (period.of === "incident") {
    period.rules.forEach((rule, i) => {
      refer("a rule of this folder", rule, known.rules.ids, ["period", "rules", i]);
    });
    if (schedule.length > 0)
      files.blame(briefing, ["schedule"], "setting", "nothing: an alarm opens it, not a time");
  }
}

function checkSections(files: FolderFiles, briefing: Loaded<BriefingFile>): void {
  const { sections, score, services, compare, period, comparison } = briefing.value;
  const needs = (section: (typeof sections)[number], isThere: boolean, expected: string): void => {
    const place = sections.indexOf(section);
    if (place >= 0 && !isThere) files.blame(briefing, ["sections", place], "setting", expected);
  };
  needs("score", score !== null, 'a "score" beside this section');
  needs("services", services !== null, '"services" beside this section');
  needs("areas", compare.length > 0, '"compare" beside this section');
  if (period.of === "incident" && comparison === "previous")
    files.blame(briefing, ["comparison"], "setting", '"week" or "year": an incident has no period before it');
}

function checkComparison(
  files: FolderFiles,
  known: Known,
  briefing: Loaded<BriefingFile>,
  { place, inhabited }: { readonly place: number; readonly inhabited: ReadonlySet<string> },
): void {
  const { indicator: id, by, per, of } = briefing.value.compare[place]!;
  const found = known.indicators.loaded.find(({ value }) => value.id === id)?.value;
  if (!found) return;
  const path = ["compare", place] as const;
  if (!found.by.includes(by))
    files.blame(briefing, [...path, "by"], "reference", oneOf(`a grouping of ${id}`, by, found.by));
  const isCount = found.unit === "count";
  if (isCount && (per === null || of !== null))
    files.blame(
      briefing,
      [...path, "per"],
      "setting",
      '"inhabitants": a count alone says how large an area is',
    );
  if (per === "inhabitants" && !inhabited.has(by.replace(/^area\./, "")))
    files.blame(briefing, [...path, "by"], "setting", 'a level of areas that each have a "population"');
  if (!isCount && (of === null || per !== null || found.unit !== "percent"))
    files.blame(
      briefing,
      [...path, "of"],
      "setting",
      "a share in percent, and the count that it is a share of",
    );
  const whole = known.indicators.loaded.find(({ value }) => value.id === of)?.value;
  if (whole && (whole.unit !== "count" || !whole.by.includes(by)))
    files.blame(briefing, [...path, "of"], "reference", `a count that is grouped by ${by} too`);
}
