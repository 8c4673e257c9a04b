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
import { CatchUp, type Link } from "./live/catch-up.ts";
import { encodeEvent, fanOut, unsentOf, write, type EncodedEvent } from "./live/fan-out.ts";
import { eventsOf } from "./live/frame-events.ts";
import { WallReports } from "./live/wall-reports.ts";

/** A client with more than this unsent gets nothing more until the network has taken it. */
const laggingBytes = 64 << 10;
const laggingPackets = 64;
/** A client asks for far fewer topics than this. */
const topicLimit = 64;

type CitySocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

interface SocketData {
  catchUp: CatchUp;
}

export interface CitySocketOptions {
  readonly server: HttpServer;
  readonly broadcast: () => Pick<Broadcast, "epoch" | "sequences" | "findStream" | "framesSince">;
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

  const pulseNow = (): EncodedEvent =>
    encodeEvent("pulse", { epoch: broadcast().epoch, clock: clock(), seq: broadcast().sequences() });

  /** The topics of a hello that this client may have; it is told of the others. */
  const allowedTopics = (socket: CitySocket, hello: Hello): Topic[] => {
    const from = askerOf(socket);
    return [...new Set(hello.topics)].filter((topic) => {
      const isKnown = broadcast().findStream(topic) !== undefined;
      if (isKnown && options.allowsTopic(topic, from)) return true;
      tell(socket, encodeEvent("refused", { reason: isKnown ? "token" : "topic", topic }));
      return false;
    });
  };

  const reports = new WallReports();
  io.on("connection", (socket: CitySocket) => {
    socket.on("report", (report: unknown) => {
      if (isWallReport(report)) reports.note(socket.id, report, Date.now());
    });
    socket.on("disconnect", () => reports.forget(socket.id));
    const catchUp = new CatchUp(
      linkOf(socket, () => {
        tell(socket, pulseNow());
      }),
      (topic, have) => broadcast().framesSince(topic, have) ?? [],
    );
    socket.data = { catchUp };
    socket.on("hello", (hello: unknown) => {
      if (!isHello(hello)) socket.disconnect(true);
      else if (hello.protocol !== protocolVersion)
        tell(socket, encodeEvent("refused", { reason: "protocol", protocol: protocolVersion }));
      else catchUp.start(allowedTopics(socket, hello), hello.have);
    });
  });

  /** Whom the network is too slow for gets no more frames as they are made; all `have` what was sent so far. */
  const mindTheSlow = (have: Hello["have"]): void => {
    for (const { conn, data } of io.of("/").sockets.values())
      if (data.catchUp.isDone && isLagging(conn)) data.catchUp.fallBehind(have);
  };

  return {
    get clients() {
      return io.of("/").sockets.size;
    },
    figures: () => reports.figures(Date.now()),
    send(frames) {
      const { epoch } = broadcast();
      const seq = broadcast().sequences();
      for (const { topic } of frames) seq[topic]!--;
      mindTheSlow({ epoch, seq });
      const { adapter, sockets } = io.of("/");
      for (const frame of frames) {
        const members = adapter.rooms.get(frame.topic);
        if (members !== undefined) {
          const [event, ...more] = eventsOf(frame);
          if (more.length === 0) fanOut(io, frame.topic, event!);
          else for (const id of Array.from(members)) sockets.get(id)?.data.catchUp.fallBehind({ epoch, seq });
        }
        seq[frame.topic]!++;
      }
    },
    restart() {
      for (const { data } of io.of("/").sockets.values()) data.catchUp.startAgain();
    },
    pulse() {
      mindTheSlow({ epoch: broadcast().epoch, seq: broadcast().sequences() });
      const pulse = pulseNow();
      for (const socket of io.of("/").sockets.values()) tell(socket, pulse);
    },
    stop: () => io.close(),
  };
}

/** Writes an event that the client can do without while it does not take what it was sent: its queue must not grow. */
function tell({ conn }: CitySocket, event: EncodedEvent): void {
  if (!isLagging(conn)) write(conn, event);
}

function isLagging(conn: CitySocket["conn"]): boolean {
  const { bytes, packets } = unsentOf(conn);
  return bytes > laggingBytes || packets > laggingPackets;
}

function linkOf(socket: CitySocket, sendPulse: () => void): Link {
  return {
    write(event, taken) {
      write(socket.conn, event, taken);
    },
    follow(topics) {
      void socket.join([...topics]);
      sendPulse();
    },
    unfollow() {
      for (const room of Array.from(socket.rooms)) if (room !== socket.id) void socket.leave(room);
    },
  };
}

function askerOf({ handshake: { address, headers, auth } }: CitySocket): Asker {
  const isForwarded = "x-forwarded-for" in headers || "forwarded" in headers;
  const token: unknown = auth["token"];
  return { address, host: headers.host, isForwarded, token: typeof token === "string" ? token : null };
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
