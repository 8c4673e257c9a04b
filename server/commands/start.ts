/** `citydeck start` and `citydeck replay`. */

import { existsSync } from "node:fs";
import { basename, isAbsolute, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { pino } from "pino";
import { isHistoryQuestion } from "../backup/make-backup.ts";
import { isBriefingQuestion } from "../briefing/briefing-file.ts";
import { readCityFolder } from "../city-folder/city-folder.ts";
import { isTokenQuestion } from "../http/access-token.ts";
import { recordingsDir } from "../city-folder/recordings.ts";
import { buildClientIfNeeded, clientDir } from "../client-build.ts";
import { claimDataFolder, emptyDataFolder, holdDataFolder } from "../data-folder.ts";
import type { DemoPastProgress } from "../demo-past.ts";
import { prepareSimulatorIfNeeded, startSimulator, type RunningSimulator } from "../simulator.ts";
import { startCitydeck, type RunningCitydeck } from "../main.ts";
import { UnusableFolder } from "../open-folder.ts";

const projectDir = join(import.meta.dirname, "..", "..");
export const demoCity = join(projectDir, "fixtures", "demo-city");

const options = {
  city: { type: "string" },
  data: { type: "string" },
  port: { type: "string", default: "8700" },
  host: { type: "string", default: "127.0.0.1" },
  speed: { type: "string", default: "1" },
  /** Of a simulated city: which of all its possible days, from when, and whether from just before a storm. */
  seed: { type: "string", default: "1" },
  at: { type: "string" },
  storm: { type: "boolean", default: false },
} as const;

/** Starts the city of `--city`, or the demo city. */
export async function start(args: readonly string[]): Promise<number | null> {
  const running = await startCity(args);
  return typeof running === "number" ? running : null;
}

/** As `start`; the running city, or the exit code with which it could not start. */
export async function startCity(args: readonly string[]): Promise<RunningCitydeck | number> {
  const { values } = parseArgs({ args: [...args], options });
  return run(values.city ?? demoCity, values);
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
  readonly seed: string;
  readonly at?: string | undefined;
  readonly storm: boolean;
}

async function run(dir: string, values: StartValues): Promise<RunningCitydeck | number> {
  const cityDir = resolve(dir);
  if (!existsSync(join(cityDir, "city.json"))) throw new Error(`${cityDir} holds no city.json`);
  const { dataDir, isAnew } = dataDirOf(cityDir, values);
  const { letGo, answerBy } = await holdDataFolder(dataDir);
  if (isAnew) emptyDataFolder(dataDir);
  try {
    claimDataFolder(dataDir, ownerOf(cityDir), values.data !== undefined);
  } catch (error) {
    await letGo();
    throw error;
  }
  const log = pino({ base: null, level: process.env["CITYDECK_LOG"] ?? "warn" }, pino.destination(2));
  let simulator: RunningSimulator | null = null;
  try {
    const [isClientBuilt, simulated] = await Promise.all([
      buildClientIfNeeded(),
      simulatorOf(cityDir, values),
    ]);
    simulator = simulated;
    if (isClientBuilt) process.stdout.write("Built the client.\n");
    const running = await startCitydeck({
      cityDir,
      dataDir,
      recordings: recordingsDir(),
      clientDir,
      host: values.host,
      port: readNumber("port", values.port, 0, 65_535),
      speed: readNumber("speed", values.speed, 0.01, 600),
      ...(simulator ? { simulated: simulator } : {}),
      ...(simulator && cityDir === demoCity
        ? { demoPast: { seed: seedOf(values), tell: tellOfPast() } }
        : {}),
      log,
    });
    answerBy(async (question) => {
      if (isTokenQuestion(question)) return running.renewToken();
      if (isHistoryQuestion(question)) return running.backUpHistory(question.backUpHistoryTo);
      if (isBriefingQuestion(question)) return (await running.briefingFile(question)).toString("base64");
      throw new Error("this version of Citydeck does not know the question");
    });
    welcome(running);
    stopOnSignal(async () => {
      await Promise.all([running.stop(), simulator?.stop()]);
      await letGo();
    });
    return running;
  } catch (error) {
    await simulator?.stop();
    await letGo();
    if (!(error instanceof UnusableFolder)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

/** Starts the simulator of a city that has one. A folder with faults has none yet: starting it will say them. */
async function simulatorOf(cityDir: string, values: StartValues): Promise<RunningSimulator | null> {
  const read = readCityFolder(cityDir, { recordings: recordingsDir(), env: process.env });
  if (!read.ok || !read.value.isSimulated) return null;
  if (await prepareSimulatorIfNeeded()) process.stdout.write("Made the demo city's map and timetable.\n");
  const speed = readNumber("speed", values.speed, 1, 600);
  return startSimulator({
    seed: seedOf(values),
    speed,
    cityAt: cityTimeAtStart(values),
    storm: values.storm,
  });
}

function seedOf({ seed }: StartValues): number {
  return readNumber("seed", seed, 0, 2 ** 31);
}

/** Says how far the demo city's past is, every ten days and at its end. */
function tellOfPast(): (progress: DemoPastProgress) => void {
  let said = "";
  return ({ of, daysThere, days }) => {
    const there = daysThere === days ? days : Math.floor(daysThere / 10) * 10;
    const line = `The city's past by ${of}: ${there} of ${days} days are there.\n`;
    if (there === 0 || line === said) return;
    said = line;
    process.stdout.write(line);
  };
}

function cityTimeAtStart({ at }: StartValues): number {
  const startAt = at === undefined ? Date.now() : Date.parse(at);
  if (Number.isNaN(startAt)) throw new Error(`--at "${at}": expected a time such as 2026-12-01T08:00Z`);
  return startAt;
}

/**
 * The folder for what the city remembers. A simulated city at another time than now begins anew at each start: nobody
 * wants the memory of an afternoon that has not been yet.
 */
function dataDirOf(
  cityDir: string,
  { data, at, storm, speed }: StartValues,
): { readonly dataDir: string; readonly isAnew: boolean } {
  if (data !== undefined) return { dataDir: resolve(data), isAnew: false };
  const dir = usualDataDir(cityDir);
  const isAnew = at !== undefined || storm || Number(speed) !== 1;
  return { dataDir: isAnew ? `${dir}-elsewhen` : dir, isAnew };
}

/** Where a city remembers that is told no other place. */
export function usualDataDir(cityDir: string): string {
  return join(projectDir, "data", basename(cityDir));
}

/** How a data folder remembers its city folder: the project may be moved with both. */
export function ownerOf(cityDir: string): string {
  const inProject = relative(projectDir, cityDir);
  return inProject.startsWith("..") || isAbsolute(inProject) ? cityDir : inProject;
}

function readNumber(name: string, text: string, from: number, to: number): number {
  const number = Number(text);
  if (!(number >= from && number <= to))
    throw new Error(`--${name} "${text}": expected a number from ${from} to ${to}`);
  return number;
}

function welcome({ url, walls, mailbox, clockKind, newToken }: RunningCitydeck): void {
  const lines = [
    clockKind === "replay"
      ? "Citydeck is running. Its feeds are recordings: nothing it shows is current."
      : clockKind === "simulated"
        ? "Citydeck is running. Its city is made up: nothing it shows is real."
        : "Citydeck is running.",
    `  Start page  ${url}/`,
    ...walls.map((wall) => `  Wall        ${url}/wall/${wall}`),
    `  Desk        ${url}/desk`,
    `  Briefings   ${url}/briefings`,
    `  Explorer    ${url}/explorer`,
    `  Feeds       ${url}/feeds`,
    `  Changes     ${url}/admin`,
    ...(mailbox === null ? [] : [`  Mailbox     ${mailbox}`]),
  ];
  if (newToken !== null) {
    lines.push(
      `  Access token to act, write and change with; shown once, "npm run citydeck -- token" makes another: ${newToken}`,
    );
  }
  process.stdout.write(`${lines.join("\n")}\n`);
}

function stopOnSignal(stopAll: () => Promise<void>): void {
  const stop = (): void => {
    stopAll().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}
