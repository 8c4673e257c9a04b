/** From the desk to a wall: an alarm or its map is shown there, two operators see it, and it goes back. */

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { WallNow } from "../../shared/wall-show.ts";
import { bikeFiles, walkCity } from "../city-files.ts";
import { withToken } from "../running-city.ts";
import { violations } from "./accessibility.ts";
import { startBikeCity, type BikeCity } from "./bike-city.ts";
import { fewBikesCity } from "./few-bikes.ts";
import { layoutFaults } from "./layout.ts";
import { takeDuty } from "./visit-page.ts";

const wall = walkCity["walls/city.json"];
const [scene] = wall.scenes;

const settings = {
  ...fewBikesCity,
  "walls/city.json": {
    ...wall,
    scenes: [scene, { ...scene, id: "second", title: { en: "Second scene", zh: "画面二" } }],
  },
};

let city: BikeCity;

beforeAll(async () => {
  city = await startBikeCity("send-to-wall", settings, () => bikeFiles(2, Date.now()));
}, 90_000);

afterAll(() => city?.stop());

const soon = { timeout: 30_000 };

const visit = (path: string) => city.visit(path, { width: 1920, height: 1080 });
const onDuty = async (position: string) =>
  takeDuty(await visit("/desk?lang=en&alarm=transport.few-bikes"), position, "Night");
const walls = (page: Page) => page.getByRole("region", { name: "Walls" });
const header = (page: Page) => page.getByRole("banner");

it("puts an alarm on a wall, says by whom, survives a reload and a restart, and takes it back", async () => {
  const [one, other] = [await onDuty("Transport desk"), await onDuty("Night desk")];
  const screen = await visit("/wall/city?lang=en&scene=second");
  await screen.locator("[data-indicator]").first().waitFor(soon);
  for (const desk of [one, other]) await walls(desk).getByText("shows Second scene").waitFor(soon);
  await walls(one).getByRole("button", { name: "Send this alarm" }).click();
  await screen.getByRole("heading", { name: "Few bikes" }).waitFor(soon);
  await header(screen)
    .getByText(/^sent by Transport desk at \d\d:\d\d, until \d\d:\d\d$/)
    .waitFor();
  await screen.getByText("Bring bikes.").first().waitFor();
  expect(await layoutFaults(screen)).toEqual([]);
  for (const desk of [one, other]) {
    await walls(desk).getByText("shows what was sent").waitFor(soon);
    await walls(desk)
      .getByText(/Few bikes, sent by Transport desk/)
      .waitFor();
  }
  expect(await violations(one)).toEqual([]);
  await screen.reload();
  await screen.getByRole("heading", { name: "Few bikes" }).waitFor(soon);
  await city.restart();
  await header(screen)
    .getByText(/^sent by Transport desk/)
    .waitFor(soon);
  await screen.getByRole("heading", { name: "Few bikes" }).waitFor(soon);
  // The last one wins, and both see it.
  await walls(other).getByLabel("For").selectOption("until taken back");
  await walls(other).getByRole("button", { name: "Send this alarm" }).click();
  await header(screen)
    .getByText(/^sent by Night desk at \d\d:\d\d$/)
    .waitFor(soon);
  await walls(one)
    .getByText(/Few bikes, sent by Night desk/)
    .waitFor(soon);
  await walls(one).getByRole("button", { name: "Take back" }).click();
  await header(screen).getByText("Second scene", { exact: true }).first().waitFor(soon);
  await screen.locator("[data-indicator]").first().waitFor();
  await walls(other).getByText("shows Second scene").waitFor(soon);
  await screen.close();
  await walls(one).getByText("no screen is connected").waitFor(soon);
}, 180_000);

it("goes back by itself when its time is over, and shows a map", async () => {
  const screen = await visit("/wall/city?lang=en&scene=second");
  await screen.locator("[data-indicator]").first().waitFor(soon);
  const what = { map: { layers: ["StationStatus"], shade: null } };
  const answer = await send({ what, position: "Transport desk", forSeconds: 4 });
  expect(answer.status).toBe(200);
  await header(screen).getByText("Map", { exact: true }).waitFor(soon);
  await header(screen).getByText("Second scene", { exact: true }).first().waitFor(soon);
  await screen.locator("[data-indicator]").first().waitFor(soon);
  expect((await list())[0]!.sent).toBeNull();
}, 60_000);

it("puts a view of the explorer on a wall, with what it is, of when and whose, and goes back", async () => {
  const screen = await visit("/wall/city?lang=en&scene=second");
  await screen.locator("[data-indicator]").first().waitFor(soon);
  const view = "show=transport.bikes-available,transport.stations&range=last-6-hour&numbers=1";
  const explorer = await takeDuty(await visit(`/explorer?lang=en&${view}`), "Analysis", "Day");
  await explorer.getByRole("button", { name: "Send to a wall" }).click();
  await explorer.getByRole("button", { name: "Send this view" }).click();
  await screen.getByRole("heading", { name: "Bikes available · Bike stations" }).waitFor(soon);
  await header(screen)
    .getByText(/^sent by Analysis at /)
    .waitFor();
  await screen.getByRole("img", { name: /Bikes available · Bike stations.*last 6 hours/ }).waitFor(soon);
  await screen.getByText(/^Source: Bikes \(CC0-1.0\)/).waitFor();
  expect(await layoutFaults(screen)).toEqual([]);
  expect(await violations(screen)).toEqual([]);
  expect(await violations(explorer)).toEqual([]);
  const said = walls(explorer).getByText(/chart of Bikes available and more, sent by Analysis/);
  await said.waitFor(soon);
  await walls(explorer).getByText("shows what was sent").waitFor(soon);
  // The next minute's question has no answer.
  await screen.route("**/api/v1/series?*", (route) => route.abort());
  await screen.getByText("What is shown is from before.").waitFor({ timeout: 75_000 });
  await screen.getByRole("img", { name: /Bikes available · Bike stations/ }).waitFor();
  await walls(explorer).getByRole("button", { name: "Take back" }).click();
  await header(screen).getByText("Second scene", { exact: true }).first().waitFor(soon);
}, 165_000);

it("refuses what there is not, and who may not", async () => {
  const what = { alarm: "transport.few-bikes" };
  const ask = { what, position: "Transport desk" };
  expect((await send({ ...ask, what: { alarm: "transport.gone" } })).status).toBe(409);
  const shade = { indicator: "transport.bikes-available", level: "planet" };
  expect((await send({ ...ask, what: { map: { layers: [], shade } } })).status).toBe(409);
  expect((await send({ ...ask, what: { view: "show=transport.gone" } })).status).toBe(409);
  expect((await send({ ...ask, what: { view: "" } })).status).toBe(409);
  expect((await send({ ...ask, position: " " })).status).toBe(400);
  expect((await send({ ...ask, forSeconds: -1 })).status).toBe(400);
  expect((await send(ask, "none")).status).toBe(404);
  expect((await send(ask, "city", {})).status).toBe(401);
  const gone = await fetch(`${city.url}/api/v1/walls/city/sent`, { method: "DELETE", headers: withToken });
  expect(gone.status).toBe(404);
});

function send(body: unknown, to = "city", headers: Readonly<Record<string, string>> = withToken) {
  return fetch(`${city.url}/api/v1/walls/${to}/sent`, {
    method: "PUT",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function list(): Promise<readonly WallNow[]> {
  return (await (await fetch(`${city.url}/api/v1/walls`)).json()) as readonly WallNow[];
}
