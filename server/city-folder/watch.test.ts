import { afterEach, expect, it } from "vitest";
import { faultLine } from "./fault.ts";
import { folderPrint } from "./folder-files.ts";
import { sampleFiles, writeFolder } from "./sample-folder.ts";
import { watchCityFolder } from "./watch.ts";

const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

function watched() {
  const folder = writeFolder(sampleFiles());
  const news: string[] = [];
  const options = { recordings: folder.recordings, env: {}, settleMs: 20, lookMs: 50 };
  stops.push(
    watchCityFolder(
      folder.dir,
      options,
      (city) => news.push(`valid ${city.indicators[0]?.target}`),
      (faults) => news.push(...faults.map(faultLine)),
    ),
    folder.remove,
  );
  return { folder, news };
}

const indicator = "indicators/transport.stations-empty.json";
const withTarget = (target: unknown) => ({ ...(sampleFiles()[indicator] as object), target });

it("takes a valid change over, refuses a bad one with its reasons, and takes the repair over", async () => {
  const { folder, news } = watched();
  folder.write(indicator, withTarget(12));
  await expect.poll(() => news).toEqual(["valid 12"]);
  folder.write(indicator, withTarget("twelve"));
  await expect
    .poll(() => news.slice(1))
    .toEqual([expect.stringContaining('target: found "twelve", expected a number')]);
  folder.write(indicator, withTarget(13));
  await expect.poll(() => news.slice(2)).toEqual(["valid 13"]);
});

it("sees what changed between the reading of the folder and the start of the watch", async () => {
  const folder = writeFolder(sampleFiles());
  const known = folderPrint(folder.dir);
  folder.write(indicator, withTarget(12));
  const news: unknown[] = [];
  const options = { recordings: folder.recordings, env: {}, settleMs: 20, lookMs: 50, known };
  stops.push(
    watchCityFolder(
      folder.dir,
      options,
      (city) => news.push(city.indicators[0]?.target),
      () => undefined,
    ),
    folder.remove,
  );
  await expect.poll(() => news).toEqual([12]);
});

it("sees a new file in a folder that was not there", async () => {
  const { folder, news } = watched();
  folder.write("routes/daily.json", {});
  await expect.poll(() => news[0]).toContain("routes/daily.json");
});

it("leaves the city alone while a feed's own data in the folder changes", async () => {
  const { folder, news } = watched();
  for (let second = 0; second < 5; second++) {
    folder.write("gbfs/station_status.json", { second });
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  expect(news).toEqual([]);
  folder.write(indicator, withTarget(12));
  await expect.poll(() => news).toEqual(["valid 12"]);
});
