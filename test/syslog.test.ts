/** From a server's syslog to a figure: a running city that listens, and what it writes to its disk. */

import { once } from "node:events";
import { readdir, readFile, rm } from "node:fs/promises";
import { connect, createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunningCitydeck } from "../server/main.ts";
import { temporaryDir, walkCity, writeJsonFiles } from "./city-files.ts";
import { logInto, startCity } from "./running-city.ts";

const both = (text: string) => ({ en: text, zh: text });

const indicator = (id: string, more: object) => ({
  version: 1,
  id,
  title: both(id),
  definition: both(id),
  department: "mobility",
  reads: "SecurityEvent",
  window: { field: "eventAt", lastSeconds: 600 },
  unit: "count",
  better: "lower",
  staleAfterSeconds: 600,
  ...more,
});

let dir: string;
let port: number;
let running: RunningCitydeck;
const logged: string[] = [];

beforeAll(async () => {
  dir = await temporaryDir("syslog");
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  ({ port } = free.address() as AddressInfo);
  free.close();
  await writeJsonFiles(join(dir, "city"), {
    "city.json": walkCity["city.json"],
    "departments.json": walkCity["departments.json"],
    "feeds/gate.json": {
      version: 1,
      id: "gate",
      title: both("Gate"),
      spec: "log",
      department: "mobility",
      licence: "CC0-1.0",
      cadenceSeconds: 60,
      staleAfterSeconds: 600,
      transport: { type: "listen", protocol: "tcp", port },
      options: { targets: { "gate-1": "vpn" } },
    },
    "indicators/security.failed.json": indicator("security.failed", {
      where: { eventType: "login-failed" },
      measure: { count: true },
      by: ["target"],
    }),
    "indicators/security.invalid.json": indicator("security.invalid", {
      where: { accountExists: false },
      measure: { count: true },
    }),
    "indicators/security.sources.json": indicator("security.sources", { measure: { distinct: "source" } }),
  });
  running = await startCity({ cityDir: join(dir, "city"), dataDir: join(dir, "data"), log: logInto(logged) });
});

afterAll(async () => {
  await running?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function values(): Promise<Record<string, number | null>> {
  const items = (await (await fetch(`${running.url}/api/v1/indicators`)).json()) as {
    id: string;
    value: number | null;
    groups: { key: string; value: number | null }[];
  }[];
  return Object.fromEntries(
    items.flatMap(({ id, value, groups }) => [
      [id, value],
      ...groups.map(({ key, value: own }) => [`${id} ${key}`, own] as const),
    ]),
  );
}

/** Every byte below a folder, as text. */
async function everythingIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return (
    await Promise.all(files.map(({ parentPath, name }) => readFile(join(parentPath, name), "latin1")))
  ).join();
}

test("attempts are figures within seconds, and neither address nor name is anywhere on the disk", async () => {
  const socket = connect(port, "127.0.0.1");
  const head = `<38>1 ${new Date().toISOString()} gate-1 sshd 1 - -`;
  const failed = (user: string, from: string) =>
    `${head} Failed password for ${user} from ${from} port 4242 ssh2\n`;
  socket.write(failed("root", "203.0.113.77") + failed("invalid user zebulon", "203.0.113.77"));
  socket.end(
    failed("invalid user zebulon", "198.51.100.88") + `${head} Invalid user zebulon from 198.51.100.88\n`,
  );
  const expected = {
    "security.failed": 3,
    "security.failed target:vpn": 3,
    "security.invalid": 2,
    "security.sources": 2,
  };
  await expect.poll(values, { timeout: 10_000 }).toEqual(expected);

  await running.stop();
  const written = (await everythingIn(join(dir, "data"))) + logged.join();
  expect(written).toContain("login-failed");
  expect(written).not.toMatch(/203\.0\.113|198\.51\.100|zebulon/);

  running = await startCity({ cityDir: join(dir, "city"), dataDir: join(dir, "data"), log: logInto(logged) });
  await expect.poll(values, { timeout: 10_000 }).toEqual(expected);
});
