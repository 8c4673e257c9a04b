/** Debian's InfluxDB (1.6), started for a benchmark in a folder of its own. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { temporaryDir } from "../city-files.ts";
import type { NotHere } from "./benchmark.ts";
import { freePort } from "../free-port.ts";
import { debianProgram } from "./debian-program.ts";

export interface InfluxDb {
  readonly pid: number;
  /** Where to post line protocol. */
  readonly writeUrl: string;
  stop(): Promise<void>;
}

/** Starts it empty, with its settings as they come, but silent. */
export async function startInfluxDb(): Promise<InfluxDb | NotHere> {
  const program = await debianProgram("influxdb", "/usr/bin/influxd");
  if (program === null) return { notHere: "no influxd, and no apt-get that could bring Debian's influxdb" };
  const dir = await temporaryDir("influxdb");
  const port = await freePort();
  const settings = [
    "reporting-disabled = true",
    'bind-address = "127.0.0.1:0"',
    `[meta]\n  dir = "${dir}/meta"`,
    `[data]\n  dir = "${dir}/data"\n  wal-dir = "${dir}/wal"\n  query-log-enabled = false`,
    `[http]\n  bind-address = "127.0.0.1:${port}"\n  log-enabled = false`,
    "[monitor]\n  store-enabled = false",
  ];
  await writeFile(join(dir, "influxdb.conf"), settings.join("\n"));
  const server = spawn(program, ["run", "-config", join(dir, "influxdb.conf")], { stdio: "ignore" });
  const exited = once(server, "exit");
  const url = `http://127.0.0.1:${port}`;
  const isUp = (): Promise<boolean> =>
    fetch(`${url}/ping`).then(
      (answer) => answer.ok,
      () => false,
    );
  for (let tries = 0; tries < 100 && !(await isUp()); tries++) await sleep(100);
  const made = await fetch(`${url}/query?q=${encodeURIComponent("CREATE DATABASE bench")}`, {
    method: "POST",
  });
  if (!made.ok) throw new Error(`InfluxDB makes no database: ${await made.text()}`);
  return {
    pid: server.pid!,
    writeUrl: `${url}/write?db=bench`,
    async stop() {
      server.kill();
      await exited;
      await rm(dir, { recursive: true, force: true });
    },
  };
}
