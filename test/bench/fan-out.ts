/** What one 10 KB message to one of 2,000 clients costs our server, beside bare `ws` sending the same bytes. */

import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Server } from "socket.io";
import * as parser from "socket.io-msgpack-parser";
import { WebSocketServer } from "ws";
import type { Frame } from "../../shared/protocol.ts";
import { encodeEvent, fanOut as sendToRoom } from "../../server/live/fan-out.ts";
import type { Benchmark } from "./benchmark.ts";

const clients = 2_000;
const processes = 2;
const messagesPerRound = 15;
const messageBytes = 10_000;

/** A column frame of a busy city is mostly bytes; chance keeps any clever socket from squeezing it. */
function message(seq: number): object {
  const body = Uint8Array.from({ length: messageBytes - 120 }, (_, i) => (i * 7919 + seq) % 251);
  return { topic: "entities/VehiclePosition", mode: "delta", epoch: "e1", seq, cityAt: 0, body: body.buffer };
}

/** The bytes that Socket.IO puts on the wire for the message, for the other side to send as they are. */
function sameBytes(seq: number): Uint8Array {
  const encoder = new parser.Encoder();
  const packet = { type: 2, nsp: "/", data: ["frame", message(seq)] };
  const [bytes] = encoder.encode(packet) as unknown as readonly [Uint8Array];
  return bytes;
}

interface Audience {
  /** Resolves when every client has got one more message. */
  heard(): Promise<void>;
  leave(): void;
}

async function gather(url: string, protocol: "socket.io" | "ws"): Promise<Audience> {
  const children = Array.from({ length: processes }, () =>
    fork(join(import.meta.dirname, "fan-out-clients.ts"), [url, String(clients / processes), protocol]),
  );
  await Promise.all(children.map((child) => word(child)));
  return {
    heard: async () => {
      await Promise.all(children.map((child) => word(child)));
    },
    leave: () => children.forEach((child) => child.disconnect()),
  };
}

/** The next thing a child says. Rejects when it dies instead. */
async function word(child: ChildProcess): Promise<void> {
  const dead = new AbortController();
  const died = once(child, "exit", { signal: dead.signal }).then(() => {
    throw new Error("a process of clients died");
  });
  try {
    await Promise.race([once(child, "message"), died]);
  } finally {
    dead.abort();
    died.catch(() => {});
  }
}

/** Microseconds of this process's CPU per delivered message. */
async function costOf(send: (seq: number) => void, audience: Audience): Promise<number> {
  let spent = 0;
  for (let seq = 0; seq < messagesPerRound; seq++) {
    const heard = audience.heard();
    const before = process.cpuUsage();
    send(seq);
    await heard;
    const { user, system } = process.cpuUsage(before);
    spent += user + system;
  }
  return spent / (messagesPerRound * clients);
}

async function listen(): Promise<{ http: ReturnType<typeof createServer>; url: string }> {
  const http = createServer();
  http.listen(0, "127.0.0.1", 4096);
  await once(http, "listening");
  return { http, url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}` };
}

export const fanOut: Benchmark = {
  name: "fan-out",
  unit: "µs CPU per 10 KB message and client",
  baselineName: "ws",
  target: 1.4,
  async prepare() {
    const ours = await listen();
    const io = new Server(ours.http, { parser, transports: ["websocket"], serveClient: false });
    io.on("connection", (socket) => socket.on("join", () => void socket.join("room")));
    const oursAudience = await gather(ours.url, "socket.io");
    while ((io.of("/").adapter.rooms.get("room")?.size ?? 0) < clients)
      await new Promise((next) => setTimeout(next, 20));

    const bare = await listen();
    const wss = new WebSocketServer({ server: bare.http, perMessageDeflate: false });
    const bareAudience = await gather(bare.url, "ws");

    const oursCost = () =>
      costOf(
        (seq) => sendToRoom(io, "room", encodeEvent("frame", message(seq) as unknown as Frame)),
        oursAudience,
      );
    const bareCost = () =>
      costOf((seq) => {
        const bytes = sameBytes(seq);
        for (const client of wss.clients) client.send(bytes);
      }, bareAudience);
    await oursCost();
    await bareCost();
    return {
      ours: oursCost,
      baseline: bareCost,
      async close() {
        oursAudience.leave();
        bareAudience.leave();
        await io.close();
        for (const client of wss.clients) client.terminate();
        bare.http.close();
      },
    };
  },
};
