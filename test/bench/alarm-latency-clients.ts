/**
 * A process full of desks: Socket.IO clients that watch alarms, figures and sensors, and note when each of them got the
 * frames that carry one observation. What they get is the same bytes for all of them, so that each frame is decoded once and
 * held against its bytes by the others: a client costs next to nothing, and none counts a frame that says something else.
 *
 * Arguments: url, number of clients. Tells its parent "connected" once; asked for an `Observed`, tells "listening", and
 * `Arrivals` when every client has all of it.
 */

import { Decoder, Encoder } from "socket.io-msgpack-parser";
import WebSocket from "ws";
import type { AlarmsBody } from "../../shared/alarms.ts";
import { decodeEntityFrame, type EntityFrame } from "../../shared/entity-frame.ts";
import { carriers, steadyMs, type Arrivals, type Carrier, type Observed } from "./desk-arrivals.ts";
import { protocolVersion, type Frame, type IndicatorsBody } from "../../shared/protocol.ts";

const topics = ["alarms", "indicators", "entities/Sensor"] as const;
const framesRemembered = 16;

interface Known {
  readonly bytes: Buffer;
  readonly frame: Frame | null;
  /** What it carries of what is listened for. */
  readonly carries: readonly Carrier[];
}

const [url = "", count = "0"] = process.argv.slice(2);
const clients = Number(count);
const encoder = new Encoder();
const memory = { ids: new Map<number, string>(), texts: [] as string[] };
let known: Known[] = [];
const nothing: Observed = { alarm: "", series: "", thing: "", value: Number.NaN };
let observed = nothing;
let arrivals: Record<Carrier, number[]> = { alarm: [], figure: [], place: [] };
/** Arrivals that are awaited. */
let awaited = 0;
let connected = 0;

function knownOf(bytes: Buffer): Known {
  const seen = known.find((one) => one.bytes.equals(bytes));
  if (seen) return seen;
  const frame = frameOf(bytes);
  const one = { bytes: Buffer.from(bytes), frame, carries: frame ? carriedBy(frame) : [] };
  known = [one, ...known.slice(0, framesRemembered - 1)];
  return one;
}

/** `null` of a pulse. */
function frameOf(bytes: Buffer): Frame | null {
  const decoder = new Decoder();
  let frame: Frame | null = null;
  decoder.on("decoded", ({ data }: { data?: readonly [event: string, word: Frame] }) => {
    if (data?.[0] === "frame") frame = data[1];
  });
  decoder.add(bytes);
  return frame;
}

function carriedBy(frame: Frame): readonly Carrier[] {
  if (frame.topic === "alarms") {
    const { alarms } = frame.body as AlarmsBody;
    const { alarm, value } = observed;
    return alarms.some((one) => one.id === alarm && one.isActive && one.value === value) ? ["alarm"] : [];
  }
  if (frame.topic === "indicators") {
    const { readings } = frame.body as IndicatorsBody;
    const { series, value } = observed;
    return readings.some((one) => one.id === series && one.value === value) ? ["figure"] : [];
  }
  // Also while nothing is listened for: later frames speak in its ids.
  const rows = decodeEntityFrame(frame.body as EntityFrame, memory);
  const { thing, value } = observed;
  return rows.some(({ id, fields }) => id === thing && fields["value"] === value) ? ["place"] : [];
}

class Desk {
  readonly #socket: WebSocket;
  readonly #number: number;
  readonly #letIn: () => void;
  #isConnected = false;
  /** Topics of which nothing has come yet. */
  readonly #awaited = new Set<string>(topics);

  constructor(number: number, letIn: () => void) {
    this.#number = number;
    this.#letIn = letIn;
    this.#socket = new WebSocket(`${url}/socket.io/?EIO=4&transport=websocket`);
  }

  open(): void {
    this.#socket.on("message", (data: Buffer, isBinary) => (isBinary ? this.#hear(data) : this.#greet(data)));
  }

  /** Engine.IO 4: text `0…` opens, `2` asks for `3`. Socket.IO: type 0 connects. */
  #greet([word]: Buffer): void {
    if (word === 0x30) this.#send({ type: 0, nsp: "/" });
    else if (word === 0x32) this.#socket.send("3");
  }

  #hear(data: Buffer): void {
    const at = steadyMs();
    if (!this.#isConnected) {
      this.#isConnected = true;
      const hello = { protocol: protocolVersion, topics, have: { epoch: null, seq: {} } };
      return this.#send({ type: 2, nsp: "/", data: ["hello", hello] });
    }
    const { frame, carries } = knownOf(data);
    for (const carrier of carries) arrive(carrier, this.#number, at);
    if (frame && this.#awaited.delete(frame.topic) && this.#awaited.size === 0) this.#letIn();
  }

  #send(packet: object): void {
    const [bytes] = encoder.encode(packet) as unknown as readonly [Uint8Array];
    this.#socket.send(bytes);
  }
}

/** Only the first frame that carries it counts. */
function arrive(carrier: Carrier, client: number, at: number): void {
  if (arrivals[carrier][client]! > 0) return;
  arrivals[carrier][client] = at;
  if (--awaited > 0) return;
  observed = nothing;
  process.send?.(arrivals satisfies Arrivals);
}

process.on("message", (word: Observed) => {
  const noneYet = (): number[] => new Array<number>(clients).fill(0);
  arrivals = { alarm: noneYet(), figure: noneYet(), place: noneYet() };
  awaited = clients * carriers.length;
  observed = word;
  known = [];
  process.send?.("listening");
});
process.on("disconnect", () => process.exit());

// A few at a time: a queue of a thousand at the server's door would be the kernel's to measure.
const atOnce = 50;
let next = 0;
function openNext(): void {
  if (next < clients) new Desk(next++, letIn).open();
}
function letIn(): void {
  if (++connected === clients) process.send?.("connected");
  openNext();
}
for (let i = 0; i < atOnce; i++) openNext();
