import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleBriefing } from "../../test/briefing-sample.ts";
import type { Briefing } from "../../shared/briefing.ts";
import { folded, sentencesOf, wordsOf } from "../core/briefing/archive-search.ts";
import { ArchiveText } from "./archive-text.ts";

/** The sample with one more sentence. */
function issue(id: string, en: string, zh: string): Briefing {
  const [section] = sampleBriefing.sections;
  const [statement] = section!.statements;
  const told = { ...statement!, cause: null, text: { en: [en], zh: [zh] } };
  return { ...sampleBriefing, id, sections: [{ ...section!, statements: [told] }] };
}

function archiveOf(issues: readonly Briefing[]): ArchiveText {
  const text = new ArchiveText();
  for (const one of issues) text.add(one);
  return text;
}

describe("what briefings say is found", () => {
  const text = archiveOf([
    issue("quay-1", "Quay Street was closed for 3 hours.", "码头街封闭 3 小时。"),
    issue("quay-2", "Quay Street was open\nagain.", "码头街恢复通行。"),
    issue("mill-1", "Mill Lane: ＡＬＬ closed.", "磨坊巷 P1 告警 2 次。"),
  ]);
  const sentences = async (search: string): Promise<unknown> => Object.fromEntries(await text.find(search));

  test.each([
    ["closed quay", ["quay-1"]],
    ["QUAY street", ["quay-1", "quay-2"]],
    ["码头", ["quay-1", "quay-2"]],
    ["街", ["quay-1", "quay-2"]],
    ["通行 码头", ["quay-2"]],
    ["封闭3小时", ["quay-1"]],
    ["closed 告警", ["mill-1"]],
    ["all", ["mill-1"]],
    ["quay-2", ["quay-2"]],
    ["quay mill", []],
    ["closed\nmill", ["mill-1"]],
  ])("%j in %j", async (search, ids) => {
    expect([...(await text.find(search)).keys()]).toEqual(ids);
  });

  test("with the sentence that has most of the words, in both languages", async () => {
    expect(await sentences("3 closed quay")).toEqual({
      "quay-1": { en: "Quay Street was closed for 3 hours.", zh: "码头街封闭 3 小时。" },
    });
    expect(await sentences("again")).toEqual({
      "quay-2": { en: "Quay Street was open again.", zh: "码头街恢复通行。" },
    });
    expect(await sentences("告警")).toEqual({
      "mill-1": { en: "Mill Lane: ＡＬＬ closed.", zh: "磨坊巷 P1 告警 2 次。" },
    });
    expect(await sentences("  ")).toEqual({});
  });
});

test("among many as when each is read", async () => {
  const piece = fc.constantFrom("Quay", "closed", "12", "街", "码头", "告警", "ßÉ", "ﬁre", "İ");
  const pieces = fc.array(piece, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(pieces, pieces), { minLength: 1, maxLength: 230 }),
      pieces,
      async (said, asked) => {
        const issues = said.map(([en, zh], i) => issue(`i-${i}`, en.join(" "), zh.join("")));
        const words = wordsOf(asked.join(" "));
        const expected = issues.filter((one) => {
          const lines = sentencesOf(one).flatMap(({ en, zh }) => [folded(en), folded(zh)]);
          return words.every((word) => lines.some((line) => line.includes(word)));
        });
        const found = await archiveOf(issues).find(asked.join(" "));
        expect([...found.keys()]).toEqual(expected.map(({ id }) => id));
      },
    ),
    { numRuns: 20 },
  );
});
