/** A briefing as it is read: on a telephone, a desk, in front of people, without script and without a network. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { IssuedBriefing } from "../../shared/briefing.ts";
import { sampleIssue, servePages, type ServedPages } from "../briefing-pages.ts";
import { violations } from "./accessibility.ts";
import { launchBrowser } from "./browser.ts";
import { layoutFaults } from "./layout.ts";

let browser: Browser;
let pages: ServedPages;
const path = `/briefing/${sampleIssue.briefing.id}`;

beforeAll(async () => {
  [browser, pages] = await Promise.all([launchBrowser(), servePages([long, sampleIssue])]);
});

afterAll(async () => {
  await browser.close();
  pages.close();
});

/** What the page or its policy complains of. */
const complaints: string[] = [];

async function open(address: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, ...options });
  const page = await context.newPage();
  page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
  page.on("pageerror", (error) => void complaints.push(error.message));
  await page.goto(address);
  await page.evaluate(() => document.fonts.ready);
  return page;
}

const phone = { width: 390, height: 844 };

describe.each([
  ["a telephone, in Chinese", phone, "?lang=zh"],
  ["a tablet in the dark", { width: 820, height: 1180 }, "?theme=dark"],
  ["a desk", { width: 1366, height: 768 }, "?lang=en"],
  ["a desk, as generated, in Chinese", { width: 1920, height: 1080 }, "?lang=zh&generated=1"],
])("on %s", (_, viewport, query) => {
  test("it is accessible, and no word is cut or lies over another", async () => {
    const page = await open(pages.address + path + query, { viewport });
    expect(await violations(page)).toEqual([]);
    // What is far from the screen is not laid out before it comes near.
    await page.locator("section").evaluateAll((sections: HTMLElement[]) => {
      for (const section of sections) section.style.contentVisibility = "visible";
    });
    // The contents at the thumb lie over what is scrolled under them.
    await page.locator("nav").evaluate((nav) => nav.remove());
    expect(await layoutFaults(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await page.context().close();
  });
});

test("it is set in its own face, in both languages", async () => {
  const page = await open(`${pages.address}${path}?lang=zh`);
  const loaded = await page.evaluate(() => [
    document.fonts.check("600 20px 'IBM Plex Sans'", "Aa1"),
    document.fonts.check("20px 'Noto Sans SC'", "城市"),
  ]);
  expect(loaded).toEqual([true, true]);
  await page.context().close();
});

test("a figure leads to its evidence", async () => {
  const page = await open(pages.address + path);
  await page.locator("h1 .figure").click();
  const target = page.locator(":target");
  expect(await target.locator("a").first().getAttribute("href")).toBe(
    sampleIssue.briefing.evidence[0]!.address,
  );
  await page.context().close();
});

test("without script it is read, and offers nothing that needs one", async () => {
  const page = await open(pages.address + path, { javaScriptEnabled: false });
  expect(await page.locator("h1").isVisible()).toBe(true);
  expect(await page.locator("section.slide:visible").count()).toBeGreaterThan(5);
  expect(await page.locator("button:visible").count()).toBe(0);
  await page.context().close();
});

/** The sample with as many sentences as a storm's evening has, each as long as they get. */
const long: IssuedBriefing = {
  ...sampleIssue,
  edition: null,
  briefing: {
    ...sampleIssue.briefing,
    id: "storm-2026-11-27",
    title: { en: "The storm", zh: "风暴" },
    sections: sampleIssue.briefing.sections.map((section) => ({
      ...section,
      statements: Array.from({ length: 22 }, (_, i) => {
        const one = section.statements[i % section.statements.length]!;
        const text = { en: [`${i + 1}. `, ...one.text.en], zh: [`${i + 1}. `, ...one.text.zh] };
        return { ...one, id: `${one.id}/${i}`, text };
      }),
    })),
  },
};

describe.each([
  [1920, 1080],
  [1366, 768],
  [3840, 2160],
])("in front of people at %d × %d", (width, height) => {
  test.each(["en", "zh"])(
    "keys lead through all of a long one, and nothing is ever cut (%s)",
    async (lang) => {
      const address = `${pages.address}/briefing/${long.briefing.id}?lang=${lang}`;
      const page = await open(address, { viewport: { width, height } });
      const shown = (): Promise<{ slides: string[]; texts: string[]; fits: boolean; counter: string }> =>
        page.evaluate(() => {
          const root = document.documentElement;
          const visible = (selector: string) =>
            Array.from(document.querySelectorAll<HTMLElement>(selector)).filter((one) =>
              one.checkVisibility(),
            );
          return {
            slides: visible(".slide").map(({ id }) => id),
            texts: visible(".statements > li, .slide figure .question, .sources > li").map(
              (one) => one.innerText,
            ),
            fits: root.scrollHeight <= innerHeight + 1 && root.scrollWidth <= innerWidth + 1,
            counter: document.querySelector("output")!.value,
          };
        });
      const all = await page
        .locator(".statements > li, .slide figure .question, .sources > li")
        .evaluateAll((items: HTMLElement[]) => items.map((one) => one.innerText.split("\n")[0]));
      await page.keyboard.press("p");
      const steps = [await shown()];
      const count = Number(steps[0]!.counter.split(" / ")[1]);
      for (let i = 1; i < count; i++) {
        await page.keyboard.press(i % 2 === 0 ? "ArrowRight" : "PageDown");
        steps.push(await shown());
      }
      expect(steps.filter(({ fits }) => !fits).map(({ counter }) => counter)).toEqual([]);
      expect(steps.map(({ counter }) => counter)).toEqual(steps.map((_, i) => `${i + 1} / ${count}`));
      for (const { slides } of steps) expect(slides).toHaveLength(1);
      const order = steps.map(({ slides }) => slides[0]!);
      expect([...new Set(order)]).toEqual([
        "cover",
        ...long.briefing.sections.map(({ kind }) => kind),
        "evidence",
      ]);
      expect(count).toBeGreaterThan(new Set(order).size);
      const told = steps.flatMap(({ texts }) => texts.map((text) => text.split("\n")[0]));
      expect(new Set(told)).toEqual(new Set(all));
      await page.keyboard.press("Home");
      expect((await shown()).slides).toEqual(["cover"]);
      await page.keyboard.press("Escape");
      expect((await shown()).slides).toHaveLength(new Set(order).size);
      await page.context().close();
    },
  );
});

test("a screen that changes its size keeps in sight what was read, wherever it is now", async () => {
  const viewport = { width: 1366, height: 768 };
  const page = await open(`${pages.address}/briefing/${long.briefing.id}`, { viewport });
  const firstShown = (): Promise<string> =>
    page.evaluate(
      () =>
        Array.from(
          document.querySelectorAll<HTMLElement>(".slide.shown .statements > li, .slide.shown .sources > li"),
        ).find((one) => one.checkVisibility())?.textContent ?? "",
    );
  const isShown = (text: string): Promise<boolean> =>
    page.evaluate(
      (read) =>
        Array.from(document.querySelectorAll<HTMLElement>(".statements > li, .sources > li")).some(
          (one) => one.textContent === read && one.checkVisibility(),
        ),
      text,
    );
  const resize = async (width: number, height: number): Promise<void> => {
    await page.setViewportSize({ width, height });
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  };
  const part = (): Promise<string> => page.locator(".slide.shown").evaluate(({ id }) => id);
  await page.keyboard.press("p");
  // To the last step of the first part that has several.
  let [last, now] = ["", await part()];
  while (now !== last) {
    await page.keyboard.press("PageDown");
    [last, now] = [now, await part()];
  }
  const read = await firstShown();
  const counter = (): Promise<string> => page.locator("output").innerText();
  const before = await counter();
  expect(read).not.toBe("");
  await resize(900, 420);
  expect(await isShown(read)).toBe(true);
  await resize(1920, 1080);
  expect(await isShown(read)).toBe(true);
  await resize(viewport.width, viewport.height);
  expect([await counter(), await firstShown()]).toEqual([before, read]);
  await page.context().close();
});

test("as a file it is whole without a network, in its own face", async () => {
  const dir = await mkdtemp(join(tmpdir(), "citydeck-file-"));
  const file = join(dir, "briefing.html");
  await writeFile(file, await (await fetch(`${pages.address}${path}?format=html&lang=zh`)).text());
  const context = await browser.newContext({ offline: true, viewport: phone });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => void (request.url().startsWith("data:") || asked.push(request.url())));
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(() => document.fonts.ready);
  expect(asked).toEqual([pathToFileURL(file).href]);
  expect(await page.evaluate(() => document.fonts.check("20px 'Noto Sans SC'", "风暴"))).toBe(true);
  expect(await page.locator("svg:visible").count()).toBeGreaterThan(5);
  await context.close();
  await rm(dir, { recursive: true });
});

test("the archive is accessible, and is searched", async () => {
  const page = await open(`${pages.address}/briefings`, { viewport: phone });
  expect(await violations(page)).toEqual([]);
  await page.getByRole("searchbox").fill("morning");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=morning/);
  await page.locator(".issues a").click();
  await page.waitForURL(`**${path}?lang=en`);
  await page.context().close();
});

test("nothing was refused or broken meanwhile", () => {
  expect(complaints).toEqual([]);
});
