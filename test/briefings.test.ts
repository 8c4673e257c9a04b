/** Briefings of a running city over HTTP and by mail: issued, read, edited, sent once. */

import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { BriefingItem, Edition, IssuedBriefing } from "../shared/briefing.ts";
import { formatTime } from "../shared/date-words.ts";
import { findBrowser } from "../server/briefing/print/find-browser.ts";
import { BriefingLinks, linkQuery } from "../server/briefing/links.ts";
import type { RunningCitydeck } from "../server/main.ts";
import { signatureOf } from "../server/notify/webhook.ts";
import { bikeFiles, temporaryDir, walkCity, writeJsonFiles } from "./city-files.ts";
import { readDocument, undocumented } from "./documented.ts";
import { startMailServer, type MailServer } from "./mail-server.ts";
import { startCity, withToken } from "./running-city.ts";

const title = { en: "Morning briefing", zh: "早间简报" };
const audience = { en: "Mayor", zh: "市长" };

let dir: string;
let city: RunningCitydeck;
let settings: Readonly<Record<string, unknown>>;
let mail: MailServer;
let receiver: Server;
/** What a program got, and whether its signature is right. */
const posts: { readonly key: string; readonly isSigned: boolean; readonly body: Record<string, unknown> }[] =
  [];
const secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZg==";

/** Refuses the first post, as a receiver that is being started does. */
async function startReceiver(): Promise<number> {
  let asked = 0;
  receiver = createServer((request, response) => {
    void text(request).then((body) => {
      if (asked++ === 0) return response.writeHead(503).end();
      const header = (name: string): string => String(request.headers[`webhook-${name}`]);
      const signature = signatureOf(secret, header("id"), Number(header("timestamp")), body);
      posts.push({
        key: header("id"),
        isSigned: header("signature") === signature,
        body: JSON.parse(body) as Record<string, unknown>,
      });
      return response.writeHead(204).end();
    });
  });
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  return (receiver.address() as AddressInfo).port;
}

/** In half a day, so that nothing is issued by the schedule meanwhile. */
const nextDueAt = Math.floor((Date.now() + 12 * 3_600_000) / 60_000) * 60_000;

beforeAll(async () => {
  dir = await temporaryDir("briefings");
  mail = await startMailServer();
  process.env["BRIEFINGS_TEST_MAIL"] = `smtp://citydeck:secret@127.0.0.1:${mail.port}`;
  process.env["BRIEFINGS_TEST_SECRET"] = secret;
  const port = await startReceiver();
  settings = {
    ...walkCity["city.json"],
    address: "https://deck.city.example",
    allowHosts: [`127.0.0.1:${port}`],
    mail: { server: { env: "BRIEFINGS_TEST_MAIL" }, from: "Citydeck <citydeck@city.example>" },
  };
  await writeJsonFiles(dir, {
    ...walkCity,
    ...bikeFiles(7, Date.now()),
    "city.json": settings,
    "roles/leaders.json": {
      version: 1,
      id: "leaders",
      title: { en: "Leaders", zh: "领导" },
      language: "zh",
      contacts: [
        { id: "mayor", email: "mayor@city.example" },
        {
          id: "intranet",
          webhook: `http://127.0.0.1:${port}/briefings`,
          secret: { env: "BRIEFINGS_TEST_SECRET" },
        },
      ],
      otherwise: ["mayor", "intranet"],
    },
    "briefings/morning.json": {
      version: 1,
      id: "morning",
      title,
      audience,
      period: { of: "day", until: "now" },
      comparison: "week",
      schedule: [{ at: formatTime(nextDueAt, walkCity["city.json"].zone, "en") }],
      sections: ["unusual", "targets", "alarms", "data", "next"],
      recipients: ["leaders"],
    },
  });
  city = await startCity({ cityDir: dir, dataDir: join(dir, "data") });
}, 60_000);
afterAll(async () => {
  await city?.stop();
  await mail?.stop();
  receiver?.close();
  delete process.env["BRIEFINGS_TEST_MAIL"];
  delete process.env["BRIEFINGS_TEST_SECRET"];
  await rm(dir, { recursive: true, force: true });
});

function ask(path: string): Promise<Response> {
  return fetch(`${city.url}/api/v1/briefings${path}`, { redirect: "manual" });
}

