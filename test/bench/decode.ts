/**
 * What a connector adds to the parser that it uses: processor time for a large body, decoded into things and notices,
 * against `JSON.parse`, and against `saxes` whose events are made a plain tree.
 */

import { SaxesParser, type SaxesTagPlain } from "saxes";
import type { Benchmark } from "./benchmark.ts";
import { decodeAll, largeBodies, manyMessages, type LargeBody } from "./large-bodies.ts";

const bodyBytes = 500_000;
/** By then the compiler, whose threads are counted too, has done with both sides. */
const warmUps = 60;
const turns = 5;

interface PlainElement {
  readonly tag: SaxesTagPlain | null;
  readonly children: PlainElement[];
  text: string;
}

function plainTree(text: string): PlainElement {
  const root: PlainElement = { tag: null, children: [], text: "" };
  const open = [root];
  const addText = (piece: string): void => void (open.at(-1)!.text += piece);
  const parser = new SaxesParser();
  parser.on("opentag", (tag) => {
    const element = { tag, children: [], text: "" };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", () => open.pop());
  parser.write(text).close();
  return root;
}

function parseAll({ parts, form }: LargeBody): void {
  for (const { bytes } of parts) {
    const text = new TextDecoder().decode(bytes);
    if (form === "json") JSON.parse(text);
    else plainTree(text);
  }
}

/** Milliseconds of processor time for each run. */
function costOf(run: () => void): number {
  const before = process.cpuUsage();
  for (let turn = 0; turn < turns; turn++) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / turns;
}

export const decodeSpeeds: readonly Benchmark[] = [...largeBodies, manyMessages].map(
  ({ name, form, make }) => ({
    name: `decode-${name}`,
    unit: "CPU ms per 0.5 MB",
    baselineName: form === "json" ? "JSON.parse" : "saxes into a tree",
    target: 2,
    async prepare() {
      const body = make(bodyBytes);
      if (!body) return { notHere: "there are no recordings" };
      for (let i = 0; i < warmUps; i++) {
        decodeAll(body);
        parseAll(body);
      }
      return { ours: () => costOf(() => decodeAll(body)), baseline: () => costOf(() => parseAll(body)) };
    },
  }),
);
