/**
 * Every rule of every table has a case among the connectors' own tests that raises it, and one that does not. Those
 * tests run here once more, and what they raise is written down.
 */

import { globSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { listRuleTables, type RuleTable } from "../server/core/feeds/rules.ts";
import { NoticeLedger } from "../server/core/city/notice-ledger.ts";
import { EntityNotes } from "../server/core/feeds/gtfs-rt/entity-notes.ts";
import { Notices } from "../shared/notice.ts";
import type { Spec } from "../shared/feed.ts";

const root = join(import.meta.dirname, "..");

/** Tests beside the connector's folder that judge its feeds. */
const elsewhere: Readonly<Partial<Record<Spec, readonly string[]>>> = {
  "gtfs-rt": ["server/core/city/against-timetable.test.ts"],
  datex2: ["server/core/city/situation-join.test.ts"],
};

/** Test by test, what one reading of a body said: the codes of its notices. */
const readings: { readonly test: string; readonly codes: ReadonlySet<string> }[] = [];

function noteReading(codes: readonly string[]): void {
  const test = expect.getState().currentTestName ?? "";
  // Bodies made by chance are no cases.
  if (!test.includes("never throws")) readings.push({ test, codes: new Set(codes) });
}

function watchReadings(): void {
  const { list } = Notices.prototype;
  Notices.prototype.list = function () {
    const notices = list.call(this);
    noteReading(notices.map(({ code }) => code));
    return notices;
  };
  const { list: listHeld } = NoticeLedger.prototype;
  NoticeLedger.prototype.list = function () {
    const notices = listHeld.call(this);
    noteReading(notices.map(({ code }) => code));
    return notices;
  };
  const { take } = EntityNotes.prototype;
  EntityNotes.prototype.take = function () {
    const notes = take.call(this);
    noteReading((notes ?? []).map(({ code }) => code));
    return notes;
  };
}

watchReadings();

/** What a `describe` holds: the tests of these files. */
function testsIn(patterns: readonly string[]): () => Promise<void> {
  return async () => {
    for (const path of patterns.flatMap((pattern) => globSync(pattern, { cwd: root })))
      await import(pathToFileURL(join(root, path)).href);
  };
}

const tables: [Spec, RuleTable][] = listRuleTables().map((table) => [table.spec, table]);

const files: readonly (readonly [string, readonly string[]])[] = [
  ...tables.map(
    ([spec]) => [spec, [`server/core/feeds/${spec}/*.test.ts`, ...(elsewhere[spec] ?? [])]] as const,
  ),
  ["several", ["server/core/feeds/rule-cases.test.ts"]],
];
for (const [spec, patterns] of files)
  // oxlint-disable-next-line vitest/valid-describe-callback -- the tests come with the modules
  describe(`the tests of ${spec}`, testsIn(patterns));

describe("every rule has a case that raises it and one that does not", () => {
  it.each(tables)("%s", (spec, { rules }) => {
    const own = readings.filter(({ test }) => test.startsWith(`the tests of ${spec} `));
    const raised = new Set(readings.flatMap(({ codes }) => [...codes]));
    const unraised = rules.filter(({ code }) => !raised.has(code)).map(({ code }) => code);
    const always = rules
      .filter(({ code }) => own.every(({ codes }) => codes.has(code)))
      .map(({ code }) => code);
    expect({ unraised, always }).toEqual({ unraised: [], always: [] });
  });
});
