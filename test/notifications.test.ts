/** From a rule to a mailbox and a receiver: settled, escalated, over the sudden death of the server, and why. */

import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NotificationsAnswer } from "../shared/notification.ts";
import { signatureOf } from "../server/notify/webhook.ts";
import { bikeFiles, temporaryDir, walkCity, writeJsonFiles } from "./city-files.ts";
import { readDocument, undocumented } from "./documented.ts";
import { startMailServer, type MailServer } from "./mail-server.ts";
import { startCitydeckProcess } from "./run-command.ts";

const both = (text: string) => ({ en: text, zh: text });

const soon = { timeout: 60_000 };

/** Requests that the receiver has taken. */
const hooks: {
  readonly id: string;
  readonly isSigned: boolean;
  readonly body: { type: string; data: unknown };
}[] = [];
let beacons = 0;
let dir: string;
let mail: MailServer;
let mailPort: number;
let server: ChildProcess;
let url: string;
let bikes = 7;
let publishing: NodeJS.Timeout;

const receiver = createServer((request, response) => {
  void text(request).then((body) => {
    response.writeHead(204).end();
    if (request.url === "/alive") return beacons++;
    const header = (name: string): string => String(request.headers[`webhook-${name}`]);
    const signature = signatureOf("pager", header("id"), Number(header("timestamp")), body);
    const parsed = JSON.parse(body) as { type: string; data: unknown };
    return hooks.push({ id: header("id"), isSigned: header("signature") === signature, body: parsed });
  });
});

function city(receiverPort: number): Readonly<Record<string, unknown>> {
  const role = { version: 1, title: both("Duty"), language: "en" };
  return {
    ...walkCity,
    "city.json": {
      ...walkCity["city.json"],
      allowHosts: ["127.0.0.1"],
      mail: { server: { env: "CITY_MAIL" }, from: "Citydeck <citydeck@city.example>" },
      beacon: { url: `http://127.0.0.1:${receiverPort}/alive`, everySeconds: 10 },
    },
    // Patient: a busy machine is no dead feed.
    "feeds/bikes.json": { ...walkCity["feeds/bikes.json"], staleAfterSeconds: 60, dropAfterSeconds: 90 },
    "rules/transport.few-bikes.json": {
      version: 1,
      id: "transport.few-bikes",
      title: both("Few bikes"),
      consequence: both("People walk."),
      indicator: "transport.bikes-available",
      when: { below: 3, clearAbove: 5 },
      priority: "high",
      response: { text: both("Bring bikes."), withinSeconds: 600 },
      owner: "mobility",
      tests: [{ series: "1x9", everySeconds: 60, activeAtSeconds: 0 }],
    },
    "roles/duty.json": {
      ...role,
      id: "duty",
      contacts: [
        { id: "pager", webhook: `http://127.0.0.1:${receiverPort}/alarms`, secret: { env: "CITY_PAGER" } },
      ],
      otherwise: ["pager"],
    },
    "roles/officer.json": {
      ...role,
      id: "officer",
      contacts: [{ id: "mailbox", email: "officer@city.example" }],
      otherwise: ["mailbox"],
    },
    "routes/urgent.json": {
      version: 1,
      id: "urgent",
      title: both("Urgent"),
      about: { priorities: ["high", "critical"] },
      to: "duty",
      settleSeconds: 1,
      gatherSeconds: 0,
      escalation: [{ afterSeconds: 3, to: "officer" }],
    },
  };
}

beforeAll(async () => {
  dir = await temporaryDir("notifications");
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  mail = await startMailServer();
  mailPort = mail.port;
  await mail.stop();
  await writeJsonFiles(dir, {
    ...city((receiver.address() as AddressInfo).port),
    ...bikeFiles(bikes, Date.now()),
  });
  publishing = setInterval(() => void writeJsonFiles(dir, bikeFiles(bikes, Date.now())), 500);
  await start();
}, 120_000);

afterAll(async () => {
  clearInterval(publishing);
  if (server?.kill()) await once(server, "exit");
  receiver.close();
  await mail?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  const args = ["--city", dir, "--data", join(dir, "data"), "--port", "0"];
  const env = {
    ...process.env,
    CITY_MAIL: `smtp://citydeck:secret@127.0.0.1:${mailPort}`,
    CITY_PAGER: "pager",
  };
  ({ server, url } = await startCitydeckProcess(args, env));
}

/** What the API says of the alarm; it must be as the server documents it. */
async function notifications(): Promise<NotificationsAnswer> {
  const path = "/api/v1/notifications?alarm=transport.few-bikes";
  const answer = await fetch(url + path);
  expect(await undocumented(await readDocument(url), "GET", path, answer)).toEqual([]);
  return (await answer.json()) as NotificationsAnswer;
}

const deliveries = async () =>
  (await notifications()).deliveries.map(({ role, stage, state }) => `${role} ${stage} ${state}`).toSorted();

test("whoever is on call is told once an alarm has settled, by a signed message", soon, async () => {
  bikes = 2;
  await expect.poll(() => hooks.length, soon).toBe(1);
  expect(hooks[0]).toMatchObject({
    isSigned: true,
    body: {
      type: "alarms.new",
      data: { city: "walk", clock: "live", role: "duty", alarms: [{ id: "transport.few-bikes", value: 2 }] },
    },
  });
});

test(
  "when nobody acknowledges it the next one is told, though the mail server is away and the server dies",
  { timeout: 120_000 },
  async () => {
    await expect.poll(deliveries, soon).toEqual(["duty new sent", "officer escalated waiting"]);
    server.kill("SIGKILL");
    await once(server, "exit");
    mail = await startMailServer(mailPort);
    await start();
    await expect.poll(() => mail.received.length, soon).toBe(1);
    const [got] = mail.received;
    expect(got?.subject).toBe("Not acknowledged, high: Few bikes");
    expect(got?.text).toContain("What to do: Bring bikes.");
    await expect.poll(deliveries, soon).toEqual(["duty new sent", "officer escalated sent"]);
    const { deliveries: all } = await notifications();
    const escalated = all.find(({ stage }) => stage === "escalated");
    expect(got?.headers.get("citydeck-key")).toBe(escalated?.key);
    // Who was told before the server died is not told again.
    expect(hooks).toHaveLength(1);
  },
);

test("each decision says why", soon, async () => {
  const { decisions, now } = await notifications();
  expect(decisions.toReversed().map(({ level, decision }) => `${level} ${decision}`)).toEqual([
    "0 settling",
    "1 waiting",
    "0 told",
    "1 told",
    // After the start it is decided anew, and the log says so again.
    "0 told",
    "1 told",
  ]);
  expect(now).toMatchObject([
    { level: 0, decision: "told", because: "pager" },
    { level: 1, decision: "told", because: "mailbox" },
  ]);
});

test("everybody who was told is told that it is over", soon, async () => {
  bikes = 9;
  await expect.poll(() => [hooks.length, mail.received.length], soon).toEqual([2, 2]);
  expect(hooks[1]?.body.type).toBe("alarms.over");
  expect(mail.received[1]?.subject).toBe("Over: Few bikes");
  expect(new Set(hooks.map(({ id }) => id)).size).toBe(2);
});

test("somebody else hears every so often that alarms are judged", soon, async () => {
  await expect.poll(() => beacons, soon).toBeGreaterThan(1);
});
