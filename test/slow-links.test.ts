/** Links that are slow but not dead: what the server hands over, in which order, and what the client makes of it. */

import { createServer } from "node:http";
import type { AddressInfo, Socket as NetSocket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { io as connect } from "socket.io-client";
import * as parser from "socket.io-msgpack-parser";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Sequence } from "../client/live/sequence.ts";
import { CatchUp } from "../server/live/catch-up.ts";
import type { EncodedEvent } from "../server/live/fan-out.ts";
import { eventsOf, pieceBytes } from "../server/live/frame-events.ts";
import { TopicStream } from "../server/live/topic-stream.ts";
import { startSockets, type CitySockets } from "../server/socket.ts";
import { PieceJoiner, type Piece } from "../shared/pieces.ts";
import { protocolVersion, type Body, type Frame, type Refusal, type Topic } from "../shared/protocol.ts";

/** What these tests send instead of the city: how often the topic changed, and as many bytes as asked for. */
interface Count {
  readonly count: number;
  readonly padding: string;
}

class CountedTopic {
  readonly stream: TopicStream;
  count = 0;

  constructor(topic: Topic, epoch: string, snapshotBytes: number) {
    const padding = "x".repeat(snapshotBytes);
    this.stream = new TopicStream(topic, epoch, { snapshot: () => body({ count: this.count, padding }) });
  }

  push(bytes: number): Frame {
    this.count++;
    return this.stream.push(body({ count: 1, padding: "x".repeat(bytes) }), 0);
  }
}

const body = (count: Count): Body => count as unknown as Body;
const countOf = ({ body }: Frame): number => (body as unknown as Count).count;

/** Puts the events of a connection together again, as the client does. */
function frameReader(take: (frame: Frame) => void) {
  const pieces = new PieceJoiner();
  const decoder = new parser.Decoder();
  decoder.on("decoded", ({ data: [, frame] }: { data: [string, Frame] }) => {
    take(frame);
  });
  return (piece: Piece): void => {
    const whole = pieces.add(piece);
    if (whole) decoder.add(Buffer.from(whole.buffer));
  };
}

