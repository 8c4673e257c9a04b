import type { SceneMap, WallDefinition } from "../../shared/wall.ts";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildClientIfNeeded, clientDir } from "../../server/client-build.ts";
import type { AreaCollection } from "../../shared/areas.ts";
import { Dictionary, encodeEntityColumns, type EntityFrame } from "../../shared/entity-frame.ts";
import { entityId, type EntityOf } from "../../shared/entity.ts";
import { launchBrowser } from "./browser.ts";
import { harbourCity, startAt } from "./harbour-city.ts";
import { startScriptedCity, type ScriptedCity } from "./scripted-city.ts";

const [west, south, east, north] = [-122.52, 37.7, -122.35, 37.83];

/** Two districts side by side, a little smaller than the city. */
const areas: AreaCollection = {
  type: "FeatureCollection",
  features: [
    { id: "old-town", en: "Old town", zh: "老城", from: west + 0.01, to: -122.44 },
    { id: "docks", en: "Docks", zh: "码头", from: -122.44, to: east - 0.01 },
  ].map(({ id, en, zh, from, to }) => ({
    type: "Feature",
    properties: { id, name: { en, zh } },
    geometry: {
      type: "Polygon",
      coordinates: [
        [
          [from, south + 0.01],
          [to, south + 0.01],
          [to, north - 0.01],
          [from, north - 0.01],
          [from, south + 0.01],
        ],
      ],
    },
  })),
};

function calls(count: number): EntityFrame {
  const entities = Array.from({ length: count }, (_, i): EntityOf<"DispatchCall"> => ({
    id: entityId("calls", "DispatchCall", String(i)),
    kind: "DispatchCall",
    feedId: "calls",
    sourceId: String(i),
    observedAt: startAt - i * 60_000,
    receivedAt: startAt,
    position: [-122.5 + (i % 10) * 0.013, 37.72 + (Math.floor(i / 10) % 10) * 0.009],
    quality: "good",
    fields: { status: "open", callType: `Call ${i}`, callAt: startAt - i * 60_000 },
  }));
  const dictionary = new Dictionary();
  const slots = entities.map((_, i) => i + 1);
  const columns = encodeEntityColumns("DispatchCall", entities, slots, dictionary);
  const ids = entities.map(({ id }, i) => [i + 1, id] as const);
  const texts = dictionary.since(1);
  return { kind: "DispatchCall", count, columns, ids, removed: [], firstText: 1, texts };
}

async function cityWith(entities: EntityFrame[]): Promise<ScriptedCity> {
  const script = harbourCity("calm");
  const [scene] = script.wall.scenes;
  const map: SceneMap = { layers: ["DispatchCall"], shade: null };
  const wall: WallDefinition = { ...script.wall, scenes: [{ ...scene!, map }] };
  return startScriptedCity({ ...script, wall, areas, entities }, clientDir);
}

/** Pixels of the map between the columns, per colour; the colours are the dark theme's tokens. */
async function countColours(page: Page, blank: Page): Promise<{ land: number; cross: number }> {
  const clip = { x: 413, y: 160, width: 413, height: 400 };
  const png = (await page.screenshot({ clip })).toString("base64");
  return blank.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
    pen.drawImage(bitmap, 0, 0);
    const pixels = pen.getImageData(0, 0, bitmap.width, bitmap.height).data;
    const found = { land: 0, cross: 0 };
    for (let i = 0; i < pixels.length; i += 4) {
      const [red, green, blue] = [pixels[i]!, pixels[i + 1]!, pixels[i + 2]!];
      if (red === 0x20 && green === 0x22 && blue === 0x25) found.land++;
      if (Math.min(red, green, blue) > 0xfa) found.cross++;
    }
    return found;
  }, png);
}

