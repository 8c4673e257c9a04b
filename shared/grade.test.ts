import { describe, expect, it } from "vitest";
import { completenessOf, gradeOf, requirements, type GradedFeed } from "./grade.ts";

const best: GradedFeed = {
  status: "fresh",
  hasError: false,
  department: "mobility",
  licence: "CC-BY-4.0",
  agreement: { isInForce: true },
  onTimePercent: 99,
  errors: 0,
  warnings: 0,
  timeFaults: 0,
  completeness: 100,
  promisedCompleteness: null,
  version: "3.0",
  newestVersion: "3.0",
};

describe("the grade of a feed", () => {
  it("is platinum when nothing is missing", () => {
    expect(gradeOf(best)).toEqual({ grade: "platinum", missing: [] });
  });

  it.each<[keyof typeof faults, string | null]>([
    ["reachable", null],
    ["readable", null],
    ["owner", "bronze"],
    ["licence", "bronze"],
    ["agreement", "bronze"],
    ["cadence", "bronze"],
    ["no-errors", "silver"],
    ["true-times", "silver"],
    ["no-warnings", "gold"],
    ["complete", "gold"],
    ["newest-version", "gold"],
  ])("without %s is %s, and says so", (id, grade) => {
    const graded = gradeOf({ ...best, ...faults[id] });
    expect(graded.grade).toBe(grade);
    expect(graded.missing.map((one) => one.id)).toContain(id);
  });

  it("has a fault for each requirement", () => {
    expect(Object.keys(faults)).toEqual(requirements.map(({ id }) => id));
  });

  it("holds a feed to the completeness that its agreement promises, and to no version where there is none", () => {
    expect(gradeOf({ ...best, completeness: 98, promisedCompleteness: 97 }).grade).toBe("platinum");
    expect(gradeOf({ ...best, completeness: 98, promisedCompleteness: 99 }).grade).toBe("gold");
    expect(gradeOf({ ...best, version: null, newestVersion: null }).grade).toBe("platinum");
  });

  it("lists all that is missing, not only for the next grade", () => {
    const { grade, missing } = gradeOf({ ...best, agreement: null, warnings: 3 });
    expect(grade).toBe("bronze");
    expect(missing).toEqual([
      { grade: "silver", id: "agreement" },
      { grade: "platinum", id: "no-warnings" },
    ]);
  });
});

const faults = {
  reachable: { hasError: true },
  readable: { status: "waiting" },
  owner: { department: null },
  licence: { licence: "unknown" },
  agreement: { agreement: { isInForce: false } },
  cadence: { onTimePercent: null },
  "no-errors": { errors: 1 },
  "true-times": { timeFaults: 1 },
  "no-warnings": { warnings: 1 },
  complete: { completeness: 90 },
  "newest-version": { version: "2.3" },
} satisfies Record<string, Partial<GradedFeed>>;

it("counts what came through against what was lost", () => {
  expect(completenessOf(0, 0)).toBeNull();
  expect(completenessOf(0, 4)).toBe(0);
  expect(completenessOf(99, 1)).toBe(99);
});
