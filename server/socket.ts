/** Subscribes, answers, pushes. Decides nothing. */

import type { Server as HttpServer } from "node:http";
import { Server, type Socket } from "socket.io";
import * as msgpackParser from "socket.io-msgpack-parser";
import type { CityClock } from "../shared/clock.ts";
import {
  fastestPast,
  protocolVersion,
  type ClientToServer,
  type Frame,
  type Hello,
  type PastRefusal,
  type PastRequest,
  type ServerToClient,
  type Topic,
} from "../shared/protocol.ts";
import { readWallShowing } from "../shared/wall-show.ts";
import { isWallReport } from "../shared/wall-report.ts";
import type { EdgeFigures } from "./core/city/changes.ts";
import type { Asker } from "./http/access.ts";
import { cookieToken, isForwarded } from "./http/asker.ts";
import type { Broadcast } from "./live/broadcast.ts";
import { CatchUp, type Link } from "./live/catch-up.ts";
import { encodeEvent, fanOut, unsentOf, write, type EncodedEvent } from "./live/fan-out.ts";
import { eventsOf } from "./live/frame-events.ts";
import { PastView, type OpenPast } from "./live/past-view.ts";
import type { WallScreens } from "./live/wall-screens.ts";
import { WallReports } from "./live/wall-reports.ts";

/** A client with more than this unsent gets nothing more until the network has taken it. */
const laggingBytes = 64 << 10;
const laggingPackets = 64;
/** A client asks for far fewer topics than this. */
const topicLimit = 64;
/** Each client in the past holds a city of its own. */
const pastAtMost = 8;
/** Of ECMAScript's time values. */
const latestInstant = 8.64e15;

type CitySocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

interface SocketData {
  catchUp: CatchUp;
  past: PastView;
  /** Of a client in the past: the topics whose frames it gets as they are made. */
  followed: readonly Topic[];
  /** What has arrived: a pulse says now only to whoever sees nothing older. */
  sees: "nothing" | "now" | "past";
}

type Told = Pick<Broadcast, "epoch" | "judgedAt" | "sequences" | "findStream" | "framesSince">;

export interface CitySocketOptions {
  readonly server: HttpServer;
  readonly broadcast: () => Told;
  readonly clock: () => CityClock;
  /** What walls say that they show, by their connection. */
  readonly screens: Pick<WallScreens, "note" | "forget">;
  /** Loads a past instant. */
  readonly openPast: OpenPast;
  /** Whether a browser page of this origin may connect; programs send none. */
  readonly allowsOrigin: (origin: string | undefined, host: string | undefined) => boolean;
  /** Whether this client may see a topic (single dispatch entities need a token beyond loopback). */
  readonly allowsTopic: (topic: Topic, from: Asker) => boolean;
  /** Resolves when this client may come in: later for one with a wrong token. */
  readonly holdUp: (from: Asker) => Promise<void>;
}

export interface CitySockets {
  readonly clients: number;
  /** Sends a tick's frames, each encoded once. */
  send(frames: readonly Frame[]): void;
  /** What the open walls say about themselves. */
  figures(): EdgeFigures;
  /** A new epoch: everybody gets snapshots. */
  restart(): void;
  /** Everybody has to come anew, and show anew what they may see. */
  disconnectAll(): void;
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

  const pulseNow = (): EncodedEvent => pulseOf(broadcast(), clock());
  /** What a client sees: the city as it is now, or its own past. */
  const pulseFor = ({ session }: PastView): EncodedEvent =>
    session ? pulseOf(session.broadcast, session.clock(), session.request) : pulseNow();
  const toldTo = ({ session }: PastView): Told => session?.broadcast ?? broadcast();
  const inThePast = (): number =>
    Array.from(io.of("/").sockets.values()).filter(({ data }) => data.past.isOpen).length;

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

  const admit = async (socket: CitySocket, next: () => void): Promise<void> => {
    await options.holdUp(askerOf(socket));
    next();
  };
  io.use((socket, next) => void admit(socket, next));
  const reports = new WallReports();
  io.on("connection", (socket: CitySocket) => {
    socket.on("report", (report: unknown) => {
      if (isWallReport(report)) reports.note(socket.id, report, Date.now());
    });
    socket.on("showing", (word: unknown) => {
      const showing = readWallShowing(word);
      if (showing) options.screens.note(socket.id, showing);
    });
    socket.on("disconnect", () => {
      reports.forget(socket.id);
      options.screens.forget(socket.id);
      past.leave();
    });
    const refuse = (because: PastRefusal): void => {
      tell(socket, encodeEvent("refused", { reason: "past", because }));
    };
    const past: PastView = new PastView(options.openPast, {
      show(topics, have) {
        // That it is the past comes before anything of the past.
        socket.data.sees = "past";
        write(socket.conn, pulseFor(past));
        catchUp.start(topics, have);
      },
      send(frames) {
        if (catchUp.isDone && past.session) sendPast(socket, past.session.broadcast, frames);
      },
      tellClock: () => tell(socket, pulseFor(past)),
      refuse(because, topics) {
        refuse(because);
        catchUp.start(topics, { epoch: null, seq: {} });
      },
    });
    const catchUp = new CatchUp(
      linkOf(socket, () => {
        tell(socket, pulseFor(past));
      }),
      (topic, have) => toldTo(past).framesSince(topic, have) ?? [],
    );
    socket.data = { catchUp, past, followed: [], sees: "nothing" };
    const seeNow = (topics: readonly Topic[], have: Hello["have"]): void => {
      past.leave();
      catchUp.start(topics, have);
    };
    const seePast = (request: PastRequest, topics: readonly Topic[], have: Hello["have"]): void => {
      // What came by another connection is still to be seen.
      if (socket.data.sees === "nothing" && have.epoch !== null) socket.data.sees = "past";
      if (past.isOpen || inThePast() < pastAtMost) return past.look(request, topics, have);
      refuse("too-many");
      seeNow(topics, have);
    };
    socket.on("hello", (hello: unknown) => {
      if (!isHello(hello)) socket.disconnect(true);
      else if (hello.protocol !== protocolVersion)
        tell(socket, encodeEvent("refused", { reason: "protocol", protocol: protocolVersion }));
      else if (hello.past) seePast(hello.past, allowedTopics(socket, hello), hello.have);
      else seeNow(allowedTopics(socket, hello), hello.have);
    });
  });