// Software drawing on a busy machine takes seconds a frame.
describe("the map", { timeout: 90_000 }, () => {
  let browser: Browser;
  let context: BrowserContext;
  let blank: Page;
  let full: ScriptedCity;
  let empty: ScriptedCity;

  beforeAll(async () => {
    await buildClientIfNeeded();
    browser = await launchBrowser();
    context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    blank = await context.newPage();
    full = await cityWith([calls(100)]);
    empty = await cityWith([calls(0)]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await Promise.all([full?.close(), empty?.close()]);
  });

  async function open(city: ScriptedCity, query: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${city.url}/wall/city?lang=en&theme=dark${query}`);
    await page.getByText("Old town").waitFor({ state: "visible" });
    return page;
  }

  async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const value = await read();
      if (holds(value) || attempt === 30) return value;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  test("draws the areas and a cross per call", async () => {
    const page = await open(full, "");
    const drawn = await until(
      () => countColours(page, blank),
      ({ land, cross }) => land > 0 && cross > 0,
    );
    expect(drawn.land).toBeGreaterThan(40_000);
    expect(drawn.cross).toBeGreaterThan(800);
    await page.close();
  });

  test("draws the ground without a complaint in the console, with no basemap too", async () => {
    const page = await context.newPage();
    // A busy machine: the fonts are there before the first frame.
    await page.addInitScript(() => {
      const atOnce = window.requestAnimationFrame.bind(window);
      window.requestAnimationFrame = (draw) => window.setTimeout(() => atOnce(draw), 400);
    });
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.text().includes("style")) complaints.push(message.text());
    });
    await page.goto(`${full.url}/wall/city?lang=en&theme=dark`);
    await page.locator("[data-drawn=true]").waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("draws the same ground and nothing else when there are no calls", async () => {
    const page = await open(empty, "");
    const drawn = await until(
      () => countColours(page, blank),
      ({ land }) => land > 0,
    );
    expect(drawn.land).toBeGreaterThan(40_000);
    expect(drawn.cross).toBeLessThan(100);
    await page.close();
  });

  test("comes back after its WebGL contexts are lost", async () => {
    const page = await open(full, "");
    await until(
      () => countColours(page, blank),
      ({ cross }) => cross > 800,
    );
    const lost = await page.evaluate(() => {
      const all = Array.from(document.querySelectorAll("canvas"), (canvas) => canvas.getContext("webgl2"));
      const contexts = all.filter((one) => one !== null);
      for (const one of contexts) one.getExtension("WEBGL_lose_context")!.loseContext();
      return contexts.length;
    });
    expect(lost).toBe(2);
    await page.waitForTimeout(1_500);
    const drawn = await until(
      () => countColours(page, blank),
      ({ land, cross }) => land > 40_000 && cross > 800,
    );
    expect(drawn.cross).toBeGreaterThan(800);
    await page.close();
  });

  test("stands through a new word of the city that says the same of its bounds", async () => {
    const page = await open(full, "");
    const kept = await page.locator("canvas").elementHandles();
    const hellos = full.hellos.length;
    full.restart();
    await expect.poll(() => full.hellos.length, { timeout: 9_000 }).toBeGreaterThan(hellos);
    await page.waitForTimeout(1_500);
    expect(await Promise.all(kept.map((one) => one.evaluate((canvas) => canvas.isConnected)))).toEqual(
      kept.map(() => true),
    );
    await page.close();
  });

  test("has the same things in a list that the keyboard drives, and the address remembers", async () => {
    const page = await open(full, "&list=1");
    const list = page.getByRole("listbox");
    await list.waitFor();
    expect(await page.getByRole("option").first().getAttribute("aria-setsize")).toBe("100");
    expect(await page.getByRole("option").first().innerText()).toContain("Call 0");
    await list.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(new URL(page.url()).searchParams.get("at")).toBe("calls/DispatchCall/1");
    expect(await page.getByRole("option", { selected: true }).innerText()).toContain("Call 1");
    await page.keyboard.press("End");
    await page.getByText("Call 99", { exact: true }).waitFor();
    await page.close();
  });

  test("says so without WebGL and keeps the list", async () => {
    const bare = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    await bare.addInitScript(() => {
      const real = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...args: [string]) {
        return args[0].startsWith("webgl") ? null : real.apply(this, args);
      } as typeof real;
    });
    const page = await bare.newPage();
    await page.goto(`${full.url}/wall/city?lang=en`);
    await page.getByText("This browser cannot draw the map").waitFor();
    await page.getByRole("listbox").waitFor();
    await bare.close();
  });

  test("comes by itself where the browser refused to draw for a while", async () => {
    const bare = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    await bare.addInitScript(() => {
      const real = HTMLCanvasElement.prototype.getContext;
      Object.assign(globalThis, { refused: true });
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...args: [string]) {
        const isRefused = (globalThis as unknown as { refused: boolean }).refused;
        return isRefused && args[0].startsWith("webgl") ? null : real.apply(this, args);
      } as typeof real;
    });
    const page = await bare.newPage();
    await page.clock.install();
    await page.goto(`${full.url}/wall/city?lang=en`);
    await page.getByText("This browser cannot draw the map").waitFor();
    await page.evaluate(() => Object.assign(globalThis, { refused: false }));
    await page.clock.runFor(61_000);
    await page.getByText("This browser cannot draw the map").waitFor({ state: "detached" });
    await page.getByText("Old town").waitFor({ state: "visible" });
    await bare.close();
  });
});
