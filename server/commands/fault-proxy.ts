/** `citydeck fault-proxy URL --fault FAULT [--seconds N] [--port N]`: a good feed, made bad in one chosen way. */

import { parseArgs } from "node:util";
import { faults, isFault, startFaultProxy, usualSeconds } from "../faults/fault-proxy.ts";

export async function faultProxy(args: readonly string[]): Promise<null> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      fault: { type: "string" },
      seconds: { type: "string" },
      port: { type: "string", default: "0" },
    },
  });
  const [target = "", ...rest] = positionals;
  if (rest.length > 0) throw new Error(`expected one URL, found "${target}" and "${rest[0]}"`);
  if (!/^https?:/.test(target) || !URL.canParse(target))
    throw new Error(`expected the URL of a good feed, found "${target}"`);
  const { fault = "" } = values;
  if (!isFault(fault)) throw new Error(`expected --fault with one of:\n${faultLines()}`);
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  if (seconds !== undefined && !Number.isFinite(seconds))
    throw new Error(`--seconds ${values.seconds}: expected a number`);
  const port = Number(values.port);
  if (!(port >= 0 && port <= 65_535))
    throw new Error(`--port "${values.port}": expected a number from 0 to 65535`);
  const proxy = await startFaultProxy({ target, fault, seconds, port }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") throw error;
      throw new Error(`127.0.0.1:${port} is in use by another program; choose another port with --port`, {
        cause: error,
      });
    },
  );
  const what = faults[fault].replace("--seconds", `${seconds ?? usualSeconds(fault)} s`);
  process.stdout.write(`${proxy.url} ${what}; Ctrl+C ends it\n`);
  process.once("SIGINT", () => void proxy.stop());
  process.once("SIGTERM", () => void proxy.stop());
  return null;
}

/** Every fault and what it does, a line each. */
export function faultLines(): string {
  return Object.entries(faults)
    .map(([name, what]) => `  ${name.padEnd(12)} ${what}`)
    .join("\n");
}
