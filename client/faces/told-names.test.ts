import { expect, test } from "vitest";
import { becauseOf, toldNames } from "./told-names.ts";

const roles = [
  {
    id: "duty",
    title: { en: "Duty officer", zh: "值班员" },
    contacts: [
      { id: "day", title: { en: "By day", zh: "日间" } },
      { id: "pager", title: null },
    ],
  },
];
const titleOfRule = (id: string): string => `rule ${id}`;

test("those who are told are called by their titles in the reader's language, without one by their ids", () => {
  const names = toldNames(roles, ({ zh }) => zh);
  expect([names.role("duty"), names.contact("duty", "day")]).toEqual(["值班员", "日间"]);
  expect([names.role("gone"), names.contact("duty", "pager"), names.contact("gone", "day")]).toEqual([
    "gone",
    "pager",
    "day",
  ]);
});

test("a decision names whom it told, and the rule that says it already", () => {
  const names = toldNames(roles, ({ en }) => en);
  const because = (decision: "told" | "inhibited" | "known" | "quiet", word: string | null) =>
    becauseOf({ decision, because: word, role: "duty" }, names, titleOfRule);
  expect(because("told", "day, pager")).toBe("By day · pager");
  expect(because("inhibited", "flood")).toBe("rule flood");
  expect(because("known", "Transport desk")).toBe("Transport desk");
  expect(because("quiet", null)).toBe("");
});
