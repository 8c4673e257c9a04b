/** The alarm system's board on a running city: what came, what is hidden by whom until when, each figure with what is wanted. */

import { afterAll, beforeAll, expect, it } from "vitest";
import { bikeFiles } from "../city-files.ts";
import { withToken } from "../running-city.ts";
import { violations } from "./accessibility.ts";
import { startBikeCity, type BikeCity } from "./bike-city.ts";
import { fewBikesCity } from "./few-bikes.ts";

let city: BikeCity;

beforeAll(async () => {
  city = await startBikeCity("alarm-system", fewBikesCity, () => bikeFiles(2, Date.now()));
}, 90_000);

afterAll(() => city?.stop());

const soon = { timeout: 30_000 };

it("shows what came, what is hidden now by whom until when, and takes it along", async () => {
  const page = await city.visit("/desk/system?lang=en");
  const figure = (name: string) => page.getByRole("row").filter({ hasText: name });
  const shelve = {
    action: "shelve",
    alarms: ["transport.few-bikes"],
    forSeconds: 3600,
    reason: "known to the depot",
    position: "Transport desk",
    key: crypto.randomUUID(),
  };
  await expect
    .poll(async () => {
      const answer = await page.request.post(`${city.url}/api/v1/alarms/actions`, {
        headers: withToken,
        data: shelve,
      });
      return ((await answer.json()) as { results: { refused: string | null }[] }).results[0]?.refused;
    }, soon)
    .toBeNull();
  const hidden = page.getByRole("row").filter({ hasText: "known to the depot" });
  await hidden.waitFor(soon);
  expect(await hidden.innerText()).toMatch(/Few bikes\s+shelved\s+.*\d\d:\d\d\s+Transport desk/);
  await page.getByRole("button", { name: "8 hours" }).click();
  await page.getByText("The log begins", { exact: false }).waitFor();
  expect(page.url()).toContain("period=shift");
  await expect
    .poll(() => figure("New alarms in ten minutes, most").innerText(), soon)
    .toMatch(/1\s+at most 10/);
  await figure("Few bikes").filter({ hasText: "100 %" }).waitFor();
  await page.getByText("Nobody has been told of anything.").waitFor();
  await page.getByRole("application", { name: "Arrow keys go from bar to bar" }).focus();
  await page.keyboard.press("Home");
  await expect
    .poll(() => page.getByRole("status").allInnerTexts())
    .toContainEqual(expect.stringContaining("in 10 min"));
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("alarm-system.csv");
  const [picture] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "PNG" }).click(),
  ]);
  expect(picture.suggestedFilename()).toBe("alarm-system.png");
  expect(await violations(page)).toEqual([]);
  await hidden.getByRole("link", { name: "Few bikes" }).click();
  await page.getByRole("region", { name: "Queue" }).waitFor();
}, 90_000);
