/** The newest briefing on a wall, in one minute: what it says on screens of each shape, and what when it is old or missing. */

import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { buildClientIfNeeded, clientDir } from "../../server/client-build.ts";
import { plainText, type NewestBriefing } from "../../shared/briefing.ts";
import type { SceneDefinition } from "../../shared/wall.ts";
import { sampleBriefing } from "../briefing-sample.ts";
import { launchBrowser } from "./browser.ts";
import { harbourCity } from "./harbour-city.ts";
import { layoutFaults } from "./layout.ts";
import { startScriptedCity } from "./scripted-city.ts";

const hourMs = 3_600_000;

let browser: Browser;
const open: (() => Promise<void>)[] = [];

beforeAll(async () => {
  await buildClientIfNeeded();
  browser = await launchBrowser();
}, 60_000);
afterAll(() => browser.close());
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

const scene: SceneDefinition = {
  id: "briefing",
  title: { en: "The briefing in one minute", zh: "一分钟读简报" },
  seconds: 30,
  map: null,
  regions: {
    left: [],
    centre: [[{ show: "briefing", definition: "morning", when: "always" }]],
    beside: [],
    right: [],
    bottom: [],
  },
  variations: {},
};

const script = harbourCity("calm");

/** Issued so many hours before the wall's clock, of each day. */
function issuedBefore(hours: number): NewestBriefing {
  const city = { ...sampleBriefing.city, zone: script.city.settings.zone };
  const briefing = { ...sampleBriefing, city, issuedAt: script.startAt - hours * hourMs };
  const nextDueAt = briefing.issuedAt + 24 * hourMs;
  return { briefing, hash: "ab".repeat(32), correctedBy: null, edition: null, nextDueAt };
}

/** A wall whose server answers with this issue, or with none. */
async function wall(
  issue: NewestBriefing | null,
  viewport = { width: 1920, height: 1080 },
  language = "en",
): Promise<{ page: Page; issue: (next: NewestBriefing) => void }> {
  const city = await startScriptedCity({ ...script, wall: { ...script.wall, scenes: [scene] } }, clientDir);
  open.push(city.close);
  const page = await browser.newPage({ viewport });
  open.push(() => page.close());
  let newest = issue;
  await page.route("**/api/v1/briefings/morning/latest", (route) =>
    newest ? route.fulfill({ json: newest }) : route.fulfill({ status: 404, json: {} }),
  );
  await page.clock.install();
  await page.goto(`${city.url}/wall/city?lang=${language}`);
  await page.evaluate(() => document.fonts.ready);
  return { page, issue: (next) => (newest = next) };
}

it.each([
  ["a wall of 4K", { width: 3840, height: 2160 }, "en"],
  ["a wall", { width: 1920, height: 1080 }, "zh"],
  ["a very wide wall", { width: 5120, height: 1440 }, "en"],
  ["an upright wall", { width: 1080, height: 1920 }, "zh"],
] as const)(
  "on %s it tells the cover line and at least three sentences, each whole",
  async (_, size, lang) => {
    const { page } = await wall(issuedBefore(2), size, lang);
    await page.getByText(plainText(sampleBriefing.cover, lang)).waitFor();
    const seen = await page.locator("[data-count][data-tone]").evaluateAll((rows) => {
      const box = rows[0]!.parentElement!.getBoundingClientRect();
      return rows.filter((row) => {
        const { right, bottom } = row.getBoundingClientRect();
        return right <= box.right + 1 && bottom <= box.bottom + 1;
      }).length;
    });
    expect(seen).toBeGreaterThanOrEqual(3);
    expect(await layoutFaults(page)).toEqual([]);
  },
);

it("says that it is not of today, and shows the next one when it comes", async () => {
  const { page, issue } = await wall(issuedBefore(24.5));
  await page.getByText(/^YESTERDAY'S BRIEFING, issued/).waitFor();
  issue(issuedBefore(0));
  await page.clock.runFor(25_000);
  await page.getByText(/issued \d\d:\d\d, \d+ (s|min) ago/).waitFor();
  expect(await page.getByText(/YESTERDAY/).count()).toBe(0);
});

it("says in the wall's language that the server cannot be reached, and keeps what it knows", async () => {
  const { page } = await wall(issuedBefore(2), undefined, "zh");
  const cover = page.getByText(plainText(sampleBriefing.cover, "zh"));
  await cover.waitFor();
  await page.route("**/api/v1/briefings/morning/latest", (route) => route.abort());
  await page.clock.runFor(25_000);
  await page.getByText("无法读取简报：无法连接服务器。").waitFor();
  expect(await cover.isVisible()).toBe(true);
});

it("says that there is none yet", async () => {
  const { page } = await wall(null);
  await page.getByText(/has not been issued yet/).waitFor();
});