function post(path: string, body: unknown, headers: Record<string, string> = withToken): Promise<Response> {
  return fetch(`${city.url}/api/v1/briefings${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

describe("briefings over HTTP", () => {
  test("nobody issues without the token, and nothing that the folder has not", async () => {
    expect((await post("", { definition: "morning" }, {})).status).toBe(401);
    expect((await post("", { definition: "evening" })).status).toBe(404);
    expect(await (await ask("")).json()).toEqual([]);
    expect((await ask("/morning/latest")).status).toBe(404);
  });

  test("an issue is listed, found, told as text and as its API describes it, and mailed once with its PDF", async () => {
    const made = await post("", { definition: "morning" });
    expect(made.status).toBe(201);
    const issued = (await made.json()) as IssuedBriefing;
    const { id } = issued.briefing;
    const [item] = (await (await ask("?q=morning")).json()) as [BriefingItem];
    expect(item).toMatchObject({ id, hash: issued.hash, correctedBy: null, isSigned: false });
    expect(await (await ask("?q=zebra+crossing")).json()).toEqual([]);
    expect(await (await ask(`?q=${encodeURIComponent("早间 morning")}`)).json()).toMatchObject([
      { id, found: title },
    ]);
    expect((await ask(`?q=${"x".repeat(201)}`)).status).toBe(400);
    expect(await (await ask(`/${id}`)).json()).toEqual(issued);
    const latest = await ask("/morning/latest");
    expect(await latest.json()).toEqual({ ...issued, nextDueAt });
    const headers = { "if-none-match": latest.headers.get("etag")! };
    expect((await fetch(latest.url, { headers })).status).toBe(304);
    const text = await ask("/morning/latest?format=text&lang=zh");
    expect(text.headers.get("content-type")).toContain("text/plain");
    expect(await text.text()).toContain("早间简报｜步行城");
    const page = await ask("/morning/latest?format=pdf");
    expect([page.status, page.headers.get("location")]).toEqual([307, `/briefing/${id}?format=pdf&lang=en`]);
    const notHere = await ask(`/${id}?format=pdf`);
    expect([notHere.status, await notHere.json()]).toMatchObject([
      400,
      { detail: 'format: "pdf" is not one of json, text' },
    ]);
    expect((await post(`/${id}/corrections`, {})).status).toBe(409);

    // Its PDF is printed before it is sent.
    await expect.poll(() => mail.received.length, { timeout: 40_000 }).toBe(1);
    const [received] = mail.received;
    expect(received!.to).toMatchObject({ text: "mayor@city.example" });
    expect(received!.subject).toContain("早间简报");
    expect(received!.text).toContain(`https://deck.city.example/briefing/${id}`);
    expect(received!.text).toContain(issued.hash);
    const papers = received!.attachments.map(({ filename, content }) => [
      filename,
      content.toString("latin1", 0, 5),
    ]);
    expect(papers).toEqual(findBrowser() === null ? [] : [[`${id}-zh.pdf`, "%PDF-"]]);

    // The receiver refused it once: it comes again, signed, with the same key, and no third time.
    await expect.poll(() => posts.length, { timeout: 20_000 }).toBe(1);
    const [told] = posts;
    expect(told).toMatchObject({
      isSigned: true,
      body: { type: "briefing.issued", data: { briefing: id, hash: issued.hash, definition: "morning" } },
    });

    const document = await readDocument(city.url);
    for (const path of [
      "",
      `/${id}`,
      "/morning/latest",
      "/morning/latest?format=text",
      `/${id}/editions`,
      "/none",
    ])
      expect(await undocumented(document, "get", `/api/v1/briefings${path}`, await ask(path))).toEqual([]);
    const again = await post("", { definition: "morning" });
    expect(await undocumented(document, "post", "/api/v1/briefings", again)).toEqual([]);
  }, 60_000);

  test("what an editor does stands beside what was generated", async () => {
    const { briefing, hash } = (await (await ask("/morning/latest")).json()) as IssuedBriefing;
    const draft = {
      number: 1,
      editor: "Duty officer",
      comments: [{ section: "next", text: "The bridge opens at 9." }],
      hidden: ["alarms"],
      order: ["next", "data"],
      isSigned: true,
    };
    expect((await post(`/${briefing.id}/editions`, draft, {})).status).toBe(401);
    const made = await post(`/${briefing.id}/editions`, draft);
    expect(made.status).toBe(201);
    const edition = (await made.json()) as Edition;
    expect(edition).toMatchObject({ ...draft, briefing: briefing.id });
    expect((await post(`/${briefing.id}/editions`, draft)).status).toBe(409);
    expect((await post("/none/editions", draft)).status).toBe(404);
    expect((await post(`/${briefing.id}/editions`, { ...draft, hidden: ["weather"] })).status).toBe(400);
    expect(await (await ask(`/${briefing.id}`)).json()).toMatchObject({ briefing, hash, edition });
    expect(await (await ask(`/${briefing.id}/editions`)).json()).toEqual([edition]);
    const text = await (await ask(`/${briefing.id}?format=text`)).text();
    expect(text).toContain("[Duty officer: The bridge opens at 9.]");
    expect(text).not.toContain("ALARMS AND WHAT WAS DONE");
    expect(text.indexOf("WHAT IS DUE NEXT")).toBeLessThan(text.indexOf("HOW SURE THIS IS"));
  });
});

