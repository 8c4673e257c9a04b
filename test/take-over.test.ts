/** A changed city folder whose epoch cannot begin: the old one goes on, and says why. */

import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { io } from "socket.io-client";
import * as parser from "socket.io-msgpack-parser";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { RunningCitydeck } from "../server/main.ts";
import type { FeedStatus } from "../shared/feed.ts";
import { protocolVersion, type Frame } from "../shared/protocol.ts";
import { bikeFiles, temporaryDir, walkCity, writeJsonFiles } from "./city-files.ts";
import { logInto, startCity } from "./running-city.ts";

/** What a folder's epoch fails with, by the city's English title. */
const failing = vi.hoisted(() => new Map<string, string>());

vi.mock("../server/play-past.ts", async (importOriginal) => {
  const { playPast } = await importOriginal<typeof import("../server/play-past.ts")>();
  return {
    playPast: async (...args: Parameters<typeof playPast>) => {
      await playPast(...args);
      const [epoch] = args;
      const reason = failing.get(epoch.folder.settings.title.en);
      if (reason !== undefined) throw new Error(reason);
    },
  };
});

let dir: string;
let running: RunningCitydeck;
let publishing: NodeJS.Timeout;
let bikes = 7;
const logged: string[] = [];

beforeAll(async () => {
  dir = await temporaryDir("take-over");
  const publish = () => writeJsonFiles(join(dir, "city"), bikeFiles(bikes, Date.now()));
  await writeJsonFiles(join(dir, "city"), walkCity);
  await publish();
  publishing = setInterval(() => void publish(), 500);
  running = await startCity({
    cityDir: join(dir, "city"),
    dataDir: join(dir, "data"),
    recordings: dir,
    clientDir: dir,
    log: logInto(logged),
  });
});

afterAll(async () => {
  clearInterval(publishing);
  await running?.stop();
  await rm(dir, { recursive: true, force: true });
});

const ask = (path: string): Promise<Response> => fetch(`${running.url}/api/v1/${path}`);
const soon = { timeout: 10_000 };

async function rename(title: string): Promise<void> {
  const city = { ...walkCity["city.json"], title: { en: title, zh: title } };
  await writeFile(join(dir, "city", "city.json"), JSON.stringify(city));
}

const title = async (): Promise<string> =>
  ((await (await ask("city")).json()) as { title: { en: string } }).title.en;
const refused = async (): Promise<string> =>
  decodeURIComponent((await ask("feeds")).headers.get("citydeck-refused-change") ?? "");

async function bikesAvailable(): Promise<unknown> {
  const items = (await (await ask("indicators")).json()) as { id: string; value: number; state: string }[];
  const { value, state } = items.find(({ id }) => id === "transport.bikes-available")!;
  return { value, state };
}

test(
  "goes on with the old folder, in the log, on /api/v1/feeds and to every client",
  { timeout: 60_000 },
  async () => {
    await expect.poll(bikesAvailable, soon).toEqual({ value: 7, state: "fresh" });
    const frames: Frame[] = [];
    const socket = io(running.url, { parser, transports: ["websocket"], forceNew: true });
    socket.on("frame", (frame: Frame) => frames.push(frame));
    socket.emit("hello", {
      protocol: protocolVersion,
      topics: ["indicators"],
      have: { epoch: null, seq: {} },
    });

    failing.set("Unlucky", "no room for it");
    await rename("Unlucky");
    await expect.poll(refused, soon).toContain("no room for it");
    expect(await title()).toBe("Walk");
    expect(logged.find((line) => line.includes("city-folder-not-taken-over"))).toContain("no room for it");

    bikes = 9;
    await expect.poll(bikesAvailable, soon).toEqual({ value: 9, state: "fresh" });
    const [bikesFeed] = (await (await ask("feeds")).json()) as FeedStatus[];
    expect(bikesFeed).toMatchObject({ status: "fresh", entities: 4 });
    // Nobody hears of an epoch by anything but its snapshot, and of the one that could not begin nothing at all.
    const epochs = new Map(frames.toReversed().map(({ epoch, mode }) => [epoch, mode]));
    expect(Array.from(epochs.values())).toEqual(["snapshot", "snapshot"]);

    await rename("Lucky");
    await expect.poll(title, soon).toBe("Lucky");
    expect(await refused()).toBe("");
    socket.close();
  },
);

test(
  "goes on without feeds in sight, and takes the next folder, when the old one cannot begin either",
  { timeout: 60_000 },
  async () => {
    failing.set("Lucky", "the disk is full");
    await rename("Unlucky");
    await expect.poll(refused, soon).toContain("no room for it");
    await expect.poll(refused, soon).toContain("the disk is full");
    await expect.poll(bikesAvailable, soon).toEqual({ value: 9, state: "stale" });
    await rename("Third");
    await expect.poll(title, soon).toBe("Third");
    await expect.poll(bikesAvailable, soon).toEqual({ value: 9, state: "fresh" });
    expect(await refused()).toBe("");
  },
);
