/**
 * One side of a decoding benchmark, in a process of its own: V8 compiles either side by all that the process has run, and
 * its collector walks all that the process holds.
 *
 * Arguments: the side's name and the file of the body, as `node:v8` writes a `LargeBody`.
 */

import { readFileSync } from "node:fs";
import { deserialize } from "node:v8";
import mqttPacket from "mqtt-packet";
import { SaxesParser, type SaxesTagPlain } from "saxes";
import type { Specimen } from "../connectors/specimens.ts";
import { decodeAll, type LargeBody } from "./large-body.ts";
import { costOf, tellSide } from "./side.ts";

const [sideName = "", file = ""] = process.argv.slice(2);
/** By then the compiler, whose threads are counted too, has done. */
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

function parseAll({ parts, form }: LargeBody): unknown {
  return parts.map(({ bytes }) => {
    const text = new TextDecoder().decode(bytes);
    return form === "xml" ? plainTree(text) : (JSON.parse(text) as unknown);
  });
}

/** The body as it comes in: messages out of their packets anew each time. */
function receiver(body: LargeBody): () => LargeBody {
  if (body.form !== "mqtt") return () => body;
  const flags = { qos: 0, dup: false, retain: false } as const;
  const packets = body.parts.map(({ part, bytes }) =>
    mqttPacket.generate({ cmd: "publish", topic: part, payload: Buffer.from(bytes), ...flags }),
  );
  const [specimen] = body.parts;
  return () => {
    const parts: Specimen[] = [];
    const parser = mqttPacket.parser();
    parser.on("packet", (packet) => {
      if (packet.cmd === "publish")
        parts.push({ ...specimen!, part: packet.topic, bytes: packet.payload as Buffer<ArrayBuffer> });
    });
    for (const packet of packets) parser.parse(packet);
    return { ...body, parts };
  };
}

const sides: Readonly<Record<string, (body: LargeBody) => unknown>> = { ours: decodeAll, bare: parseAll };

const side = sides[sideName]!;
const receive = receiver(deserialize(readFileSync(file)) as LargeBody);

/** Either side holds what it made last, as whoever uses it must. */
const held: { result: unknown } = { result: null };

function run(): void {
  held.result = side(receive());
}

for (let i = 0; i < warmUps; i++) run();
tellSide(
  () =>
    costOf(() => {
      for (let turn = 0; turn < turns; turn++) run();
    }) / turns,
);
