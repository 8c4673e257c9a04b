/** A whole Citydeck for a test: on a port of loopback that is free, silent unless it is asked to log, its token known. */

import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pino, type Logger } from "pino";
import { startCitydeck, type CitydeckOptions, type RunningCitydeck } from "../server/main.ts";

type Chosen = Pick<CitydeckOptions, "cityDir" | "dataDir"> & Partial<CitydeckOptions>;

/** The access token of the cities of tests. */
export const testToken = "test-token";

/** Headers of who may write. */
export const withToken = { authorization: `Bearer ${testToken}` } as const;

/** Makes `testToken` the access token of a data folder, as a start would have made one. */
export async function giveTestToken(dataDir: string): Promise<void> {
  const hash = createHash("sha256").update(testToken).digest("base64url");
  await mkdir(dataDir, { recursive: true });
  await writeFile(join(dataDir, "access-token"), `sha256:${hash}\n`, { mode: 0o600 });
}

/** `recordings` and `clientDir` are the data folder, where there are none, unless the test names them. */
export async function startCity(options: Chosen): Promise<RunningCitydeck> {
  await giveTestToken(options.dataDir);
  return startCitydeck({
    recordings: options.dataDir,
    clientDir: options.dataDir,
    host: "127.0.0.1",
    port: 0,
    speed: 1,
    log: pino({ level: "silent" }),
    ...options,
  });
}

/** Logs into `lines`, one event a line. */
export function logInto(lines: string[]): Logger {
  return pino({ base: null, level: "info" }, { write: (line: string) => lines.push(line) });
}
