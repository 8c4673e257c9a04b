/** Runs `citydeck` as a person does: as a process of its own. */

import { execFile, spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { giveTestToken } from "./running-city.ts";

export const citydeck = join(import.meta.dirname, "..", "server", "citydeck.ts");

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. */
export function runCitydeck(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 64 * 2 ** 20, timeout: 120_000 };
    execFile(process.execPath, [citydeck, ...args], options, (error, stdout, stderr) => {
      resolve({
        code: error === null ? 0 : typeof error.code === "number" ? error.code : -1,
        stdout,
        stderr,
      });
    });
  });
}

export interface StartedCitydeck {
  readonly server: ChildProcess;
  readonly url: string;
  /** The lines of its log so far. */
  readonly said: readonly string[];
}

/** Runs `citydeck start` over a data folder whose access token is `testToken`; resolves when it says where it is, rejects when it ends before. */
export async function startCitydeckProcess(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<StartedCitydeck> {
  const data = args[args.indexOf("--data") + 1];
  if (args.includes("--data") && data !== undefined) await giveTestToken(data);
  const server = spawn(process.execPath, [citydeck, "start", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env,
  });
  const said: string[] = [];
  createInterface({ input: server.stderr }).on("line", (line) => {
    said.push(line);
    process.stderr.write(`${line}\n`);
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: server.stdout }).on("line", (line) => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (found) resolve(found[0]);
    });
    server.once("exit", (code) => {
      reject(new Error(`the server ended with ${code}`));
    });
  });
  return { server, url, said };
}
