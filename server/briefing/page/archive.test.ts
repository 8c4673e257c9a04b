import { expect, test } from "vitest";
import { sampleBriefing } from "../../../test/briefing-sample.ts";
import type { BriefingItem } from "../../../shared/briefing.ts";
import { archivePage } from "./archive.ts";

const items = Array.from({ length: 1_202 }, (_, i): BriefingItem => {
  const { definition, title, audience, period, knownAt, issuedAt } = sampleBriefing;
  const told = { definition, title, audience, period, knownAt, issuedAt: issuedAt - i };
  const cover = { en: `Issue ${i}.`, zh: `第 ${i} 期。` };
  return { ...told, id: `morning-${i}`, cover, hash: "", corrects: null, correctedBy: null, isSigned: false };
});

test("of years of issues the newest are listed, and the page says how many are not", () => {
  const { body } = archivePage(items, { language: "en", zone: "Europe/Lisbon", search: "" });
  expect(body.match(/<li>/g)).toHaveLength(200);
  expect(body).toContain("Issue 199.");
  expect(body).toContain("1,002 older ones are not listed");
});

test("it leads to the city's start page, in its language", () => {
  const { body } = archivePage(items, { language: "zh", zone: "Europe/Lisbon", search: "" });
  expect(body).toContain('<a href="/?lang=zh">首页</a>');
});

test("an old one is found by its words, and then nothing is left out", () => {
  const { body } = archivePage(items, { language: "zh", zone: "Europe/Lisbon", search: "1201" });
  expect(body).toContain("第 1201 期。");
  expect(body).not.toContain("未列出");
});
