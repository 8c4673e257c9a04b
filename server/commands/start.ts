/** `citydeck start` and `citydeck replay`. */

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { pino } from "pino";
import { findRecordings, recordingsDir } from "../city-folder/recordings.ts";
import { buildClientIfNeeded, clientDir } from "../client-build.ts";
import { startCitydeck, UnusableFolder, type RunningCitydeck } from "../main.ts";

const projectDir = join(import.meta.dirname, "..", "..");
const sanFrancisco = join(projectDir, "fixtures", "san-francisco");

const options = {
  city: { type: "string" },
  data: { type: "string" },
  port: { type: "string", default: "8700" },
  host: { type: "string", default: "127.0.0.1" },
  seed: { type: "string" },
  speed: { type: "string", default: "1" },
} as const;

/** Starts the city of `--city`, or San Francisco's recordings when they are there. */
export async function start(args: readonly string[]): Promise<number | null> {
  const running = await startCity(args);
  return typeof running === "number" ? running : null;
}

/** As `start`; the running city, or the exit code with which it could not start. */
export async function startCity(args: readonly string[]): Promise<RunningCitydeck | number> {
  const { values } = parseArgs({ args: [...args], options });
  if (values.city === undefined && findRecordings() === null) {
    process.stderr.write(
      `There is no city to start: the only one in this version replays recordings of San Francisco, and they are not in ${recordingsDir()}.\n` +
        "Set CITYDECK_RECORDINGS to the folder that holds san-francisco/, or give a city folder: npm start -- --city DIR\n",
    );
    return 1;
  }
  return run(values.city ?? sanFrancisco, values);
}

/** Starts a city folder whose feeds name recordings. */
export async function replay(args: readonly string[]): Promise<number | null> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [dir] = positionals;
  if (dir === undefined || positionals.length > 1) throw new Error("expected one city folder: replay DIR");
  const running = await run(dir, values);
  return typeof running === "number" ? running : null;
}

interface StartValues {
  readonly data?: string | undefined;
  readonly port: string;
  readonly host: string;
  readonly speed: string;
}

async function run(dir: string, values: StartValues): Promise<RunningCitydeck | number> {
  const cityDir = resolve(dir);
  if (!existsSync(join(cityDir, "city.json"))) throw new Error(`${cityDir} holds no city.json`);
  const log = pino({ base: null, level: process.env["CITYDECK_LOG"] ?? "warn" }, pino.destination(2));
  if (await buildClientIfNeeded()) process.stdout.write("Built the client.\n");
  try {
    const running = await startCitydeck({
      cityDir,
      dataDir: resolve(values.data ?? join(projectDir, "data", cityDir.split("/").at(-1)!)),
      recordings: recordingsDir(),
      clientDir,
      host: values.host,
      port: readNumber("port", values.port, 0, 65_535),
      speed: readNumber("speed", values.speed, 0.01, 600),
      log,
    });
    welcome(running);
    stopOnSignal(running);
    return running;
  } catch (error) {
    if (!(error instanceof UnusableFolder)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function readNumber(name: string, text: string, from: number, to: number): number {
  const number = Number(text);
  if (!(number >= from && number <= to))
    throw new Error(`--${name} "${text}": expected a number from ${from} to ${to}`);
  return number;
}

function welcome({ url, walls, clockKind, newToken }: RunningCitydeck): void {
  const lines = [
    clockKind === "replay"
      ? "Citydeck is running. Its feeds are recordings: nothing it shows is current."
      : "Citydeck is running.",
    `  Start page  ${url}/`,
    ...walls.map((wall) => `  Wall        ${url}/wall/${wall}`),
  ];
  if (newToken !== null) {
    lines.push(`  Access token for single dispatch entities from other machines (shown once): ${newToken}`);
  }
  process.stdout.write(`${lines.join("\n")}\n`);
}

function stopOnSignal(running: RunningCitydeck): void {
  const stop = (): void => {
    running.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}
