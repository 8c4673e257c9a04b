/**
 * What a connector adds to the parsers that it uses: processor time for a large body, decoded into things and notices,
 * against `JSON.parse`, and against `saxes` whose events are made a plain tree. Of MQTT both sides begin with the packets,
 * which the client's own parser reads.
 */

import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { serialize } from "node:v8";
import { temporaryDir } from "../city-files.ts";
import { median, type Benchmark } from "./benchmark.ts";
import { largeBodies, manyMessages } from "./large-bodies.ts";
import type { LargeBody } from "./large-body.ts";
import { startSide, type Side } from "./side.ts";

const bodyBytes = 500_000;
/** V8 compiles and collects now so, now so: one process in several takes half as much time again. */
const processes = 5;

const bareParsers: Readonly<Record<LargeBody["form"], string>> = {
  json: "JSON.parse",
  xml: "saxes into a tree",
  mqtt: "mqtt-packet and JSON.parse",
};

export const decodeSpeeds: readonly Benchmark[] = [...largeBodies, manyMessages].map(
  ({ name, form, make }) => ({
    name: `decode-${name}`,
    unit: "CPU ms per 0.5 MB",
    baselineName: bareParsers[form],
    target: 2,
    async prepare() {
      const body = make(bodyBytes);
      if (!body) return { notHere: "there are no recordings" };
      const folder = await temporaryDir("bench-decode");
      const file = join(folder, name);
      await writeFile(file, serialize(body));
      const ours: Side[] = [];
      const bare: Side[] = [];
      for (let i = 0; i < processes; i++) {
        ours.push(await startSide("decode-side.ts", ["ours", file]));
        bare.push(await startSide("decode-side.ts", ["bare", file]));
      }
      return {
        ours: () => askAll(ours),
        baseline: () => askAll(bare),
        async close() {
          for (const side of [...ours, ...bare]) side.stop();
          await rm(folder, { recursive: true, force: true });
        },
      };
    },
  }),
);

/** The median of what they answer, one after the other. */
async function askAll(sides: readonly Side[]): Promise<number> {
  const answers: number[] = [];
  for (const side of sides) answers.push(await side.ask());
  return median(answers);
}
