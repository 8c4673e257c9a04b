import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { SceneDefinition, Viewing } from "../../shared/wall.ts";
import { buildClientIfNeeded, clientDir } from "../../server/client-build.ts";
import { launchBrowser } from "./browser.ts";
import { harbourCity } from "./harbour-city.ts";
import { startScriptedCity } from "./scripted-city.ts";

/** A map that begins anew takes its time on a busy machine. */
const patience = { timeout: 10_000 };

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

/** The data health of the harbour city, without a map. */
const data: SceneDefinition = {
  id: "data",
  title: { en: "Data health", zh: "数据健康" },
  seconds: 5,
  map: null,
  regions: { left: [], centre: [[{ show: "feeds", when: "always" }]], beside: [], right: [], bottom: [] },
  variations: {},
};

/** The harbour city's wall with a second scene, its first one as short as a scene may be. */
async function visitScenes(
  query = "",
  options: BrowserContextOptions = {},
  viewing: Partial<Viewing> = {},
): Promise<Page> {
  const script = harbourCity("storm");
  const [overview] = script.wall.scenes;
  const wall = {
    ...script.wall,
    viewing: { ...script.wall.viewing, ...viewing },
    scenes: [{ ...overview!, seconds: 5 }, data],
  };
  const city = await startScriptedCity({ ...script, wall }, clientDir);
  open.push(city.close);
  const context = await browser.newContext({
    viewport: { width: 1920, height: 1080 },
    locale: "en-GB",
    ...options,
  });
  open.push(() => context.close());
  const page = await context.newPage();
  await page.goto(`${city.url}/wall/city${query}`);
  await page.locator("header").waitFor();
  return page;
}

async function shownScene(page: Page): Promise<string> {
  return (await page.locator("header button[aria-current='true']").getAttribute("aria-label")) ?? "";
}

describe("the scenes of a wall", () => {
  it("take turns by themselves, with the time that is left in sight", async () => {
    const page = await visitScenes();
    expect(await shownScene(page)).toBe("City overview");
    await page.getByText(/^next in \d s$/).waitFor();
    await expect.poll(() => shownScene(page), { timeout: 15_000 }).toBe("Data health");
    await page.getByRole("table").waitFor();
    await expect.poll(() => shownScene(page), { timeout: 15_000 }).toBe("City overview");
  });

  it("stand while paused and turn by key", async () => {
    const page = await visitScenes();
    await page.keyboard.press("Space");
    await page.getByText("paused").waitFor();
    await page.waitForTimeout(7_000);
    expect(await shownScene(page)).toBe("City overview");
    await page.keyboard.press("n");
    await expect.poll(() => shownScene(page), patience).toBe("Data health");
    await page.keyboard.press("1");
    await expect.poll(() => shownScene(page), patience).toBe("City overview");
  });

  it("are pinned by the address, which follows a choice", async () => {
    const page = await visitScenes("?scene=data");
    expect(await shownScene(page)).toBe("Data health");
    await page.keyboard.press("s");
    await page.getByRole("dialog").getByText("City overview").click();
    await expect.poll(() => shownScene(page), patience).toBe("City overview");
    expect(new URL(page.url()).searchParams.get("scene")).toBe("overview");
  });

  it("share one map, which survives a scene without one", async () => {
    const page = await visitScenes("?scene=overview");
    const canvas = page.locator("canvas.maplibregl-canvas");
    await canvas.waitFor({ timeout: 20_000 });
    await canvas.evaluate((element) => {
      element.dataset["mark"] = "first";
    });
    await page.keyboard.press("n");
    await page.getByRole("table").waitFor();
    await page.keyboard.press("n");
    await expect.poll(() => shownScene(page), patience).toBe("City overview");
    expect(await canvas.getAttribute("data-mark")).toBe("first");
  });
});

