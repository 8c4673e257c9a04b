/** How much later operators' frames come while briefings are printed. */

import { mkdir, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { io, type Socket } from "socket.io-client";
import * as msgpackParser from "socket.io-msgpack-parser";
import { protocolVersion, type Frame, type Hello, type IndicatorsBody } from "../../shared/protocol.ts";
import { findBrowser } from "../../server/briefing/print/find-browser.ts";
import { sampleBriefing } from "../briefing-sample.ts";
import { browserAdvice } from "../browser/browser.ts";
import { temporaryDir, writeJsonFiles } from "../city-files.ts";
import { startCitydeckProcess } from "../run-command.ts";
import { city, secret, secretName } from "./alarm-latency.ts";
import type { Benchmark } from "./benchmark.ts";

const pdfs = 20;
const everyMs = 250;
/** As many as come while the PDFs are made, or about so. */
const framesWithout = 60;

/** A city that levels are pushed to, and a desk that gets their frames. */
interface WatchedCity {
  readonly url: string;
  /** Milliseconds from an observation to the frame with it, at the 99th percentile, for as long as `goesOn`. */
  delay(goesOn: (frames: number) => boolean): Promise<number>;
  close(): Promise<void>;
}

async function startWatched(): Promise<WatchedCity> {
  const dir = await temporaryDir("bench-briefing-frames");
  const data = join(dir, "data");
  await writeJsonFiles(dir, city);
  await mkdir(join(data, "briefings", "issued"), { recursive: true });
  await writeFile(
    join(data, "briefings", "issued", `${sampleBriefing.id}.json`),
    `${JSON.stringify(sampleBriefing)}\n`,
  );
  const args = ["--city", dir, "--data", data, "--port", "0"];
  const { server, url } = await startCitydeckProcess(args, { ...process.env, [secretName]: secret });
  const socket = io(url, { parser: msgpackParser, transports: ["websocket"] });
  await once(socket as unknown as NodeJS.EventEmitter, "connect");
  const hello: Hello = { protocol: protocolVersion, topics: ["indicators"], have: { epoch: null, seq: {} } };
  socket.emit("hello", hello);
  let level = 0;
  const push = async (): Promise<void> => {
    const answer = await fetch(`${url}/api/v1/feeds/levels/data`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}` },
      body: `level,gauge=quay metres=${++level} ${Date.now()}000000`,
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  };
  return {
    url,
    async delay(goesOn) {
      const took: number[] = [];
      while (goesOn(took.length)) {
        const sentAt = performance.now();
        const arrived = levelOn(socket, level + 1);
        await push();
        await arrived;
        took.push(performance.now() - sentAt);
        await sleep(Math.max(0, everyMs - took.at(-1)!));
      }
      return took.toSorted((a, b) => a - b)[Math.ceil(0.99 * took.length) - 1]!;
    },
    async close() {
      socket.close();
      server.kill();
      await once(server, "exit");
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Resolves when a frame says a level, or a later one. */
function levelOn(socket: Socket, level: number): Promise<void> {
  return new Promise((resolve) => {
    const hear = ({ topic, body }: Frame): void => {
      if (topic !== "indicators") return;
      const { readings } = body as IndicatorsBody;
      if (!readings.some(({ id, value }) => id === "platform.level" && value !== null && value >= level))
        return;
      socket.off("frame", hear);
      resolve();
    };
    socket.on("frame", hear);
  });
}

/** How much longer the 99th percentile of frames takes while twenty PDFs are printed than without. */
export const briefingFrames: Benchmark = {
  name: "briefing-frames",
  unit: "ms",
  baselineName: "budget",
  target: 1,
  rounds: 3,
  async prepare() {
    if (findBrowser() === null) return { notHere: browserAdvice };
    const watched = await startWatched();
    await watched.delay((frames) => frames < 8);
    const print = async (): Promise<void> => {
      const answer = await fetch(`${watched.url}/briefing/${sampleBriefing.id}?lang=zh&format=pdf`);
      if (answer.headers.get("content-type") !== "application/pdf") throw new Error(await answer.text());
      await answer.arrayBuffer();
    };
    return {
      async ours() {
        const without = await watched.delay((frames) => frames < framesWithout);
        let isOver = false;
        const printing = Promise.all(Array.from({ length: pdfs }, print)).finally(() => (isOver = true));
        const [beside] = await Promise.all([watched.delay(() => !isOver), printing]);
        return Math.max(0, beside - without);
      },
      baseline: () => 50,
      close: watched.close,
    };
  },
};
