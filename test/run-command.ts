/** Runs `citydeck` as a person does: as a process of its own. */

import { execFile } from "node:child_process";
import { join } from "node:path";

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
