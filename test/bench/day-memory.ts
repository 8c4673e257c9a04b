/** Whether the server of a city needs more memory after a day than after its first minutes: the demo city, accelerated. */

import { setTimeout as sleep } from "node:timers/promises";
import { buildClientIfNeeded } from "../../server/client-build.ts";
import { prepareSimulatorIfNeeded } from "../../server/simulator.ts";
import type { Benchmark } from "./benchmark.ts";
import { nodeFlags, residentMegabytes, startServer } from "./start-live.ts";

/** Both begin at the same hour of the same day of the same seed, when many vehicles run. */
const startsAt = "2026-06-10T08:00Z";
const daySeconds = 86_400;
const firstSeconds = 600;
/** As fast as the simulator goes: a day in 144 s. Its feeds then speak four times a second, every 150 s of city time. */
const daySpeed = 600;
/** Ten minutes of the city in one of the machine, by when the garbage of the start is gone. */
const firstSpeed = 10;
/**
 * A faster city makes more garbage, and V8 keeps the pages that garbage has left; what is asked here is what the city
 * keeps (docs/decisions/0015).
 */
const collectsWhenTold = [
  "--import",
  'data:text/javascript,process.on("SIGUSR2", () => gc({ type: "major", flavor: "last-resort" }))',
];

/** What the server holds after `citySeconds` when its garbage is collected and the pages given back, resident megabytes. */
async function residentAfter(citySeconds: number, speed: number): Promise<number> {
  const command = ["start", "--speed", String(speed), "--at", startsAt];
  const { server, stop } = await startServer(command, { flags: [...nodeFlags, ...collectsWhenTold] });
  await sleep((citySeconds / speed) * 1_000);
  // What the first collection frees may be all that held something else.
  for (let time = 0; time < 3; time++) {
    server.kill("SIGUSR2");
    await sleep(1_000);
  }
  const megabytes = await residentMegabytes(server.pid!);
  await stop();
  return megabytes;
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