describe("a socket that does not drain", () => {
  const closing: (() => unknown)[] = [];

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  /** More than the kernels of both sides take in while nobody reads. */
  const snapshotBytes = 32 << 20;
  const topics = ["indicators", "feeds"] as const;

  async function start() {
    const http = createServer();
    const connections: NetSocket[] = [];
    http.on("connection", (socket) => connections.push(socket));
    const counted = new Map<string, CountedTopic>([
      ["indicators", new CountedTopic("indicators", "e", snapshotBytes)],
      ["feeds", new CountedTopic("feeds", "e", 10)],
    ]);
    const sockets: CitySockets = startSockets({
      server: http,
      broadcast: () => ({
        epoch: "e",
        judgedAt: null,
        sequences: () =>
          Object.fromEntries(Array.from(counted, ([topic, { stream }]) => [topic, stream.seq])),
        findStream: (topic) => counted.get(topic)?.stream,
        framesSince: (topic, have) => counted.get(topic)?.stream.framesSince(have, 0),
      }),
      clock: () => ({ kind: "live", cityAt: 0, speed: 1 }),
      screens: { note: () => undefined, forget: () => undefined },
      openPast: () => Promise.reject(new Error("nobody asks")),
      allowsOrigin: () => true,
      holdUp: () => Promise.resolve(),
      allowsTopic: () => true,
    });
    closing.push(() => sockets.stop());
    await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const client = connect(url, { parser, transports: ["websocket"], forceNew: true });
    closing.push(() => client.close());
    await new Promise<void>((done) => client.on("connect", done));
    const heard: string[] = [];
    const frames: Frame[] = [];
    const take = (frame: Frame): void => {
      frames.push(frame);
      heard.push(`${frame.topic} ${frame.mode}`);
    };
    const read = frameReader(take);
    client.on("frame", take);
    client.on("piece", (piece: Piece) => {
      heard.push("piece");
      read(piece);
    });
    client.on("pulse", () => heard.push("pulse"));
    const transport = client.io.engine.transport as unknown as { ws: { _socket: NetSocket } };
    const hello = (): void => {
      client.emit("hello", { protocol: protocolVersion, topics, have: { epoch: null, seq: {} } });
    };
    /** Resolves when the server's side has been stuck for a while. */
    const stuck = async (): Promise<void> => {
      let [written, since] = [-1, 0];
      while (since < 5 || connections[0]!.writableLength === 0) {
        await pause(20);
        since = connections[0]!.bytesWritten === written ? since + 1 : 0;
        written = connections[0]!.bytesWritten;
      }
    };
    return {
      client,
      counted,
      sockets,
      heard,
      frames,
      hello,
      stuck,
      reading: transport.ws._socket,
      server: connections[0]!,
    };
  }

  test("holds one piece at most, and pulses wait for that and no more", { timeout: 30_000 }, async () => {
    const { sockets, heard, frames, hello, stuck, reading, server } = await start();
    reading.pause();
    hello();
    await stuck();
    expect(server.writableLength).toBeLessThan(2 * pieceBytes);
    for (let i = 0; i < 20; i++) sockets.pulse();
    expect(server.writableLength).toBeLessThan(2 * pieceBytes + 20 * 200);
    reading.resume();
    await vi.waitUntil(() => frames.length === topics.length, { timeout: 20_000 });
    const piecesAfterPulses = heard.slice(heard.indexOf("pulse")).filter((what) => what === "piece").length;
    // Most of the snapshot was not handed over yet when the pulses came, and so it came after them.
    expect(piecesAfterPulses).toBeGreaterThan(snapshotBytes / pieceBytes / 2);
    expect(frames.map(({ mode }) => mode)).toEqual(["snapshot", "snapshot"]);
  });

  test("gets one snapshot, however often it asks meanwhile", { timeout: 30_000 }, async () => {
    const { counted, sockets, frames, hello, stuck, reading, server } = await start();
    reading.pause();
    hello();
    await stuck();
    for (let i = 0; i < 5; i++) hello();
    sockets.send([counted.get("indicators")!.push(10)]);
    await pause(200);
    expect(server.writableLength).toBeLessThan(2 * pieceBytes);
    reading.resume();
    await vi.waitUntil(() => frames.length === 3, { timeout: 20_000 });
    await pause(200);
    const told = frames.map(({ topic, mode, seq }) => `${topic} ${mode} ${seq}`);
    expect(told).toEqual(["indicators snapshot 0", "feeds snapshot 0", "indicators delta 1"]);
  });

  test("and asks for what there is not gets no more answers than it takes", { timeout: 30_000 }, async () => {
    const { client, sockets, reading } = await start();
    const refused: string[] = [];
    client.on("refused", ({ reason }: Refusal) => refused.push(reason));
    const unknown = Array.from({ length: 64 }, (_, i) => `nothing ${i}`.padEnd(99, "x"));
    const ask = (): unknown =>
      client.emit("hello", { protocol: protocolVersion, topics: unknown, have: { epoch: null, seq: {} } });
    reading.pause();
    const asked = 4_000;
    for (let i = 0; i < asked; i++) {
      ask();
      if (i % 50 === 0) await pause(1);
      if (i % 100 === 0) sockets.pulse();
    }
    await pause(500);
    reading.resume();
    await vi.waitUntil(() => refused.length > 0, { timeout: 20_000 });
    let before = -1;
    while (before < refused.length) {
      before = refused.length;
      await pause(200);
    }
    // What the kernels of both sides take in, and no more.
    expect(refused.length).toBeLessThan((asked * unknown.length) / 2);
    refused.length = 0;
    ask();
    await vi.waitUntil(() => refused.length >= unknown.length, { timeout: 20_000 });
  });

  test("that heard everything as it was made goes on without a gap", { timeout: 30_000 }, async () => {
    const { counted, sockets, frames, heard, hello, stuck, reading, server } = await start();
    hello();
    await vi.waitUntil(() => heard.at(-1) === "pulse", { timeout: 20_000 });
    frames.length = 0;
    reading.pause();
    const tick = (bytes: number): void => sockets.send([counted.get("feeds")!.push(bytes)]);
    for (let i = 0; i < 100; i++) {
      tick(i % 10 === 9 ? 500_000 : 20_000);
      await pause(1);
    }
    for (let i = 0; i < 100; i++) tick(500_000);
    await stuck();
    expect(server.writableLength).toBeLessThan(200_000);
    reading.resume();
    await vi.waitUntil(() => frames.at(-1)?.seq === 200, { timeout: 20_000 });
    tick(10);
    await vi.waitUntil(() => frames.at(-1)?.seq === 201);
    expect(frames.map(({ mode, seq }) => [mode, seq])).toEqual(
      Array.from({ length: 201 }, (_, i) => ["delta", i + 1]),
    );
  });
});

test("whatever the link does, the client ends with what the server has", () => {
  const topic = fc.constantFrom<Topic>("indicators", "feeds");
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ push: topic, bytes: fc.constantFrom(10, pieceBytes + 1) }) },
    { weight: 6, arbitrary: fc.constant("taken" as const) },
    { weight: 6, arbitrary: fc.constant("arrives" as const) },
    fc.constant("hello" as const),
    fc.constant("slow" as const),
    fc.constant("restart" as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const rig = new LinkRig();
      for (const what of steps) rig.step(what);
      expect(rig.settle()).toBe(false);
      expect(rig.seen()).toEqual(rig.counts());
      expect(rig.mostUntaken).toBeLessThanOrEqual(1);
    }),
    { seed: 11, numRuns: 200 },
  );
});