it("the table of feeds keeps within a side column", async () => {
  const script = harbourCity("storm");
  const aside: SceneDefinition = {
    ...data,
    regions: { ...data.regions, centre: [], right: [[{ show: "feeds", when: "always" }]] },
  };
  const city = await startScriptedCity({ ...script, wall: { ...script.wall, scenes: [aside] } }, clientDir);
  open.push(city.close);
  for (const lang of ["en", "zh"]) {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    open.push(() => page.close());
    await page.goto(`${city.url}/wall/city?lang=${lang}`);
    const table = page.getByRole("table");
    await table.waitFor();
    const [inner, outer] = await table.evaluate((element) => [
      element.getBoundingClientRect(),
      element.closest("section")!.getBoundingClientRect(),
    ]);
    expect(inner!.right).toBeLessThanOrEqual(outer!.right);
    const narrowest = (): Promise<number> =>
      table
        .getByRole("rowheader")
        .evaluateAll((cells) => Math.min(...cells.map(({ clientWidth }) => clientWidth)));
    await expect.poll(narrowest).toBeGreaterThan(180);
  }
});

it("the data health says nothing of live feeds when the page has lost the server", async () => {
  const script = harbourCity("calm");
  const city = await startScriptedCity({ ...script, wall: { ...script.wall, scenes: [data] } }, clientDir);
  open.push(city.close);
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, locale: "en-GB" });
  open.push(() => context.close());
  const page = await context.newPage();
  await page.goto(`${city.url}/wall/city`);
  const feeds = page.getByRole("region", { name: "Feeds", exact: true });
  await feeds.getByText("all 6 feeds live").waitFor();
  city.fallSilent();
  await page.getByText(/Disconnected/).waitFor(patience);
  expect(await feeds.innerText()).not.toMatch(/live/);
}, 30_000);

describe("a wall's screen", () => {
  it("sizes the type for its viewing distance", async () => {
    const size = async (distanceMetres: number): Promise<number> => {
      const page = await visitScenes("?scene=data", {}, { distanceMetres, diagonalInches: 55 });
      return page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
    };
    expect(await size(3)).toBeCloseTo(10, 3);
    expect(await size(7.08)).toBeCloseTo(20, 1);
  });

  it("that is upright shows everything at once, nothing over another", async () => {
    const page = await visitScenes("?scene=overview", { viewport: { width: 1080, height: 1920 } });
    await page.locator("[data-indicator]").nth(11).waitFor();
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    expect(height).toBeLessThanOrEqual(1920);
    const boxes = await page
      .locator("header, [class*=left], section[aria-label=Map], main, [class*=bottom]")
      .evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().toJSON() as DOMRect));
    const shown = boxes.filter(({ width, height }) => width > 200 && height > 50);
    expect(shown.length).toBeGreaterThanOrEqual(5);
    for (const [i, one] of shown.entries())
      for (const other of shown.slice(i + 1)) {
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        expect(Math.min(across, down)).toBeLessThanOrEqual(1);
      }
  });

  it("that is upright gives no room to a summary that a scene has not", async () => {
    const page = await visitScenes("?scene=data", { viewport: { width: 1080, height: 1920 } });
    const table = (await page.getByRole("table").boundingBox())!;
    const header = (await page.locator("header").boundingBox())!;
    expect(table.y - (header.y + header.height)).toBeLessThan(80);
    expect(table.width).toBeGreaterThan(1000);
  });

  it("has the same space between all of its columns", async () => {
    const page = await visitScenes("?scene=overview");
    const columns = [
      page.getByRole("region", { name: "Overview" }),
      page.getByRole("region", { name: "Map", exact: true }),
      page.getByRole("main"),
    ];
    const boxes = await Promise.all(columns.map((one) => one.boundingBox()));
    const gaps = boxes.slice(1).map((box, i) => Math.round(box!.x - (boxes[i]!.x + boxes[i]!.width)));
    expect(gaps).toEqual([28, 28]);
  });

  it("of several side by side shows its own part and hides what is behind the bezels", async () => {
    const screens = { across: 2, bezelMillimetres: 24 };
    const left = async (screen: number): Promise<number> => {
      const page = await visitScenes(`?scene=overview&screen=${screen}`, {}, { screens, diagonalInches: 55 });
      const header = await page.locator("header").boundingBox();
      return header!.x;
    };
    const bezel = (24 / 1_217.6) * 1920;
    expect((await left(1)) - (await left(2))).toBeCloseTo(1920 + bezel, 0);
  });
});
