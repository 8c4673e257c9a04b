/** Subscribes, answers, pushes. Decides nothing. */

import type { Server as HttpServer } from "node:http";
import { Server, type Socket } from "socket.io";
import * as msgpackParser from "socket.io-msgpack-parser";
import type { CityClock } from "../shared/clock.ts";
import {
  protocolVersion,
  type ClientToServer,
  type Frame,
  type Hello,
  type ServerToClient,
  type Topic,
} from "../shared/protocol.ts";
import { isWallReport } from "../shared/wall-report.ts";
import type { EdgeFigures } from "./core/city/changes.ts";
import type { Asker } from "./http/access.ts";
import type { Broadcast } from "./live/broadcast.ts";
import { fanOut } from "./live/fan-out.ts";
import { WallReports } from "./live/wall-reports.ts";

/** A client with more than this unsent gets no more frames until it has caught up. */
const laggingBytes = 1 << 20;
const laggingPackets = 256;
/** A client asks for far fewer topics than this. */
const topicLimit = 64;

type CitySocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

interface SocketData {
  topics: readonly Topic[];
  /** While a client lags: what it has, so that it can be caught up. */
  lagging: { epoch: string; seq: Record<string, number> } | null;
}

export interface CitySocketOptions {
  readonly server: HttpServer;
  readonly broadcast: () => Broadcast;
  readonly clock: () => CityClock;
  /** Whether a browser page of this origin may connect; programs send none. */
  readonly allowsOrigin: (origin: string | undefined, host: string | undefined) => boolean;
  /** Whether this client may see a topic (single dispatch entities need a token beyond loopback). */
  readonly allowsTopic: (topic: Topic, from: Asker) => boolean;
}

export interface CitySockets {
  readonly clients: number;
  /** Sends a tick's frames, each encoded once. */
  send(frames: readonly Frame[]): void;
  /** What the open walls say about themselves. */
  figures(): EdgeFigures;
  /** A new epoch: everybody gets snapshots. */
  restart(): void;
  pulse(): void;
  stop(): Promise<void>;
}

export function startSockets(options: CitySocketOptions): CitySockets {
  const { broadcast, clock } = options;
  const io = new Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>(options.server, {
    parser: msgpackParser,
    transports: ["websocket"],
    serveClient: false,
    maxHttpBufferSize: 64 * 1024,
    allowRequest: (request, decide) => {
      decide(null, options.allowsOrigin(request.headers.origin, request.headers.host));
    },
  });

  const catchUp = (socket: CitySocket, topics: readonly Topic[], have: Hello["have"]): void => {
    for (const topic of topics) {
      const frames = broadcast().framesSince(topic, { epoch: have.epoch, seq: have.seq[topic] });
      for (const frame of frames ?? []) socket.emit("frame", frame);
    }
  };

  const reports = new WallReports();
  io.on("connection", (socket: CitySocket) => {
    socket.on("report", (report: unknown) => {
      if (isWallReport(report)) reports.note(socket.id, report, Date.now());
    });
    socket.on("disconnect", () => reports.forget(socket.id));
    socket.data = { topics: [], lagging: null };
    socket.on("hello", (hello: unknown) => {
      if (!isHello(hello)) return socket.disconnect(true);
      if (hello.protocol !== protocolVersion) {
        return socket.emit("refused", { reason: "protocol", protocol: protocolVersion });
      }
      const { address, headers } = socket.handshake;
      const isForwarded = "x-forwarded-for" in headers || "forwarded" in headers;
      const from = { address, host: headers.host, isForwarded, token: tokenOf(socket) };
      const topics = [...new Set(hello.topics)].filter((topic) => {
        const reason = !broadcast().findStream(topic)
          ? "topic"
          : !options.allowsTopic(topic, from)
            ? "token"
            : null;
        if (reason) socket.emit("refused", { reason, topic });
        return reason === null;
      });
      for (const room of socket.data.topics) void socket.leave(room);
      socket.data = { topics, lagging: null };
      catchUp(socket, topics, hello.have);
      void socket.join(topics);
      return socket.emit("pulse", { epoch: broadcast().epoch, clock: clock(), seq: broadcast().sequences() });
    });
  });

  /** A slow client gets fewer, newer frames, never a growing queue. */
  const mindTheSlow = (): void => {
    for (const socket of io.of("/").sockets.values()) {
      const unsent = unsentOf(socket);
      const { topics, lagging } = socket.data;
      if (!lagging && (unsent.bytes > laggingBytes || unsent.packets > laggingPackets)) {
        socket.data.lagging = { epoch: broadcast().epoch, seq: broadcast().sequences() };
        for (const topic of topics) void socket.leave(topic);
      } else if (lagging && unsent.bytes === 0 && unsent.packets === 0) {
        socket.data.lagging = null;
        catchUp(socket, topics, lagging);
        void socket.join([...topics]);
      }
    }
  };

  return {
    get clients() {
      return io.of("/").sockets.size;
    },
    figures: () => reports.figures(Date.now()),
    send(frames) {
      mindTheSlow();
      for (const frame of frames) fanOut(io, frame.topic, "frame", frame);
    },
    restart() {
      for (const socket of io.of("/").sockets.values()) {
        if (!socket.data.lagging) catchUp(socket, socket.data.topics, { epoch: null, seq: {} });
      }
    },
    pulse() {
      mindTheSlow();
      io.emit("pulse", { epoch: broadcast().epoch, clock: clock(), seq: broadcast().sequences() });
    },
    stop: () => io.close(),
  };
}

function tokenOf(socket: CitySocket): string | null {
  const auth: unknown = socket.handshake.auth["token"];
  return typeof auth === "string" ? auth : null;
}

/** What was handed to the connection and the network has not taken yet. */
function unsentOf(socket: CitySocket): { bytes: number; packets: number } {
  const { transport, writeBuffer } = socket.conn as unknown as {
    readonly transport: { readonly socket?: { readonly bufferedAmount?: number } };
    readonly writeBuffer?: readonly unknown[];
  };
  return { bytes: transport.socket?.bufferedAmount ?? 0, packets: writeBuffer?.length ?? 0 };
}

function isHello(word: unknown): word is Hello {
  if (typeof word !== "object" || word === null) return false;
  const { protocol, topics, have } = word as Partial<Hello>;
  return (
    typeof protocol === "number" &&
    Array.isArray(topics) &&
    topics.length <= topicLimit &&
    topics.every((topic) => typeof topic === "string" && topic.length < 100) &&
    typeof have === "object" &&
    have !== null &&
    (have.epoch === null || typeof have.epoch === "string") &&
    typeof have.seq === "object" &&
    have.seq !== null
  );
}
