/**
 * Line protocol as Telegraf sends it, against InfluxDB storing the same bodies: processor seconds for a million samples
 * (values of fields), decoded and aggregated alone, and with everything on: HTTP, journal, inbox, live city, a client.
 */

import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { io, type Socket } from "socket.io-client";
import * as parser from "socket.io-msgpack-parser";
import { protocolVersion } from "../../shared/protocol.ts";
import type { ConnectorFeed } from "../../server/core/feeds/connector.ts";
import { line } from "../../server/core/feeds/line/decode.ts";
import type { LineOptions } from "../../server/core/feeds/line/options.ts";
import { temporaryDir, writeJsonFiles } from "../city-files.ts";
import type { Benchmark } from "./benchmark.ts";
import { startInfluxDb } from "./influxdb.ts";
import { processorSeconds, startServer } from "./start-live.ts";

const hosts = 2_000;
const fields = ["usage_user", "usage_system", "usage_iowait", "usage_idle", "processes"];
/** Telegraf's `metric_batch_size`, and enough of them for a second or so of work. */
const linesOfBody = 1_000;
const bodiesOfRound = 120;
const samplesOfRound = bodiesOfRound * linesOfBody * fields.length;
/** As Telegraf's outputs do: a body is on its way while the next one is made. */
const connections = 4;

const options: LineOptions = {
  measurements: [
    {
      measurement: "cpu",
      where: { cpu: "cpu-total" },
      id: ["host"],
      fields: Object.fromEntries(fields.map((field) => [field, field])),
    },
  ],
};

let rounds = 0;

/** The bodies of one more round: every host again and again, each time ten seconds later. */
function nextRound(): readonly Buffer[] {
  const startAt = Date.now() - 60_000 + rounds++;
  return Array.from({ length: bodiesOfRound }, (_, body) => {
    let text = "";
    for (let i = 0; i < linesOfBody; i++) {
      const n = body * linesOfBody + i;
      const host = n % hosts;
      const wave = Math.sin(host * 7 + n / hosts + rounds) * 20 + 20;
      text += `cpu,cpu=cpu-total,host=server-${host},region=harbour `;
      text += `usage_user=${wave},usage_system=${wave / 3},usage_iowait=${wave / 70},usage_idle=${100 - wave},processes=${100 + host}i`;
      text += ` ${startAt + Math.floor(n / hosts) * 100}000000\n`;
    }
    return Buffer.from(text);
  });
}

/** Writes all bodies, each until it is taken. */
async function writeAll(
  bodies: readonly Buffer[],
  url: string,
  headers: Record<string, string>,
): Promise<void> {
  let next = 0;
  const write = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      for (;;) {
        const answer = await fetch(url, { method: "POST", body: new Uint8Array(body), headers });
        if (answer.status === 204) break;
        if (answer.status !== 429) throw new Error(`${answer.status} ${await answer.text()}`);
        await sleep(1_000 * Number(answer.headers.get("retry-after")));
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, write));
}

/** Processor seconds for a million samples that the process `pid` takes in by HTTP. */
async function costOfWriting(
  pid: number,
  url: string,
  headers: Record<string, string> = {},
): Promise<number> {
  const bodies = nextRound();
  const before = await processorSeconds(pid);
  await writeAll(bodies, url, headers);
  await sleep(500);
  return (((await processorSeconds(pid)) - before) / samplesOfRound) * 1e6;
}

