/** `citydeck fault-proxy URL --fault FAULT [--seconds N] [--port N]`: a good feed, made bad in one chosen way. */

import { parseArgs } from "node:util";
import { faults, isFault, startFaultProxy } from "../faults/fault-proxy.ts";

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
  const [target = ""] = positionals;
  if (!/^https?:/.test(target) || !URL.canParse(target))
    throw new Error(`expected the URL of a good feed, found "${target}"`);
  const { fault = "" } = values;
  if (!isFault(fault)) throw new Error(`expected --fault with one of:\n${faultLines()}`);
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  if (seconds !== undefined && !Number.isFinite(seconds))
    throw new Error(`--seconds ${values.seconds}: expected a number`);
  const proxy = await startFaultProxy({ target, fault, seconds, port: Number(values.port) });
  process.stdout.write(`${proxy.url} ${faults[fault]}; Ctrl+C ends it\n`);
  process.once("SIGINT", () => void proxy.stop());
  process.once("SIGTERM", () => void proxy.stop());
  return null;
}

function faultLines(): string {
  return Object.entries(faults)
    .map(([name, what]) => `  ${name.padEnd(12)} ${what}`)
    .join("\n");
}