  /** Whom the network is too slow for gets no more frames as they are made; all `have` what was sent so far. */
  const mindTheSlow = (have: Hello["have"]): void => {
    for (const { conn, data } of io.of("/").sockets.values())
      if (!data.past.session && data.catchUp.isDone && isLagging(conn)) data.catchUp.fallBehind(have);
  };

  return {
    get clients() {
      return io.of("/").sockets.size;
    },
    figures: () => reports.figures(Date.now()),
    send(frames) {
      const { epoch, seq } = before(frames, broadcast());
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
      for (const { data } of io.of("/").sockets.values())
        if (data.past.session) data.past.lookAgain();
        else data.catchUp.startAgain();
    },
    disconnectAll: () => io.disconnectSockets(true),
    pulse() {
      mindTheSlow({ epoch: broadcast().epoch, seq: broadcast().sequences() });
      const pulse = pulseNow();
      for (const socket of io.of("/").sockets.values())
        if (socket.data.past.session) tell(socket, pulseFor(socket.data.past));
        else if (mayHearOfNow(socket.data)) tell(socket, pulse);
    },
    stop: () => io.close(),
  };
}

/**
 * Until all of now has arrived, a pulse would put the live clock over what is still the past's; and over nothing for a
 * moment, where the past is about to come.
 */
function mayHearOfNow({ sees, past }: SocketData): boolean {
  return sees === "now" || (sees === "nothing" && !past.isComing);
}

function pulseOf(told: Told, clock: CityClock, past?: PastRequest): EncodedEvent {
  const { epoch, judgedAt } = told;
  return encodeEvent("pulse", { epoch, clock, seq: told.sequences(), judgedAt, ...(past && { past }) });
}

/** What whoever follows had of every topic before these frames, which are the newest. */
function before(frames: readonly Frame[], told: Told): { epoch: string; seq: Record<string, number> } {
  const seq = told.sequences();
  for (const { topic } of frames) seq[topic]!--;
  return { epoch: told.epoch, seq };
}

/** Sends frames of a past that one client alone sees. */
function sendPast({ conn, data }: CitySocket, told: Told, frames: readonly Frame[]): void {
  const wanted = frames.filter(({ topic }) => data.followed.includes(topic));
  const events = wanted.map(eventsOf);
  // One too many for the network, or a large one: then what is newest goes out when the network has room.
  const isMuch = isLagging(conn) || events.some(({ length }) => length > 1);
  if (isMuch) data.catchUp.fallBehind(before(frames, told));
  else for (const [event] of events) write(conn, event!);
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
      if (socket.data.past.session) socket.data.followed = topics;
      else {
        socket.data.sees = "now";
        void socket.join([...topics]);
      }
      sendPulse();
    },
    unfollow() {
      socket.data.followed = [];
      for (const room of Array.from(socket.rooms)) if (room !== socket.id) void socket.leave(room);
    },
  };
}

function askerOf({ handshake: { address, headers, auth } }: CitySocket): Asker {
  const header = (name: string): string | undefined => headers[name]?.toString();
  const given: unknown = auth["token"];
  const token = typeof given === "string" ? given : cookieToken(header);
  return { address, host: headers.host, isForwarded: isForwarded(header), token };
}

function isHello(word: unknown): word is Hello {
  if (typeof word !== "object" || word === null) return false;
  const { protocol, topics, have, past } = word as Partial<Hello>;
  return (
    typeof protocol === "number" &&
    Array.isArray(topics) &&
    topics.length <= topicLimit &&
    topics.every((topic) => typeof topic === "string" && topic.length < 100) &&
    typeof have === "object" &&
    have !== null &&
    (have.epoch === null || typeof have.epoch === "string") &&
    typeof have.seq === "object" &&
    have.seq !== null &&
    (past === undefined || isPastRequest(past))
  );
}

function isPastRequest(word: unknown): word is PastRequest {
  if (typeof word !== "object" || word === null) return false;
  const { request, at, speed, known } = word as Partial<PastRequest>;
  return (
    Number.isSafeInteger(request) &&
    typeof at === "number" &&
    Math.abs(at) <= latestInstant &&
    typeof speed === "number" &&
    speed >= 0 &&
    speed <= fastestPast &&
    (known === "then" || known === "now")
  );
}