function costOfDecoding(feed: ConnectorFeed<LineOptions>, memory: { held: unknown }): number {
  const bodies = nextRound();
  const before = process.cpuUsage();
  for (const bytes of bodies) {
    const decoded = line.decode({ name: "body", url: null, bytes }, feed, Date.now(), memory.held);
    if (!decoded.ok) throw new Error(decoded.failure.message);
    if (decoded.value.entities.length !== linesOfBody * fields.length) throw new Error("samples were lost");
    memory.held = decoded.value.memory;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / samplesOfRound;
}

const unit = "CPU s per million samples";
const baselineName = "InfluxDB 1.6 storing them";

export const lineParse: Benchmark = {
  name: "line-parse",
  unit,
  baselineName,
  target: 1,
  async prepare() {
    if (process.platform !== "linux") return { notHere: "processor time is read from /proc" };
    const influxDb = await startInfluxDb();
    if ("notHere" in influxDb) return influxDb;
    const bounds = [-180, -90, 180, 90] as const;
    const feed = { id: "telegraf", spec: "line", zone: "UTC", bounds, url: null, options } as const;
    const memory = { held: undefined };
    costOfDecoding(feed, memory);
    await costOfWriting(influxDb.pid, influxDb.writeUrl);
    return {
      ours: () => costOfDecoding(feed, memory),
      baseline: () => costOfWriting(influxDb.pid, influxDb.writeUrl),
      close: () => influxDb.stop(),
    };
  },
};

const both = (text: string) => ({ en: text, zh: text });
const secretName = "CITYDECK_BENCH_LINES";

const city = {
  "city.json": {
    version: 1,
    id: "bench",
    title: both("Bench"),
    zone: "Europe/Berlin",
    bounds: [13, 52, 14, 53],
  },
  "departments.json": { version: 1, departments: [{ id: "digital", title: both("Digital") }] },
  "feeds/telegraf.json": {
    version: 1,
    id: "telegraf",
    title: both("Telegraf"),
    spec: "line",
    department: "digital",
    licence: "CC0-1.0",
    cadenceSeconds: 10,
    staleAfterSeconds: 600,
    keepSeconds: 600,
    transport: { type: "receive", bearer: { env: secretName } },
    options,
  },
  ...Object.fromEntries(
    fields.map((field) => [
      `indicators/platform.${field.replace("_", "-")}.json`,
      {
        version: 1,
        id: `platform.${field.replace("_", "-")}`,
        title: both(field),
        definition: both(field),
        department: "digital",
        reads: "Sensor",
        where: { property: field },
        measure: { mean: "value" },
        unit: field === "processes" ? "count" : "percent",
        better: "neither",
        staleAfterSeconds: 600,
      },
    ]),
  ),
};

/** Somebody who watches every sensor; counts the frames. */
async function watch(url: string): Promise<{ readonly socket: Socket; readonly frames: () => number }> {
  const socket = io(url, { parser, transports: ["websocket"] });
  let frames = 0;
  socket.on("frame", () => frames++);
  await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
  const topics = ["indicators", "feeds", "entities/Sensor"];
  socket.emit("hello", { protocol: protocolVersion, topics, have: { epoch: null, seq: {} } });
  return { socket, frames: () => frames };
}

export const lineLive: Benchmark = {
  name: "line-live",
  unit,
  baselineName,
  target: 2,
  async prepare() {
    if (process.platform !== "linux") return { notHere: "processor time is read from /proc" };
    const influxDb = await startInfluxDb();
    if ("notHere" in influxDb) return influxDb;
    const cityDir = await temporaryDir("bench-line");
    await writeJsonFiles(cityDir, city);
    const secret = "bench";
    const { server, url, stop } = await startServer(["start", "--city", cityDir], {
      secrets: { [secretName]: secret },
    });
    const { socket, frames } = await watch(url);
    const ours = async (): Promise<number> => {
      const before = frames();
      const cost = await costOfWriting(server.pid!, `${url}/api/v2/write?bucket=telegraf`, {
        authorization: `Token ${secret}`,
      });
      if (frames() === before) throw new Error("nothing was pushed live");
      return cost;
    };
    await ours();
    await costOfWriting(influxDb.pid, influxDb.writeUrl);
    return {
      ours,
      baseline: () => costOfWriting(influxDb.pid, influxDb.writeUrl),
      async close() {
        socket.close();
        await Promise.all([stop(), influxDb.stop()]);
        await rm(cityDir, { recursive: true, force: true });
      },
    };
  },
};
