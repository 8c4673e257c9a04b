import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Server } from "socket.io";
import { io as connect, type Socket } from "socket.io-client";
import * as parser from "socket.io-msgpack-parser";
import type { Frame } from "../../shared/protocol.ts";
import { encodeEvent, fanOut, type EncodedEvent } from "./fan-out.ts";

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(): Promise<{ io: Server; client: (room: string) => Promise<Socket> }> {
  const http = createServer();
  const io = new Server(http, { parser, transports: ["websocket"] });
  closing.push(() => io.close());
  io.on("connection", (socket) => void socket.join(String(socket.handshake.auth["room"])));
  await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    io,
    async client(room) {
      const socket = connect(url, { parser, transports: ["websocket"], auth: { room }, forceNew: true });
      closing.push(() => socket.close());
      await new Promise<void>((done) => socket.on("connect", done));
      return socket;
    },
  };
}

/** Fanning out asks nothing of what is in a frame. */
const encode = (argument: unknown): EncodedEvent => encodeEvent("frame", argument as Frame);

function collect(socket: Socket): unknown[] {
  const heard: unknown[] = [];
  socket.on("frame", (argument) => heard.push(argument));
  return heard;
}

/** Resolves when everything sent before has arrived: Socket.IO keeps the order per client. */
async function settled(io: Server, clients: readonly Socket[]): Promise<void> {
  const waiting = clients.map((client) => new Promise<void>((done) => client.once("end", done)));
  io.emit("end");
  await Promise.all(waiting);
}

test("everybody in the room hears it, whatever its size, and nobody else", async () => {
  const { io, client } = await start();
  const clients = [await client("a"), await client("a"), await client("b")];
  const heard = clients.map(collect);
  const texts = [0, 1, 60, 90, 100, 125, 126, 65_400, 65_535, 65_536, 200_000].map((n) => "x".repeat(n));
  for (const text of texts) fanOut(io, "a", encode(text));
  await settled(io, clients);
  expect(heard).toEqual([texts, texts, []]);
});

test("it keeps its place among other events, and bytes stay bytes", async () => {
  const { io, client } = await start();
  const one = await client("a");
  const heard = collect(one);
  const columns = Uint8Array.from({ length: 1000 }, (_, i) => i).buffer;
  io.to("a").emit("frame", 1);
  fanOut(io, "a", encode({ seq: 2, body: columns }));
  io.to("a").emit("frame", 3);
  await settled(io, [one]);
  expect(heard[0]).toBe(1);
  expect(heard[1]).toEqual({ seq: 2, body: columns });
  expect(heard[2]).toBe(3);
});