describe("the link in a mail", () => {
  const read = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(city.url + path, { headers });
  /** The address that the mail of an issue has, on the city that runs here. */
  const linkTo = async (id: string): Promise<URL> => {
    const find = (): string | undefined =>
      mail.received
        .map(({ text: said }) => /https:\S+/.exec(String(said))?.[0])
        .find((url) => url?.includes(`/briefing/${id}?`));
    return vi.waitFor(() => new URL(find()!), { timeout: 40_000 });
  };
  const changed = ({ pathname, search }: URL, parameter: string, value: string): string => {
    const query = new URLSearchParams(search);
    query.set(parameter, value);
    return `${pathname}?${query.toString()}`;
  };
  let id: string;
  let link: URL;

  beforeAll(async () => {
    ({ id } = ((await (await post("", { definition: "morning" })).json()) as IssuedBriefing).briefing);
    link = await linkTo(id);
  }, 60_000);

  test("opens the briefing and says to whom it was sent and until when; where all may read, a changed one is none", async () => {
    const page = await (await read(link.pathname + link.search)).text();
    expect(page).toMatch(/发送给 leaders\/mayor；本链接有效期至 \d{4}年/);
    const open = await read(changed(link, "until", "9999999999999"));
    expect([open.status, await open.text()]).toEqual([200, expect.not.stringContaining("leaders/mayor")]);
    const told = await read(`/api/v1${changed(link, "to", "x").replace("briefing", "briefings")}`);
    expect(told.status).toBe(200);
  });

  const refusesOthers = async (): Promise<void> => {
    for (const [parameter, value] of [
      ["to", "leaders/deputy"],
      ["until", "9999999999999"],
      ["signature", "x"],
    ] as const) {
      const refused = await read(changed(link, parameter, value));
      expect([refused.status, refused.headers.get("content-type")]).toEqual([
        403,
        "text/html; charset=utf-8",
      ]);
      expect(await refused.text()).toContain("链接与发出的不符");
      expect(
        (await read(`/api/v1${changed(link, parameter, value).replace("briefing", "briefings")}`)).status,
      ).toBe(403);
    }
    const links = await BriefingLinks.open(join(dir, "data"));
    const monthAgo = Date.now() - 31 * 86_400_000;
    const old = new URLSearchParams(linkQuery(links.make({ id, issuedAt: monthAgo }, "leaders/mayor")));
    const over = await read(`/briefing/${id}?${old.toString()}`);
    expect([over.status, await over.text()]).toEqual([
      403,
      expect.stringMatching(/The link was sent to leaders\/mayor and was good until \d/),
    ]);
  };

  test("is the only way in but the token where the city says so", async () => {
    const { id: other } = ((await (await post("", { definition: "morning" })).json()) as IssuedBriefing)
      .briefing;
    await writeJsonFiles(dir, { "city.json": { ...settings, briefings: { read: "link" } } });
    await expect.poll(async () => (await ask("")).status, { timeout: 40_000 }).toBe(401);
    const statuses = (paths: readonly string[], headers?: Record<string, string>): Promise<number[]> =>
      Promise.all(paths.map(async (path) => (await read(path, headers)).status));
    const pages = [
      "/briefings",
      "/briefing/morning/latest",
      `/briefing/${id}`,
      `/briefing/${id}?format=html`,
    ];
    const answers = ["", "?q=morning", "/morning/latest", `/${id}`, `/${id}/editions`, "/none"].map(
      (path) => `/api/v1/briefings${path}`,
    );
    expect(await statuses(pages)).toEqual(pages.map(() => 403));
    expect(await (await read("/briefings")).text()).toContain("for those to whom they are sent");
    await refusesOthers();
    expect(await statuses(answers)).toEqual(answers.map(() => 401));
    expect(await statuses([...pages, ...answers.slice(0, -1)], withToken)).toEqual(
      [...pages, ...answers.slice(0, -1)].map(() => 200),
    );
    const { search } = link;
    const opened = [`/briefing/${id}${search}`, `/briefing/${id}${search}&format=html`];
    const told = [`/api/v1/briefings/${id}${search}`, `/api/v1/briefings/${id}/editions${search}`];
    expect(await statuses([...opened, ...told])).toEqual([200, 200, 200, 200]);
    expect(await statuses([`/briefing/${other}${search}`, `/api/v1/briefings/${other}${search}`])).toEqual([
      403, 403,
    ]);
    // What the page leads to opens by the same link.
    const page = await (await read(opened[0]!)).text();
    const leads = [...page.matchAll(new RegExp(`href="(/briefing/${id}\\?[^"]*)"`, "g"))].map(
      ([, path]) => path!,
    );
    expect(leads.length).toBeGreaterThan(2);
    const html = leads
      .map((path) => path.replaceAll("&amp;", "&"))
      .filter((path) => !path.includes("format=pdf"));
    expect(await statuses(html)).toEqual(html.map(() => 200));
    const document = await readDocument(city.url);
    for (const path of answers)
      expect(await undocumented(document, "get", path, await read(path))).toEqual([]);
  }, 60_000);
});
