/**
 * What a connector adds to the parsers that it uses: processor time for a large body, decoded into things and notices,
 * against `JSON.parse`, and against `saxes` whose events are made a plain tree. Of MQTT both sides begin with the packets,
 * which the client's own parser reads.
 */

import mqttPacket from "mqtt-packet";
import { SaxesParser, type SaxesTagPlain } from "saxes";
import type { Benchmark } from "./benchmark.ts";
import type { Specimen } from "../connectors/specimens.ts";
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
    if (form === "xml") plainTree(text);
    else JSON.parse(text);
  }
}

const bareParsers: Readonly<Record<LargeBody["form"], string>> = {
  json: "JSON.parse",
  xml: "saxes into a tree",
  mqtt: "mqtt-packet and JSON.parse",
};

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
    baselineName: bareParsers[form],
    target: 2,
    async prepare() {
      const body = make(bodyBytes);
      if (!body) return { notHere: "there are no recordings" };
      const receive = receiver(body);
      for (let i = 0; i < warmUps; i++) {
        decodeAll(receive());
        parseAll(receive());
      }
      return {
        ours: () => costOf(() => decodeAll(receive())),
        baseline: () => costOf(() => parseAll(receive())),
      };
    },
  }),
);
