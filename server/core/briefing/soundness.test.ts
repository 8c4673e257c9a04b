import { expect, test } from "vitest";
import { sectionsShown, type Briefing, type Edition, type Statement } from "../../../shared/briefing.ts";
import { sampleBriefing } from "../../../test/briefing-sample.ts";
import { briefingFaults } from "./soundness.ts";

const [score, unusual] = sampleBriefing.sections;

function withStatement(change: Partial<Statement>): Briefing {
  const [first, ...rest] = score!.statements;
  const [, ...sections] = sampleBriefing.sections;
  return {
    ...sampleBriefing,
    sections: [{ ...score!, statements: [{ ...first!, ...change }, ...rest] }, ...sections],
  };
}

test("the sample may be issued", () => {
  expect(briefingFaults(sampleBriefing)).toEqual([]);
});

test("a sentence without evidence, or with evidence that is not there, is a fault", () => {
  expect(briefingFaults(withStatement({ evidence: [] }))).toContain("score/platform.city-score: no evidence");
  expect(briefingFaults(withStatement({ evidence: [0, 1, 99] }))).toEqual([
    "score/platform.city-score: there is no evidence 99",
  ]);
});

test("a language that leaves a figure out is a fault", () => {
  const { text } = score!.statements[0]!;
  expect(briefingFaults(withStatement({ text: { ...text, zh: ["得分下降。"] } }))).toEqual([
    "score/platform.city-score (zh): names 0 of 2 figures",
  ]);
});

test("what is said twice is a fault, and so is what is out of order", () => {
  const again = { ...unusual!.statements[0]!, id: "score/again" };
  const twice = {
    ...sampleBriefing,
    sections: [{ ...score!, statements: [...score!.statements, again] }, unusual!],
  };
  expect(briefingFaults(twice).filter((fault) => fault.startsWith("sentence"))).toHaveLength(2);
  const turned = { ...unusual!, statements: unusual!.statements.toReversed() };
  expect(briefingFaults({ ...sampleBriefing, sections: [turned] })).toEqual(["unusual: out of order"]);
});

test("what is not known has no value, and what is revised says what it was", () => {
  const [figure, other] = score!.statements[0]!.figures;
  const odd = withStatement({
    figures: [
      { ...figure!, value: null },
      { ...other!, was: 60 },
    ],
  });
  expect(briefingFaults(odd)).toEqual([
    "score/platform.city-score: a figure that is sound has the value null",
    "score/platform.city-score: a figure that is sound was 60",
  ]);
});

test("an edition orders and hides sections, and what it does not name comes last", () => {
  const edition: Edition = {
    briefing: sampleBriefing.id,
    number: 1,
    at: 0,
    editor: "Duty officer",
    comments: [],
    hidden: ["targets"],
    order: ["data", "areas", "score"],
    isSigned: false,
  };
  const kinds = sectionsShown(sampleBriefing, edition).map(({ kind }) => kind);
  expect(kinds).toEqual(["data", "areas", "score", "unusual", "timeline", "services"]);
});
