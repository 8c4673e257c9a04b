/** Whatever a day was, its page is well-formed in both languages and has no figure that is none. */

import fc from "fast-check";
import { SaxesParser } from "saxes";
import { expect, test } from "vitest";
import { languages } from "../../../shared/city.ts";
import { composeBriefing } from "../../core/briefing/compose.ts";
import { scriptedFacts } from "../../core/briefing/scripted-facts.ts";
import { briefingDocument } from "./document.ts";

const day = fc.record({
  hours: fc.integer({ min: 1, max: 24 }),
  value: fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true })),
  from: fc.integer({ min: 0, max: 23 }),
  alarms: fc.integer({ min: 0, max: 40 }),
  areas: fc.array(fc.tuple(fc.option(fc.nat(500)), fc.integer({ min: 1, max: 90_000 })), { maxLength: 6 }),
  name: fc.string({ unit: "grapheme", maxLength: 40 }),
});

test("any day's page is well-formed, and names and figures are what they were", () => {
  fc.assert(
    fc.property(day, ({ hours, value, from, alarms, areas, name }) => {
      const facts = scriptedFacts({
        hours,
        changes: {
          "transport.on-time": [{ from, to: 24, value }],
          "platform.city-score": [{ from, to: 24, value }],
        },
        alarms: Array.from({ length: alarms }, (_, i) => ({
          rule: "security.units-short",
          from: i / 2,
          to: i % 3 === 0 ? null : i / 2 + 0.25,
        })),
        areas: areas.map(([count, inhabitants], i) => ({
          id: `a${i}`,
          name: { en: `${i} ${name}`, zh: `${name}${i}` },
          count,
          inhabitants,
        })),
      });
      const briefing = composeBriefing(facts, {
        id: "morning-2026-11-27",
        issuedAt: facts.knownAt,
        dueAt: null,
        corrects: null,
      });
      for (const language of languages) {
        const { body } = briefingDocument(
          { briefing, hash: "ab", correctedBy: null, edition: null },
          { language, theme: "light", base: "", isGenerated: false, isPage: true },
        );
        expect(body).not.toMatch(/NaN|Infinity|undefined|\[object/);
        expect(() => parse(body)).not.toThrow();
      }
    }),
    { numRuns: 25 },
  );
});

function parse(markup: string): void {
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  // What XML 1.0 has no sign for, HTML passes over.
  parser
    .write(
      `<body>${markup.replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "")}</body>`,
    )
    .close();
}
