/** An editor's work on an issued briefing in a real browser: what is written, moved, left out and signed is what readers see. */

import { afterAll, beforeAll, expect, it } from "vitest";
import type { IssuedBriefing } from "../../shared/briefing.ts";
import { walkCity } from "../city-files.ts";
import { testToken, withToken } from "../running-city.ts";
import { violations } from "./accessibility.ts";
import { startBikeCity, type BikeCity } from "./bike-city.ts";
import { layoutFaults } from "./layout.ts";

const sections = ["targets", "alarms", "data", "next"];

let city: BikeCity;
let issued: IssuedBriefing;

beforeAll(async () => {
  city = await startBikeCity("briefing-editor", {
    ...walkCity,
    "briefings/morning.json": {
      version: 1,
      id: "morning",
      title: { en: "Morning briefing", zh: "早间简报" },
      audience: { en: "Mayor", zh: "市长" },
      period: { of: "day", until: "now" },
      comparison: "week",
      sections,
      recipients: [],
    },
  });
  const headers = { "content-type": "application/json", ...withToken };
  const body = JSON.stringify({ definition: "morning" });
  const answer = await fetch(`${city.url}/api/v1/briefings`, { method: "POST", headers, body });
  if (answer.status !== 201) throw new Error(await answer.text());
  issued = (await answer.json()) as IssuedBriefing;
}, 90_000);

afterAll(() => city?.stop());

const path = (): string => `/briefing/${issued.briefing.id}`;

it("comments, moves, leaves out and signs; readers see it beside the generated text", async () => {
  const page = await city.visit(`${path()}/edit?lang=en`);
  await page.getByLabel("Your name and role").fill("Chief of staff");
  await page.getByLabel("Comment on the whole").fill("Read this first.");
  const section = (title: string) =>
    page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: title }) });
  const [first, second] = issued.briefing.sections;
  await section(first!.title.en).getByRole("button", { name: "Move down" }).click();
  await section(second!.title.en).getByLabel("Shown").uncheck();
  await section(first!.title.en).getByLabel("Comment on this section").fill("Ask again tomorrow.");
  await page.getByLabel("I answer for this briefing").check();
  expect(await violations(page)).toEqual([]);
  expect(await layoutFaults(page)).toEqual([]);
  await page.getByRole("button", { name: "Save this edition" }).click();
  await page.getByText("Edition 1 is kept.").waitFor();

  const html = await (await fetch(`${city.url}${path()}`)).text();
  expect(html.match(/<aside class="comment">/g)).toHaveLength(2);
  expect(html).toContain("Signed by Chief of staff");
  expect(html).toContain(`Left out by Chief of staff: ${second!.title.en}.`);
  expect(html).not.toContain(`<section id="${second!.kind}"`);
  expect(await (await fetch(`${city.url}${path()}?generated=1`)).text()).toContain(
    `<section id="${second!.kind}"`,
  );
}, 60_000);

it("says when somebody else was faster, and keeps what was written", async () => {
  const [one, other] = [
    await city.visit(`${path()}/edit?lang=en`),
    await city.visit(`${path()}/edit?lang=zh`),
  ];
  await one.getByLabel("Comment on the whole").fill("First.");
  await other.getByLabel("对全文的批注").fill("第二。");
  await one.getByRole("button", { name: "Save this edition" }).click();
  await one.getByText("Edition 2 is kept.").waitFor();
  await other.getByRole("button", { name: "保存编辑稿" }).click();
  await other.getByText("其间有他人编辑").waitFor();
  expect(await other.getByLabel("对全文的批注").inputValue()).toBe("第二。");
  await other.getByRole("button", { name: "重新读取" }).click();
  await expect.poll(() => other.getByLabel("对全文的批注").inputValue()).toBe("First.");
}, 60_000);

it("says what is not there", async () => {
  const page = await city.visit("/briefing/none-2026-01-01/edit?lang=en");
  await page.getByText("No briefing was issued under “none-2026-01-01”.").waitFor();
});

it("is issued by who has the token, from the archive's link, and is then read", async () => {
  const page = await city.visit("/briefings?lang=en");
  await page.getByRole("link", { name: "Issue one now" }).click();
  const issue = page.getByRole("button", { name: "Issue “Morning briefing” now" });
  await issue.waitFor();
  expect(await violations(page)).toEqual([]);
  await issue.click();
  await page.waitForURL(/\/briefing\/morning-[-0-9]+\?lang=en$/);
  expect(page.url()).not.toContain(`${path()}?`);
  expect(await page.getByRole("heading", { level: 1 }).isVisible()).toBe(true);
}, 60_000);

it("asks for the token who has none, before anything is issued, and then for what may be read with it alone", async () => {
  const page = await city.visit("/briefings/issue?lang=en&definition=morning");
  await page.context().clearCookies();
  await page.reload();
  await page.getByText("Issuing needs the access token").waitFor();
  const issue = page.getByRole("button", { name: /^Issue “Morning/ });
  expect(await issue.isDisabled()).toBe(true);
  await page.route("**/api/v1/briefings/offers", async (route) =>
    (await page.context().cookies()).length > 0
      ? route.continue()
      : route.fulfill({ status: 401, json: { detail: "Open by a link." } }),
  );
  await page.reload();
  await page.getByText("Which briefings there are is not known: Open by a link.").waitFor();
  await page.getByLabel("Access token").fill(testToken);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect.poll(() => issue.isEnabled()).toBe(true);
}, 60_000);

it("says in the reader's language that the server cannot be reached", async () => {
  const page = await city.visit("/briefings/issue?lang=zh");
  await page.route("**/api/v1/briefings/offers", (route) => route.abort());
  await page.reload();
  await page.getByText("无法读取可发布的简报：无法连接服务器。").waitFor();
}, 60_000);
