import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { lines, rig, temporaryFolder, type Rig } from "../../test/feed-rig.ts";
import { openBodyKeeper, type BodyKeeper } from "./body-keeper.ts";
import { createFold } from "./fold.ts";
import type { FeedWiring } from "./wiring.ts";

const poll = {
  type: "poll",
  url: "http://127.0.0.1:9/",
  everySeconds: 60,
  timeoutSeconds: 1,
  speed: 1,
  isSimulated: false,
  maxBytes: 1_000,
  headers: {},
  outgoing: { allowHosts: ["127.0.0.1"], userAgent: "Citydeck/test" },
} as const;
const hour = 3_600_000;
/** The tenth of March 2026 in San Francisco, a Tuesday after the clocks went forward. */
const noon = Date.parse("2026-03-10T12:00:00-07:00");

async function keeping(
  days: number,
  more: Partial<Omit<FeedWiring, "entry">> = {},
): Promise<
  Rig & { keeper: BodyKeeper; take: (text: string, at: number, name?: string) => Promise<boolean> }
> {
  const city = await rig(poll, { ...more, entry: { keepBodiesDays: days } });
  city.setNow(noon);
  const keeper = await openBodyKeeper(city.wiring, 1_000);
  const fold = createFold(city.wiring);
  const take = (text: string, at: number, name = "body"): Promise<boolean> => {
    const part = { name, url: null, bytes: new TextEncoder().encode(text) };
    const taken = fold.take(part, { receivedAt: at });
    if (!taken.ok) throw new Error(taken.failure.message);
    return keeper.keep(taken.value.part, { ...taken.value.update, scope: "all" }, at, false);
  };
  return { ...city, keeper, take };
}

async function restored(keeper: BodyKeeper): Promise<string[]> {
  const found = [];
  for await (const { at, part } of keeper.restore())
    found.push(`${(at - noon) / hour} ${new TextDecoder().decode(part.bytes)}`);
  return found;
}

const events: typeof lines = { ...lines, gives: () => ["DispatchCall"] };

test("a feed of measurements comes back with its last body alone", async () => {
  const first = await keeping(1);
  for (const n of [-3, -2, -1]) expect(await first.take(`sensor a ${n}`, noon + n * hour)).toBe(true);
  await first.keeper.close();
  const second = await keeping(1, { dataFolder: first.folder });
  expect(await restored(second.keeper)).toEqual(["-1 sensor a -1"]);
});

test("a feed of events comes back with every body since the city's midnight, in order and once", async () => {
  const first = await keeping(2, { connector: events });
  for (const n of [-13, -11, -2, -1]) await first.take(`sensor a ${n}`, noon + n * hour);
  await first.keeper.close();
  const second = await keeping(2, { connector: events, dataFolder: first.folder });
  expect(await restored(second.keeper)).toEqual(["-11 sensor a -11", "-2 sensor a -2", "-1 sensor a -1"]);
});

test("two bodies of one part in one millisecond both lie aside, and both are counted after a restart", async () => {
  const first = await keeping(1, { connector: events });
  for (const n of [1, 2, 3]) await first.take(`partial\nsensor a ${n}`, noon - hour);
  await first.take("sensor b 4", noon - hour);
  await first.keeper.close();
  const day = join(first.folder, "feeds/sensors/bodies/2026-03-10");
  expect(await readdir(day)).toHaveLength(4);
  const second = await keeping(1, { dataFolder: first.folder, connector: events });
  expect(await restored(second.keeper)).toEqual([
    "-1 partial\nsensor a 1",
    "-1 partial\nsensor a 2",
    "-1 partial\nsensor a 3",
    "-1 sensor b 4",
  ]);
});

test("bodies lie aside as gzip files by the city's day, and old days are removed", async () => {
  const { folder, keeper, take } = await keeping(2);
  const bodies = join(folder, "feeds/sensors/bodies");
  for (const n of [-60, -36, -12.5, 0]) await take(`sensor a ${n}`, noon + n * hour);
  await keeper.close();
  expect((await readdir(bodies)).sort()).toEqual(["2026-03-09", "2026-03-10"]);
  const [file] = await readdir(join(bodies, "2026-03-10"));
  expect(file).toBe("20260310T190000.000Z-body.gz");
  expect(gunzipSync(await readFile(join(bodies, "2026-03-10", file!))).toString()).toBe("sensor a 0");
});

test("the same body again is kept once", async () => {
  const { folder, keeper, take } = await keeping(1);
  for (const n of [0, 1, 2]) await take("sensor a 1", noon + n * 60_000);
  await keeper.close();
  expect(await readdir(join(folder, "feeds/sensors/bodies/2026-03-10"))).toHaveLength(1);
});

test("parts with names longer than a file may have are kept aside and come back", async () => {
  const first = await keeping(1, { connector: events });
  const topic = `city/${"水位".repeat(60)}/level`;
  expect(await first.take("sensor a 1", noon - hour, topic)).toBe(true);
  await first.take("sensor a 2", noon, "body");
  await first.keeper.close();
  await rm(join(first.folder, "feeds/sensors/journal"), { recursive: true });
  await writeFile(
    join(first.folder, "feeds/sensors/bodies/2026-03-10/20260310T190000.000Z-%zz.gz"),
    "foreign",
  );
  const second = await keeping(1, { connector: events, dataFolder: first.folder });
  const names = [];
  for await (const { part } of second.keeper.restore()) names.push(part.name);
  expect(names).toEqual([topic, "body"]);
});

test("the same body is kept again when there was other news of its scope meanwhile", async () => {
  const first = await keeping(0);
  await first.take("sensor a 1", noon - 3 * hour);
  await first.take("partial\nsensor a 2", noon - 2 * hour, "news");
  await first.take("sensor a 1", noon - hour);
  await first.keeper.close();
  const second = await keeping(0, { dataFolder: first.folder });
  expect(await restored(second.keeper)).toEqual(["-1 sensor a 1"]);
});

test("a damaged kept body is said and left out", async () => {
  const first = await keeping(1, { connector: events });
  await first.take("sensor a 1", noon - 2 * hour);
  await first.take("sensor a 2", noon - hour);
  await first.keeper.close();
  const day = join(first.folder, "feeds/sensors/bodies/2026-03-10");
  await writeFile(join(day, (await readdir(day)).sort()[0]!), "not gzip");
  const second = await keeping(1, { connector: events, dataFolder: first.folder });
  expect(await restored(second.keeper)).toEqual(["-1 sensor a 2"]);
  expect(second.logged.map(({ text }) => text)).toEqual(["kept body cannot be read"]);
});

test("without a disk to write to live goes on; the loss is logged once and counted", async () => {
  const dataFolder = await temporaryFolder();
  await mkdir(join(dataFolder, "feeds"));
  await writeFile(join(dataFolder, "feeds/sensors"), "a file where a folder should be");
  const { keeper, take, readings, words, logged } = await keeping(1, { dataFolder });
  expect(await take("sensor a 1", noon)).toBe(false);
  expect(await take("sensor a 2", noon)).toBe(false);
  await keeper.close();
  expect(readings()).toEqual(["a=1", "a=2"]);
  expect(words.at(-1)?.error).toBeNull();
  expect(keeper.notKept).toBeGreaterThanOrEqual(2);
  expect(logged.filter(({ text }) => text.includes("cannot be kept"))).toHaveLength(1);
});
