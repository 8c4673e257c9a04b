import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { wordsIn } from "../words/words.ts";
import { fieldInLetters, groupingWords } from "./grouping-words.ts";

const fixtures = join(import.meta.dirname, "../../fixtures");

test("a ranking by name is not one by kind", () => {
  expect(wordsIn("en")(groupingWords("name")!)).toBe("name");
  expect(wordsIn("zh")(groupingWords("name")!)).toBe("名称");
  expect(wordsIn("en")(groupingWords("callTypeGroup")!)).toBe("kind");
});

test("a field without words is called as it is spelled", () => {
  expect(groupingWords("trafficConstrictionType")).toBeNull();
  expect(groupingWords("constructor")).toBeNull();
  expect(fieldInLetters("trafficConstrictionType")).toBe("traffic constriction type");
});

test("every grouping of the cities here has its words", () => {
  const files = globSync("*/indicators/*.json", { cwd: fixtures });
  const groupings = files.flatMap(
    (file) => (JSON.parse(readFileSync(join(fixtures, file), "utf8")) as { by?: string[] }).by ?? [],
  );
  expect(groupings.length).toBeGreaterThan(20);
  const fields = new Set(groupings.filter((by) => !by.startsWith("area.")));
  expect([...fields].filter((by) => groupingWords(by) === null)).toEqual([]);
});
