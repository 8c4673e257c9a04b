/**
 * GTFS-Realtime of the MBTA, from the bytes of a poll to the frames that everyone gets, against what the public bindings
 * take to decode the same bytes alone and hold them.
 */

import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import bindings from "gtfs-realtime-bindings";
import { hasRecordings, readRecording, recordingsFolder } from "../../fixtures/feed-cases.ts";
import { temporaryDir } from "../city-files.ts";
import type { Benchmark } from "./benchmark.ts";
import { startSide } from "./side.ts";

const { FeedMessage } = bindings.transit_realtime;
type Message = ReturnType<typeof FeedMessage.decode>;

const files = ["VehiclePositions", "TripUpdates"];
const polls = 21;

/**
 * A folder for each poll: the recorded one, then one each half minute in which another fifth of the entities has moved on
 * while the others are byte for byte the same.
 */
async function writePolls(folder: string): Promise<void> {
  for (const file of files) {
    const message = FeedMessage.decode(readRecording(`boston/gtfs-rt/mbta-20241120-${file}.pb`));
    for (let poll = 0; poll < polls; poll++) {
      if (poll > 0) moveOn(message, poll);
      const dir = join(folder, String(poll).padStart(2, "0"));
      await mkdir(dir, { recursive: true });
      await writeFile(join(dir, file), FeedMessage.encode(message).finish());
    }
  }
}

function moveOn(message: Message, poll: number): void {
  message.header.timestamp = Number(message.header.timestamp) + 30;
  for (const [at, { vehicle, tripUpdate }] of message.entity.entries()) {
    if (at % 5 !== poll % 5) continue;
    for (const thing of [vehicle, tripUpdate]) if (thing) thing.timestamp = Number(message.header.timestamp);
    const position = vehicle?.position;
    if (position) position.latitude += 0.0005;
    for (const { arrival, departure } of tripUpdate?.stopTimeUpdate ?? [])
      for (const event of [arrival, departure]) if (event) event.time = Number(event.time) + 12;
  }
}

function gtfsRt(name: "cold" | "next-poll", target: number): Benchmark {
  return {
    name: `gtfs-rt-${name}`,
    unit: "CPU ms",
    baselineName: "gtfs-realtime-bindings decode",
    target,
    rounds: 9,
    async prepare() {
      if (!hasRecordings) return { notHere: `no recordings in ${recordingsFolder}` };
      const folder = await temporaryDir("bench-gtfs-rt");
      await writePolls(folder);
      const ours = await startSide("gtfs-rt-side.ts", [name, folder]);
      const theirs = await startSide("gtfs-rt-side.ts", ["bindings", folder]);
      return {
        ours: () => ours.ask(),
        baseline: () => theirs.ask(),
        async close() {
          ours.stop();
          theirs.stop();
          await rm(folder, { recursive: true, force: true });
        },
      };
    },
  };
}

export const gtfsRtCold = gtfsRt("cold", 2);

export const gtfsRtNextPoll = gtfsRt("next-poll", 0.5);
