import { expect, test } from "vitest";
import { compareFairly } from "./fairness.ts";

test("a count is held to inhabitants, and what chance can make does not differ", () => {
  const { overall, groups } = compareFairly(
    [
      { value: 100, size: 100_000 },
      { value: 95, size: 100_000 },
      { value: 60, size: 20_000 },
    ],
    true,
  );
  expect(overall).toBeCloseTo((255 / 220_000) * 10_000);
  expect(groups.map(({ differs }) => differs)).toEqual([null, null, "above"]);
  expect(groups[2]!.rate).toBe(30);
});

test("what is too small is marked and not ranked, however far off", () => {
  const { groups } = compareFairly(
    [
      { value: 1_000, size: 1_000_000 },
      { value: 4, size: 100 },
    ],
    true,
  );
  expect(groups[1]).toMatchObject({ isSmall: true, differs: null });
});

test("a share is judged by the count that it is a share of", () => {
  const shares = (size: number) =>
    compareFairly(
      [
        { value: 20, size: 10 * size },
        { value: 60, size },
      ],
      false,
    ).groups[1]!.differs;
  expect(shares(12)).toBeNull();
  expect(shares(400)).toBe("above");
});

test("what is not known is left out, and of nothing nothing is known", () => {
  expect(compareFairly([{ value: null, size: 10 }], true).overall).toBeNull();
  expect(
    compareFairly(
      [
        { value: 5, size: null },
        { value: 9, size: 100 },
      ],
      true,
    ).groups[0]!.rate,
  ).toBeNull();
});
