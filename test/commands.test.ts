/** The commands as a person meets them: processes of their own, their lines and exit codes. */

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, describe, expect, test, onTestFinished } from "vitest";
import type { IssuedBriefing } from "../shared/briefing.ts";
import { findBrowser } from "../server/briefing/print/find-browser.ts";
import { briefCommand } from "../server/commands/brief.ts";
import { buildClientIfNeeded } from "../server/client-build.ts";
import { bikeFiles, temporaryDir, walkCity, writeJsonFiles } from "./city-files.ts";
import { citydeck, runCitydeck } from "./run-command.ts";

let dir: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  dir = await temporaryDir("commands");
  await writeJsonFiles(dir, { ...walkCity, ...bikeFiles(7, Date.now()) });
  await buildClientIfNeeded();
}, 120_000);

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

afterAll(() => rm(dir, { recursive: true, force: true }));

interface Child {
  readonly process: ChildProcess;
  /** What it printed, a line each. */
  readonly lines: string[];
  readonly complaints: string[];
}

function run(...args: readonly string[]): Child {
  const child = spawn(process.execPath, [citydeck, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  const [lines, complaints]: [string[], string[]] = [[], []];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  createInterface({ input: child.stderr }).on("line", (line) => complaints.push(line));
  return { process: child, lines, complaints };
}

const start = (port = 0): Child =>
  run("start", "--city", dir, "--data", join(dir, "data"), "--port", String(port));

const patient = { timeout: 60_000 };

/** The address of a started city. */
async function addressOf({ lines }: Child): Promise<string> {
  const find = (): string | undefined =>
    lines.map((line) => /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]).find((url) => url !== undefined);
  await expect.poll(find, patient).toBeDefined();
  return find()!;
}

/** The access token that was printed. */
async function tokenIn(lines: readonly string[]): Promise<string> {
  const find = (): string | undefined =>
    lines.map((line) => /token .*: ([\w-]{32})$/m.exec(line)?.[1]).find((token) => token !== undefined);
  await expect.poll(find, patient).toBeDefined();
  return find()!;
}

async function exitCode({ process: child }: Child): Promise<number | null> {
  if (child.exitCode === null) await once(child, "exit");
  return child.exitCode;
}

describe("check", () => {
  test("a sound folder", async () => {
    const { code, stdout } = await runCitydeck("check", dir);
    expect(stdout).toBe(`${dir}: sound, 1 feed, 4 indicators, 0 rules, 1 wall, 0 areas\n`);
    expect(code).toBe(0);
  });

  test("a faulty folder: file, key and reason of each fault, and how many", async () => {
    const faulty = await temporaryDir("faulty");
    const feed = { ...walkCity["feeds/bikes.json"], cadenceSeconds: "often", department: "parks" };
    await writeJsonFiles(faulty, { ...walkCity, "feeds/bikes.json": feed });
    const { code, stdout } = await runCitydeck("check", faulty);
    const lines = stdout.trim().split("\n");
    expect(lines).toContainEqual(expect.stringMatching(/^feeds\/bikes\.json.*cadenceSeconds/));
    expect(lines.at(-1)).toMatch(/: \d+ faults? in \d+ files?$/);
    expect(code).toBe(1);
    await rm(faulty, { recursive: true });
  });

  test("a folder that is not there", async () => {
    const { code, stderr } = await runCitydeck("check", "/nonexistent");
    expect(stderr).toBe("citydeck check: there is no folder /nonexistent\n");
    expect(code).toBe(1);
  });

  test("no folder, and two", async () => {
    for (const args of [[], [dir, dir]]) {
      const { code, stderr } = await runCitydeck("check", ...args);
      expect(stderr).toBe("citydeck check: expected one city folder: check DIR\n");
      expect(code).toBe(1);
    }
  });
});

describe("inspect", () => {
  test.each([
    [["telegram", "x"], /"telegram" is not one of .*gbfs/],
    [[], /expected a standard and its files: inspect SPEC FILE…/],
    [["gbfs"], /expected a file or several/],
    [["table", "x.csv"], /--feed DIR#FEED/],
    [["table", "x.csv", "--feed", "nothing"], /expected a city folder and a feed, DIR#FEED/],
  ])("%j is refused with its reason", async (args, reason) => {
    const { code, stdout, stderr } = await runCitydeck("inspect", ...args);
    expect(stderr).toMatch(reason);
    expect(stderr.trim().split("\n").length).toBe(1);
    expect(stdout).toBe("");
    expect(code).toBe(1);
  });

  test("a feed of another standard, a feed that is not there, a file that is not there", async () => {
    const other = await runCitydeck("inspect", "cap", "x", "--feed", `${dir}#bikes`);
    expect(other.stderr).toContain("#bikes is a gbfs feed, not cap");
    const none = await runCitydeck("inspect", "gbfs", "x", "--feed", `${dir}#trams`);
    expect(none.stderr).toContain('has no feed "trams", it has bikes');
    const missing = await runCitydeck("inspect", "gbfs", "nothing.json");
    expect(missing).toEqual({ code: 1, stdout: "", stderr: "nothing.json: there is no such file\n" });
  });

  test("a feed of a folder is read though other feeds of it have faults; its own are said", async () => {
    const folder = await temporaryDir("inspect");
    const bikes = walkCity["feeds/bikes.json"];
    const replay = {
      type: "replay",
      recordings: [{ name: "body", path: "nowhere.json" }],
      from: "2026-11-01T00:00",
      to: "2026-11-02T00:00",
    };
    await writeJsonFiles(folder, {
      ...walkCity,
      ...bikeFiles(7, Date.now()),
      "feeds/trams.json": { ...bikes, id: "trams", transport: replay },
    });
    const file = join(folder, "gbfs", "station_status.json");
    const read = await runCitydeck("inspect", "gbfs", file, "--feed", `${folder}#bikes`);
    expect(read.stderr).toBe("");
    expect(read.stdout).toContain("StationStatus");
    expect(read.code).toBe(0);
    const own = await runCitydeck("inspect", "gbfs", file, "--feed", `${folder}#trams`);
    expect(own.stderr).toContain("feeds/trams.json");
    expect(own.stderr).toContain("nowhere.json");
    expect(own.code).toBe(1);
    await rm(folder, { recursive: true });
  });

  test("an unreadable file is named once", async () => {
    const file = join(dir, "gbfs", "broken.json");
    await writeFile(file, "no JSON");
    const { code, stderr } = await runCitydeck("inspect", "gbfs", file);
    expect(stderr).toMatch(/^\S+\/broken\.json: (?!broken)/);
    expect(code).toBe(1);
  });

  test("a sound file, for people", async () => {
    const { code, stdout } = await runCitydeck("inspect", "gbfs", join(dir, "gbfs/station_status.json"));
    expect(stdout).toContain("gbfs 2.3, full: 2 StationStatus; 0 with a place");
    expect(code).toBe(0);
  });
});

describe("start", () => {
  test("a folder that is no city", async () => {
    const empty = join(dir, "gbfs");
    const { code, stderr } = await runCitydeck("start", "--city", empty);
    expect(stderr).toBe(`citydeck start: ${empty} holds no city.json\n`);
    expect(code).toBe(1);
  });

  test("a city with faults: every one of them, and no server", async () => {
    const faulty = await temporaryDir("faulty");
    await writeJsonFiles(faulty, { ...walkCity, "departments.json": { version: 1, departments: [] } });
    const { code, stderr } = await runCitydeck("start", "--city", faulty, "--data", join(faulty, "data"));
    expect(stderr).toContain(`${faulty} cannot be used:`);
    expect(stderr).toContain("departments.json");
    expect(code).toBe(1);
    await rm(faulty, { recursive: true });
  });

  test("two cities of one name do not share a memory that nobody chose", patient, async () => {
    const name = `namesake-${process.pid}`;
    const data = join(import.meta.dirname, "..", "data", name);
    onTestFinished(() => rm(data, { recursive: true, force: true }));
    const faulty = { ...walkCity, "departments.json": { version: 1, departments: [] } };
    const [east, west] = [join(dir, "east", name), join(dir, "west", name)];
    await Promise.all([east, west].map((city) => writeJsonFiles(city, faulty)));
    const first = await runCitydeck("start", "--city", east);
    expect(first.stderr).toContain(`${east} cannot be used:`);
    const second = await runCitydeck("start", "--city", west);
    expect(second.stderr).toBe(
      `citydeck start: the data folder ${data} holds the memory of the city folder ${east}: choose another one with --data, or this one with --data ${data} if it is the same city\n`,
    );
    expect(second.code).toBe(1);
    const chosen = await runCitydeck("start", "--city", west, "--data", data);
    expect(chosen.stderr).toContain(`${west} cannot be used:`);
  });

  test("a port that is taken is named", patient, async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const child = start(port);
    expect(await exitCode(child)).toBe(1);
    expect(child.complaints.at(-1)).toBe(
      `citydeck start: 127.0.0.1:${port} is in use by another program; choose another port with --port`,
    );
    taken.close();
  });

  test.each(["no-such-host.invalid", "192.0.2.1"])(
    "an address that is not ours is named: %s",
    patient,
    async (host) => {
      const child = run("start", "--city", dir, "--data", join(dir, "data"), "--port", "0", "--host", host);
      expect(await exitCode(child)).toBe(1);
      // The log may say what a busy disk had no time for.
      expect(child.complaints.filter((line) => !line.startsWith("{"))).toEqual([
        `citydeck start: --host "${host}": expected an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them`,
      ]);
    },
  );

  test("a second one over the same memory is refused, and the first goes on", patient, async () => {
    const first = start();
    const url = await addressOf(first);
    const second = start();
    expect(await exitCode(second)).toBe(1);
    expect(second.complaints).toEqual([
      `citydeck start: the data folder ${join(dir, "data")} is in use by another Citydeck: stop that one, or choose another folder with --data`,
    ]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    first.process.kill("SIGKILL");
    await exitCode(first);
    await addressOf(start());
  });

  test(
    "another access token is made while it runs and when it does not, and ends the one before",
    patient,
    async () => {
      const data = join(dir, "lost-token");
      const city = run("start", "--city", dir, "--data", data, "--port", "0");
      const url = await addressOf(city);
      const first = await tokenIn(city.lines);
      const statusWith = async (token: string): Promise<number> => {
        const headers = { authorization: `Bearer ${token}` };
        return (await fetch(`${url}/api/v1/views/none`, { method: "DELETE", headers })).status;
      };
      expect(await statusWith(first)).toBe(404);
      const second = await tokenIn([(await runCitydeck("token", "--data", data)).stdout]);
      expect([await statusWith(first), await statusWith(second)]).toEqual([401, 404]);
      city.process.kill("SIGTERM");
      await exitCode(city);
      const third = await tokenIn([(await runCitydeck("token", "--data", data)).stdout]);
      expect(new Set([first, second, third]).size).toBe(3);
    },
  );

  test("a signal ends it cleanly", patient, async () => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      const child = start();
      const url = await addressOf(child);
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      child.process.kill(signal);
      expect(await exitCode(child)).toBe(0);
      await expect(fetch(`${url}/healthz`)).rejects.toThrow("fetch failed");
    }
  });
});

describe("watch", () => {
  test("prints what is there, then what changes, and goes on after a restart", patient, async () => {
    // Said again and again: what is said once is dropped before a busy machine has started the watcher.
    let said = 7;
    const publish = () => writeJsonFiles(dir, bikeFiles(said, Date.now()));
    await publish();
    const publishing = setInterval(() => void publish(), 1_000);
    onTestFinished(() => clearInterval(publishing));
    let server = start();
    const url = await addressOf(server);
    const watcher = run("watch", "--url", url);
    const bikes = (): unknown =>
      watcher.lines
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .findLast(({ id }) => id === "transport.bikes-available")?.["value"];
    await expect.poll(bikes, patient).toBe(7);
    const first = JSON.parse(watcher.lines[0]!) as Record<string, unknown>;
    expect(Object.keys(first)).toEqual([
      "topic",
      "epoch",
      "seq",
      "cityAt",
      "id",
      "value",
      "state",
      "reason",
      "observedAt",
    ]);
    said = 11;
    await expect.poll(bikes, patient).toBe(11);

    server.process.kill("SIGTERM");
    expect(await exitCode(server)).toBe(0);
    said = 4;
    server = start(Number(new URL(url).port));
    await addressOf(server);
    await expect.poll(bikes, patient).toBe(4);
    const epochs = watcher.lines.map((line) => (JSON.parse(line) as { epoch: string }).epoch);
    expect(new Set(epochs).size).toBe(2);
    watcher.process.kill("SIGTERM");
    await exitCode(watcher);
  });

  test("a topic that is none is said once; without another topic that is the end", patient, async () => {
    const server = start();
    const url = await addressOf(server);
    const none = (topic: string): string =>
      `there is no topic "${topic}": expected city, indicators, feeds, alarms, wall/ID or entities/KIND`;
    const { code, stderr } = await runCitydeck("watch", "--url", url, "--topic", "news");
    expect(stderr).toBe(`${none("news")}\n`);
    expect(code).toBe(1);
    const watcher = run("watch", "--url", url, "--topic", "entities/News", "--topic", "city");
    await expect.poll(() => watcher.lines.length, patient).toBe(1);
    expect(watcher.complaints).toEqual([none("entities/News")]);
  });

  test("an address where nobody answers is said once, and is the end", patient, async () => {
    const { code, stderr } = await runCitydeck("watch", "--url", "http://127.0.0.1:9");
    expect(stderr).toMatch(/^http:\/\/127\.0\.0\.1:9: no city answers there \(.*\)\n$/);
    expect(code).toBe(1);
  });

  test("an address that is none", async () => {
    const { code, stderr } = await runCitydeck("watch", "--url", "nowhere");
    expect(stderr).toBe('citydeck watch: --url "nowhere" is not a URL\n');
    expect(code).toBe(1);
  });
});

describe("brief", () => {
  const morning = {
    version: 1,
    id: "morning",
    title: { en: "Morning briefing", zh: "早间简报" },
    audience: { en: "Mayor", zh: "市长" },
    period: { of: "day", until: "now" },
    sections: ["unusual", "data", "next"],
  };

  test("the running city's newest issue, or a new one, in each format", patient, async () => {
    const city = await temporaryDir("brief");
    onTestFinished(() => rm(city, { recursive: true }));
    const data = join(city, "data");
    const brief = (...args: readonly string[]) => runCitydeck("brief", "--data", data, ...args);
    const refusal = (...args: readonly string[]): Promise<string> =>
      briefCommand(["--data", data, ...args]).then(String, (error: Error) => error.message);
    await writeJsonFiles(city, {
      ...walkCity,
      ...bikeFiles(7, Date.now()),
      "briefings/morning.json": morning,
    });
    expect(await refusal("morning")).toBe(
      `no city runs over ${data}: start it first, or name its folder with --city or its data folder with --data`,
    );
    const url = await addressOf(run("start", "--city", city, "--data", data, "--port", "0"));
    expect(await refusal()).toBe("expected one briefing of the city folder: brief DEFINITION");
    expect(await refusal("morning")).toBe('nothing of "morning" was issued yet: --issue issues one');
    for (const args of [["evening"], ["evening", "--issue"]])
      expect(await refusal(...args)).toBe('the city folder has no briefing "evening", it has morning');
    expect(await refusal("morning", "--lang", "fr")).toBe('--lang "fr": expected one of en, zh');
    expect(await refusal("morning", "--format", "docx")).toBe(
      '--format "docx": expected one of text, html, pdf, json',
    );
    const made = await brief("morning", "--issue", "--lang", "zh");
    expect(made).toMatchObject({ code: 0, stderr: "" });
    const asked = async (path: string) => (await fetch(`${url}/api/v1/briefings/${path}`)).text();
    expect(made.stdout).toBe(await asked("morning/latest?format=text&lang=zh"));
    const issued = JSON.parse((await brief("morning", "--format", "json")).stdout) as IssuedBriefing;
    expect(issued).toEqual(JSON.parse(await asked(issued.briefing.id)));
    const page = await brief("morning", "--format", "html");
    expect(page.stdout).toContain(`href="${url}/api/v1/`);
    const out = join(city, "morning.pdf");
    const printed = await brief("morning", "--format", "pdf", "--out", out);
    if (findBrowser() === null) expect(printed.stderr).toMatch(/this server has no Chromium/i);
    else expect((await readFile(out)).toString("latin1", 0, 5)).toBe("%PDF-");
    expect(await refusal("morning", "--out", join(city, "none", "morning.txt"))).toMatch(
      /no such file or directory/,
    );
  });
});

test("a word that is no command gets the list of them", async () => {
  const { code, stderr } = await runCitydeck("strat");
  expect(stderr).toContain('citydeck: "strat" is not a command\n');
  expect(stderr).toContain("inspect SPEC FILE…");
  expect(code).toBe(2);
});

test("who asks for help gets it, of all commands and of one", patient, async () => {
  for (const args of [[], ["help"], ["--help"]]) {
    const { code, stdout, stderr } = await runCitydeck(...args);
    expect(stdout).toMatch(/^ {2}fault-proxy URL --fault FAULT .* a good feed, made bad in one chosen way$/m);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  }
  const start = await runCitydeck("start", "--storm", "--help");
  expect(start.stdout).toMatch(/^citydeck start .*: start a city\n/);
  expect(start.stdout).toMatch(/^ {2}--data DIR +where it keeps what it remembers/m);
  expect(start.code).toBe(0);
  expect((await runCitydeck("fault-proxy", "--help")).stdout).toMatch(/^ {2}lying-clock +moves every time/m);
});

describe("fault-proxy", () => {
  const feed = "http://127.0.0.1:9/gbfs.json";

  test.each([
    [[feed, feed, "--fault", "late"], `expected one URL, found "${feed}" and "${feed}"`],
    [[feed, "--fault", "late", "--port", "x"], '--port "x": expected a number from 0 to 65535'],
  ])("%j is refused with its reason", async (args, reason) => {
    const { code, stderr } = await runCitydeck("fault-proxy", ...args);
    expect(stderr).toBe(`citydeck fault-proxy: ${reason}\n`);
    expect(code).toBe(1);
  });

  test("a port that is taken is named; how late it is, is said", patient, async () => {
    const proxy = run("fault-proxy", feed, "--fault", "late");
    const url = await addressOf(proxy);
    expect(proxy.lines).toEqual([`${url}/gbfs.json answers 60 s late; Ctrl+C ends it`]);
    const { port } = new URL(url);
    const second = await runCitydeck("fault-proxy", feed, "--fault", "down", "--port", port);
    expect(second.stderr).toBe(
      `citydeck fault-proxy: 127.0.0.1:${port} is in use by another program; choose another port with --port\n`,
    );
    expect(second.code).toBe(1);
  });
});

test("new-connector makes one connector at a time", async () => {
  const { code, stderr } = await runCitydeck("new-connector", "tide", "gauge");
  expect(stderr).toBe('citydeck new-connector: expected one name, found "tide" and "gauge"\n');
  expect(code).toBe(1);
});
