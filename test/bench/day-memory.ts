/** Whether the server of a city needs more memory after a day than after its first minutes: the demo city, accelerated. */

import { setTimeout as sleep } from "node:timers/promises";
import { buildClientIfNeeded } from "../../server/client-build.ts";
import { prepareSimulatorIfNeeded } from "../../server/simulator.ts";
import { median, type Benchmark } from "./benchmark.ts";
import { residentMegabytes, startServer } from "./start-live.ts";

/** Both begin at the same hour of the same day of the same seed, when many vehicles run. */
const startsAt = "2026-06-10T08:00Z";
const daySeconds = 86_400;
const firstSeconds = 600;
/** As fast as the simulator goes: a day in 144 s. Its feeds then speak four times a second, every 150 s of city time. */
const daySpeed = 600;
/** Ten minutes of the city in one of the machine, by when the garbage of the start is gone. */
const firstSpeed = 10;
/** Collections of garbage come and go within this long. */
const watchedSeconds = 15;

/** The middle of what the server held in the last seconds of `citySeconds`, megabytes. */
async function residentAfter(citySeconds: number, speed: number): Promise<number> {
  const { server, stop } = await startServer(["start", "--speed", String(speed), "--at", startsAt]);
  await sleep((citySeconds / speed - watchedSeconds) * 1_000);
  const seen: number[] = [];
  for (let second = 0; second < watchedSeconds; second++) {
    await sleep(1_000);
    seen.push(await residentMegabytes(server.pid!));
  }
  await stop();
  return median(seen);
}

export const dayMemory: Benchmark = {
  name: "day-memory",
  unit: "MB",
  baselineName: "after 10 minutes",
  target: 1.1,
  rounds: 1,
  async prepare() {
    if (process.platform !== "linux") return { notHere: "resident memory is read from /proc" };
    await Promise.all([buildClientIfNeeded(), prepareSimulatorIfNeeded()]);
    return {
      ours: () => residentAfter(daySeconds, daySpeed),
      baseline: () => residentAfter(firstSeconds, firstSpeed),
    };
  },
};
