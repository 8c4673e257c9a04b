/** The explorer's annotations: written from the chart or by keyboard, changed, removed, and refused with a reason. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Annotation } from "../../shared/annotation.ts";
import { violations } from "./accessibility.ts";
import { startBikeCity, type BikeCity } from "./bike-city.ts";
import { withToken } from "../running-city.ts";
import { bikesId as id, recordBikes } from "./hourly-bikes.ts";

const hour = 3_600_000;
const bikes = `/explorer?show=${id}&range=last-2-day&bucket=hour&lang=en`;

let city: BikeCity;

beforeAll(async () => {
  city = await startBikeCity("annotations");
}, 120_000);

afterAll(() => city?.stop());

const path = (): string => `${city.url}/api/v1/annotations`;
const written = async (): Promise<Annotation[]> => (await (await fetch(path())).json()) as Annotation[];
const send = (method: string, address: string, body?: object): Promise<Response> =>
  fetch(address, {
    method,
    headers: { ...withToken, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });

/** A page whose chart has a value in every hour. */
async function visit(address: string, viewport?: { width: number; height: number }): Promise<Page> {
  const page = await city.visit("/?lang=en", viewport);
  await recordBikes(page, (i) => 20 + (i % 5));
  await page.goto(`${city.url}${address}`);
  await page.getByRole("img", { name: /^Lines: |^折线：/ }).waitFor();
  return page;
}

const list = (page: Page) => page.getByRole("region", { name: "Annotations" });

it("are written at a moment of the chart, stand over it, are changed and removed", async () => {
  const page = await visit(bikes);
  const chart = page.getByRole("img", { name: /^Lines: / });
  await chart.locator("svg").waitFor();
  const pointed = (await chart.boundingBox())!;
  await page.mouse.click(pointed.x + pointed.width * 0.5, pointed.y + pointed.height * 0.6);
  const form = page.getByRole("form", { name: "Annotate" });
  await form.waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA");
  await page.keyboard.type("Ferry pier closed");
  // The form has taken the page to it. With it open, what is drawn over is what is written about.
  const { x, y, width, height } = (await chart.boundingBox())!;
  await page.mouse.move(x + width * 0.4, y + height * 0.6);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.6, y + height * 0.6, { steps: 4 });
  await page.mouse.up();
  expect(await page.evaluate(() => location.search)).toContain("range=last-2-day");
  await form.getByLabel("Your name").fill("Ada");
  await form.getByRole("button", { name: "Save" }).click();
  await page.getByRole("status").filter({ hasText: "The annotation is saved." }).waitFor();
  const [made] = await written();
  expect(made).toMatchObject({ text: "Ferry pier closed", author: "Ada", series: id });
  expect((made!.toAt - made!.fromAt) / hour).toBeGreaterThan(5);
  await list(page).getByText("Ferry pier closed").waitFor();
  expect(await list(page).innerText()).toMatch(/Ada · .* · Bikes available/);
  expect(await chart.locator("text", { hasText: "Ferry pier closed" }).count()).toBe(1);

  await list(page).getByRole("button", { name: "Change: Ferry pier closed" }).click();
  const change = page.getByRole("form", { name: "Change the annotation" });
  await change.getByLabel("What happened").fill("Ferry pier open again");
  await change.getByRole("button", { name: "Save" }).click();
  await list(page).getByText("Ferry pier open again").waitFor();

  await list(page).getByRole("button", { name: "Remove: Ferry pier open again" }).click();
  await list(page).getByRole("button", { name: "Remove", exact: true }).click();
  await page.getByRole("status").filter({ hasText: "The annotation is removed." }).waitFor();
  await list(page).waitFor({ state: "detached" });
  expect(await written()).toEqual([]);
}, 60_000);