type Step =
  "taken" | "arrives" | "hello" | "slow" | "restart" | { readonly push: Topic; readonly bytes: number };

/** A server and a client with a link between them that moves only when it is told to. */
class LinkRig {
  readonly #topics: readonly Topic[] = ["indicators", "feeds"];
  readonly #sequence = new Sequence();
  readonly #seen = new Map<Topic, number>();
  /** What was handed over and has not arrived. */
  readonly #pipe: EncodedEvent[] = [];
  #takens: (() => void)[] = [];
  #epoch = 0;
  #counted = this.#newTopics();
  readonly #catchUp: CatchUp;
  readonly #read: (piece: Piece) => void;
  mostUntaken = 0;

  constructor() {
    this.#read = frameReader((frame) => {
      this.#take(frame);
    });
    this.#catchUp = new CatchUp(
      {
        write: (event, taken) => {
          this.#pipe.push(event);
          this.#takens.push(taken);
          this.mostUntaken = Math.max(this.mostUntaken, this.#takens.length);
        },
        follow: () => undefined,
        unfollow: () => undefined,
      },
      (topic, have) => this.#counted.get(topic)!.stream.framesSince(have, 0),
    );
    this.#hello();
  }

  step(what: Step): void {
    if (what === "taken") this.#taken();
    else if (what === "arrives") this.#arrive();
    else if (what === "hello") this.#hello();
    else if (what === "slow") {
      if (this.#catchUp.isDone)
        this.#catchUp.fallBehind({ epoch: `e${this.#epoch}`, seq: this.#sequences() });
    } else if (what === "restart") {
      this.#epoch++;
      this.#counted = this.#newTopics();
      this.#catchUp.startAgain();
    } else this.#push(what.push, what.bytes);
  }

  /** Lets everything arrive; says whether the client would still ask for something. */
  settle(): boolean {
    while (this.#takens.length > 0 || this.#pipe.length > 0) {
      this.#taken();
      this.#arrive();
    }
    const pulse = { epoch: `e${this.#epoch}`, seq: this.#sequences() };
    this.#sequence.isBehind(pulse, this.#topics);
    return this.#sequence.isBehind(pulse, this.#topics);
  }

  seen(): unknown {
    return Object.fromEntries(this.#seen);
  }

  counts(): unknown {
    return Object.fromEntries(Array.from(this.#counted, ([topic, { count }]) => [topic, count]));
  }

  #newTopics(): Map<Topic, CountedTopic> {
    return new Map(
      this.#topics.map((topic) => [topic, new CountedTopic(topic, `e${this.#epoch}`, pieceBytes * 2)]),
    );
  }

  #sequences(): Record<string, number> {
    return Object.fromEntries(Array.from(this.#counted, ([topic, { stream }]) => [topic, stream.seq]));
  }

  /** As `server/socket.ts` does it, for a client that follows. */
  #push(topic: Topic, bytes: number): void {
    const seq = this.#sequences();
    const frame = this.#counted.get(topic)!.push(bytes);
    if (!this.#catchUp.isDone) return;
    if (bytes > pieceBytes) this.#catchUp.fallBehind({ epoch: frame.epoch, seq });
    else this.#pipe.push(...eventsOf(frame));
  }

  #taken(): void {
    const [taken, ...others] = this.#takens;
    this.#takens = others;
    taken?.();
  }

  #arrive(): void {
    // Nothing arrives that the network has not taken.
    if (this.#pipe.length <= this.#takens.length) return;
    const decoder = new parser.Decoder();
    decoder.on("decoded", ({ data }: { data: ["frame", Frame] | ["piece", Piece] }) => {
      if (data[0] === "frame") return this.#take(data[1]);
      this.#sequence.isArriving();
      return this.#read(data[1]);
    });
    decoder.add(this.#pipe.shift()!.packet);
  }

  #take(frame: Frame): void {
    const verdict = this.#sequence.accept(frame);
    const before = frame.mode === "snapshot" ? 0 : (this.#seen.get(frame.topic) ?? 0);
    if (verdict === "apply") this.#seen.set(frame.topic, before + countOf(frame));
    else if (verdict === "ask") this.#hello();
  }

  #hello(): void {
    this.#catchUp.start(this.#topics, this.#sequence.have(this.#topics));
  }
}
