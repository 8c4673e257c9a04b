/** `citydeck watch`: a live client without a browser. Every applied change is a line of JSON. */

import { parseArgs } from "node:util";
import { io } from "socket.io-client";
import * as msgpackParser from "socket.io-msgpack-parser";
import type { AlarmsBody } from "../../shared/alarms.ts";
import { decodeEntityFrame, type EntityFrame, type EntityTopicMemory } from "../../shared/entity-frame.ts";
import { PieceJoiner, type Piece } from "../../shared/pieces.ts";
import {
  protocolVersion,
  type Body,
  type FeedsBody,
  type Frame,
  type Hello,
  type IndicatorsBody,
  type Pulse,
  type Refusal,
  type Topic,
} from "../../shared/protocol.ts";

/** The value columns of a line; `null` where a topic has no such thing. */
interface Change {
  readonly id: string;
  readonly value: unknown;
  readonly state: string | null;
  readonly reason: string | null;
  readonly observedAt: number | null;
}

/** Runs until the reader goes away or a signal comes. */
export function watch(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: "string", default: "http://127.0.0.1:8700" },
      topic: { type: "string", multiple: true, default: ["indicators"] },
      token: { type: "string" },
    },
  });
  if (!URL.canParse(values.url)) throw new Error(`--url "${values.url}" is not a URL`);
  let topics = values.topic as Topic[];
  const applied = new AppliedTopics();
  const socket = io(values.url, {
    parser: msgpackParser,
    transports: ["websocket"],
    ...(values.token === undefined ? {} : { auth: { token: values.token } }),
  });
  const hello = (): void => {
    const word: Hello = { protocol: protocolVersion, topics, have: applied.have };
    socket.emit("hello", word);
  };
  return new Promise((resolve) => {
    const end = (code: number): void => {
      socket.close();
      resolve(code);
    };
    process.once("SIGINT", () => {
      end(0);
    });
    process.stdout.once("error", () => {
      end(0);
    });
    let [hasConnected, isTrying] = [false, false];
    socket.on("connect", () => {
      [hasConnected, isTrying] = [true, false];
      hello();
    });
    socket.on("connect_error", (error: Error) => {
      if (!hasConnected) {
        process.stderr.write(`${values.url}: no city answers there (${error.message})\n`);
        return end(1);
      }
      if (!isTrying) process.stderr.write(`${values.url}: ${error.message}; trying again\n`);
      isTrying = true;
      return undefined;
    });
    const take = (frame: Frame): void => {
      if (!applied.apply(frame)) return hello();
      for (const change of applied.changes(frame)) {
        const { topic, epoch, seq, cityAt } = frame;
        process.stdout.write(`${JSON.stringify({ topic, epoch, seq, cityAt, ...change })}\n`);
      }
      return undefined;
    };
    const pieces = new PieceJoiner();
    const decoder = new msgpackParser.Decoder();
    decoder.on("decoded", ({ data: [, frame] }: { data: [event: "frame", frame: Frame] }) => {
      take(frame);
    });
    let hasHeard = false;
    socket.on("frame", (frame: Frame) => {
      hasHeard = true;
      take(frame);
    });
    socket.on("piece", (piece: Piece) => {
      hasHeard = true;
      const whole = pieces.add(piece);
      if (whole) decoder.add(Buffer.from(whole.buffer));
    });
    socket.on("pulse", (pulse: Pulse) => {
      // What is missing may be right behind what just came.
      if (!hasHeard && applied.isBehind(pulse, topics)) hello();
      hasHeard = false;
    });
    socket.on("refused", (refusal: Refusal) => {
      process.stderr.write(`${refusalText(refusal)}\n`);
      // Asked for again it would be refused again, at once and for ever.
      if ("topic" in refusal) topics = topics.filter((topic) => topic !== refusal.topic);
      if (refusal.reason === "protocol" || topics.length === 0) end(1);
    });
  });
}

function refusalText(refusal: Refusal): string {
  switch (refusal.reason) {
    case "protocol":
      return `the city speaks protocol ${refusal.protocol}, expected ${protocolVersion}`;
    case "topic":
      return `there is no topic "${refusal.topic}": expected city, indicators, feeds, alarms, wall/ID or entities/KIND`;
    case "token":
      return `"${refusal.topic}" needs the access token, given with --token`;
    case "past":
      return `the past cannot be shown: ${refusal.because}`;
  }
}

/** Keeps the numbers in order: a snapshot always counts, a delta only right after what is there. */
class AppliedTopics {
  #epoch: string | null = null;
  readonly #seq: Record<string, number> = {};
  readonly #memories = new Map<Topic, EntityTopicMemory>();

  get have(): Hello["have"] {
    return { epoch: this.#epoch, seq: { ...this.#seq } };
  }

  /** Says whether the frame follows what was applied; after `false` a hello is due. */
  apply({ topic, mode, epoch, seq }: Frame): boolean {
    if (mode === "delta" && (epoch !== this.#epoch || seq !== (this.#seq[topic] ?? -1) + 1)) return false;
    if (epoch !== this.#epoch) for (const known of Object.keys(this.#seq)) delete this.#seq[known];
    if (mode === "snapshot") this.#memories.set(topic, { ids: new Map(), texts: [] });
    this.#epoch = epoch;
    this.#seq[topic] = seq;
    return true;
  }

  isBehind({ epoch, seq }: Pulse, topics: readonly Topic[]): boolean {
    return epoch !== this.#epoch || topics.some((topic) => (seq[topic] ?? 0) > (this.#seq[topic] ?? 0));
  }

  *changes({ topic, body }: Frame): IterableIterator<Change> {
    if (isEntityFrame(body)) yield* this.#entityChanges(topic, body);
    else if ("readings" in body) yield* readingChanges(body);
    else if ("feeds" in body) yield* feedChanges(body);
    else if ("alarms" in body) yield* alarmChanges(body);
    else yield { id: topic, value: body, state: null, reason: null, observedAt: null };
  }

  *#entityChanges(topic: Topic, frame: EntityFrame): IterableIterator<Change> {
    const memory = this.#memories.get(topic)!;
    for (const slot of frame.removed) {
      yield {
        id: memory.ids.get(slot) ?? `${slot}`,
        value: null,
        state: "removed",
        reason: null,
        observedAt: null,
      };
      memory.ids.delete(slot);
    }
    for (const row of decodeEntityFrame(frame, memory)) {
      const { id, position, fields, estimated, observedAt, geometry } = row;
      yield {
        id,
        value: { position, ...fields, ...(geometry && { geometry }) },
        state: estimated ? "estimated" : "good",
        reason: null,
        observedAt,
      };
    }
  }
}

function isEntityFrame(body: Body): body is EntityFrame {
  return "columns" in body;
}

function* readingChanges({ readings }: IndicatorsBody): IterableIterator<Change> {
  for (const { id, value, state, reason, observedAt } of readings)
    yield { id, value, state, reason, observedAt };
}

function* alarmChanges({ alarms }: AlarmsBody): IterableIterator<Change> {
  for (const { id, value, state, suppressedBy, since } of alarms)
    yield { id, value, state, reason: suppressedBy, observedAt: since };
}

function* feedChanges({ feeds }: FeedsBody): IterableIterator<Change> {
  for (const feed of feeds) {
    const { id, entities, status, error, observedAt } = feed;
    yield { id, value: entities, state: status, reason: error?.message ?? null, observedAt };
  }
}