it("are written by keyboard alone, and Escape leaves", async () => {
  const page = await visit(bikes);
  await page.getByRole("button", { name: "Annotate" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.type("Count of bikes was corrected");
  await page.keyboard.press("Escape");
  await page.getByRole("form", { name: "Annotate" }).waitFor({ state: "detached" });
  // Where the arrow keys stand in the chart.
  await page.getByRole("application", { name: /^Readout by arrow keys/ }).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Count of bikes was corrected");
  const form = page.getByRole("form", { name: "Annotate" });
  await form.getByLabel("To (empty: a moment)").fill("2020-01-01T00:00");
  await form.getByText("The end lies before the start.").waitFor();
  await form.getByLabel("To (empty: a moment)").fill("");
  await form.getByLabel("About").selectOption("all figures");
  await form.getByLabel("Your name").focus();
  await page.keyboard.type("Grace");
  await page.keyboard.press("Enter");
  await list(page).getByText("Count of bikes was corrected").waitFor();
  const [made] = await written();
  expect(made).toMatchObject({ series: null, author: "Grace" });
  expect(made!.toAt).toBe(made!.fromAt);
  expect((Date.now() - made!.fromAt) / hour).toBeGreaterThan(46);
  await send("DELETE", `${path()}/${made!.id}`);
}, 60_000);

it("says who was faster, and writes nothing over unless it is told to", async () => {
  const at = Math.floor(Date.now() / hour) * hour - 5 * hour;
  const draft = { series: null, fromAt: at, toAt: at + hour, text: "Market", author: "Ada" };
  const made = (await (await send("POST", path(), draft)).json()) as Annotation;
  const page = await visit(bikes);
  await list(page).getByRole("button", { name: "Change: Market" }).click();
  await page.getByLabel("What happened").fill("Market and concert");
  await page.getByLabel("Your name").fill("Grace");
  await send("PUT", `${path()}/${made.id}`, { ...draft, text: "Fair", author: "Joan", madeAt: made.madeAt });
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Joan changed it meanwhile; it says now: “Fair”.").waitFor();
  expect((await written())[0]!.text).toBe("Fair");
  await page.getByRole("button", { name: "Put these words in its place" }).click();
  await list(page).getByText("Market and concert").waitFor();

  await list(page).getByRole("button", { name: "Change: Market and concert" }).click();
  await send("DELETE", `${path()}/${made.id}`);
  await page.getByLabel("What happened").fill("Concert");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("“Market and concert” was removed meanwhile.").waitFor();
  await page.getByRole("button", { name: "Write it anew" }).click();
  await list(page).getByText("Concert").waitFor();
  const [anew] = await written();
  await send("DELETE", `${path()}/${anew!.id}`);
}, 60_000);

it("says that it cannot read or take them, and asks for a token where one is needed", async () => {
  const page = await visit(bikes);
  await page.route("**/api/v1/annotations", (route) =>
    route.fulfill({
      status: 401,
      contentType: "application/problem+json",
      body: '{"type":"urn:citydeck:problem:token","detail":"…"}',
    }),
  );
  await page.getByRole("button", { name: "Annotate" }).click();
  await page.getByLabel("What happened").fill("Market");
  await page.getByLabel("Your name").fill("Ada");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Writing needs the access token of this installation.").waitFor();
  const unread = await city.visit("/?lang=en");
  await unread.route("**/api/v1/annotations?*", (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      body: '{"detail":"records.sqlite: locked"}',
    }),
  );
  await unread.goto(`${city.url}${bikes}`);
  await unread.getByText("The annotations could not be read. records.sqlite: locked").waitFor();
}, 60_000);

it("has no accessibility fault with annotations and their form, wide and on a phone", async () => {
  const at = Math.floor(Date.now() / hour) * hour;
  for (let i = 0; i < 12; i++)
    await send("POST", path(), {
      series: null,
      author: "Ada",
      text: `Works on pier ${i}`,
      fromAt: at - (40 - i) * hour,
      toAt: at - (40 - i - (i % 3)) * hour,
    });
  for (const viewport of [
    { width: 1366, height: 768 },
    { width: 390, height: 844 },
  ]) {
    const page = await visit(bikes, viewport);
    await list(page).waitFor();
    await page.getByRole("button", { name: "Annotate" }).click();
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    );
  }
}, 60_000);
