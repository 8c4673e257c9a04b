import fc from "fast-check";
import { expect, test } from "vitest";
import { moved, withValue } from "./edit.ts";

const text = `{
  "id": "transport.on-time",
  "title": { "en": "On time", "zh": "准点率" },
  "target": 85,
  "by": ["routeName", "area.district"]
}
`;

test("a value changes and nothing else does", () => {
  expect(withValue(text, ["target"], 90)).toBe(text.replace("85", "90"));
  expect(withValue(text, ["title", "zh"], "正点率")).toBe(text.replace("准点率", "正点率"));
});

test("a member comes and goes", () => {
  expect(JSON.parse(withValue(text, ["target"], undefined))).not.toHaveProperty("target");
  expect(JSON.parse(withValue(text, ["unit"], "percent"))).toMatchObject({ unit: "percent", target: 85 });
});

test("any list is put in the place of another, deep inside", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 8 })),
      fc.array(fc.string({ maxLength: 8 })),
      (before, after) => {
        const file = JSON.stringify({ scenes: [{ right: [[{ before }]] }], last: 1 }, null, 2);
        const changed = withValue(file, ["scenes", 0, "right", 0, 0, "before"], after);
        expect(JSON.parse(changed)).toEqual({ scenes: [{ right: [[{ before: after }]] }], last: 1 });
      },
    ),
    { seed: 3 },
  );
});

test("an entry moves up and down", () => {
  expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
  expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
});
