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

const view = {
  language: "en",
  theme: "light",
  zone: "Europe/Lisbon",
  search: "",
  city: sampleBriefing.city.title,
  now: Date.parse("2026-11-27T06:31Z"),
  clock: "simulated",
} as const;

test("of years of issues the newest are listed, and the page says how many are not", () => {
  const { body } = archivePage(items, view);
  expect(body.match(/<li>/g)).toHaveLength(200);
  expect(body).toContain("Issue 199.");
  expect(body).toContain("1,002 older ones are not listed");
});

test("it leads to the city's start page, in its language", () => {
  const { body } = archivePage(items, { ...view, language: "zh" });
  expect(body).toContain('<a href="/?lang=zh">首页</a>');
});

test("what was found is told with the sentence, unless that is read already", () => {
  const [one, other] = items;
  const found = { en: "Mill Lane was closed.", zh: "磨坊巷封闭。" };
  const searched = { ...view, language: "zh", search: "磨坊" } as const;
  const { body } = archivePage(
    [
      { ...one!, found },
      { ...other!, found: other!.cover },
    ],
    searched,
  );
  expect(body.match(/文中：[^<]*/g)).toEqual(["文中：磨坊巷封闭。"]);
  expect(archivePage([], searched).body).toContain("所有简报中均无“磨坊”。");
});

test("it says of which city it is, what time it is there, that it is simulated, and where one is issued", () => {
  const { title, body } = archivePage(items, view);
  expect(title).toBe("Briefings, Merrow Bay");
  expect(body).toContain('<time datetime="2026-11-27T06:31:00.000Z">27 Nov 2026 06:31</time>');
  expect(body).toContain("SIMULATED");
  expect(body).toContain('<a href="/briefings/issue?lang=en">');
});

test("a dark room stays dark, wherever its links lead", () => {
  const page = archivePage(items.slice(0, 1), { ...view, theme: "night" });
  expect(page.theme).toBe("night");
  for (const [, query] of page.body.matchAll(/href="[^"?]*\?([^"]*)"/g))
    expect(query).toContain("theme=night");
  expect(page.body).toContain('<input type="hidden" name="theme" value="night"');
});
