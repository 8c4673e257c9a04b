/** A whole Citydeck for a test: on a port of loopback that is free, and silent unless it is asked to log. */

import { pino, type Logger } from "pino";
import { startCitydeck, type CitydeckOptions, type RunningCitydeck } from "../server/main.ts";

type Chosen = Pick<CitydeckOptions, "cityDir" | "dataDir"> & Partial<CitydeckOptions>;

/** `recordings` and `clientDir` are the data folder, where there are none, unless the test names them. */
export function startCity(options: Chosen): Promise<RunningCitydeck> {
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
