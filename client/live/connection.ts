/** The socket: the only file that imports Socket.IO. Says hello, checks the order of frames, notices silence. */

import { io, type Socket } from "socket.io-client";
import * as parser from "socket.io-msgpack-parser";
import { PieceJoiner } from "../../shared/pieces.ts";
import {
  protocolVersion,
  silentAfterMs,
  type ClientToServer,
  type Frame,
  type PastRequest,
  type Refusal,
  type ServerToClient,
  type Topic,
} from "../../shared/protocol.ts";
import type { WallReport } from "../../shared/wall-report.ts";
import { elapsedMs, moment, type Moment } from "./city-clock.ts";
import type { LiveStore } from "./live-store.ts";
import { mayReload } from "./reload-guard.ts";
import { Sequence } from "./sequence.ts";

/** Topics every face needs. */
const everyFace: readonly Topic[] = ["city", "indicators", "feeds", "notes"];

export interface Link {
  /** Tells the server how this wall fares; lost while there is no connection. */
  report(report: WallReport): void;
  /** Connects anew: this browser is somebody else now. */
  reconnect(): void;
  stop(): void;
}

/** Connects the store to the server it was loaded from. */
export function connect(store: LiveStore, reload: () => void): Link {
  const socket: Socket<ServerToClient, ClientToServer> = io({
    transports: ["websocket"],
    parser,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    randomizationFactor: 0.5,
  });
  const sequence = new Sequence();
  const pieces = new PieceJoiner();
  const released = store.want(everyFace);
  let heard: Moment | null = null;
  let helloIsDue = false;

  /** A past that is shown already goes on from where it is, also with a server that was started anew. */
  const wantedPast = (): PastRequest | null => {
    const { past, shownPast } = store;
    const at = past !== null && past.request === shownPast?.request ? store.cityNow(moment()) : null;
    return past && at !== null ? { ...past, at } : past;
  };
  const hello = (): void => {
    helloIsDue = false;
    store.forgetUnwanted();
    const topics = store.wanted;
    const have = sequence.have(topics);
    const past = wantedPast();
    if (socket.connected)
      socket.emit("hello", { protocol: protocolVersion, topics, have, ...(past && { past }) });
  };
  // Several components mount, or several topics show a gap, in one go: one hello for all of them.
  const helloSoon = (): void => {
    if (helloIsDue) return;
    helloIsDue = true;
    setTimeout(hello, 0);
  };
  store.onWanted = helloSoon;
  const tellShowing = (): void => {
    if (socket.connected && store.showing) socket.emit("showing", store.showing);
  };
  store.onShowing = tellShowing;

  const disconnected = (): void => {
    if (store.connection.state === "connected")
      store.setConnection({ ...store.connection, state: "disconnected" });
  };
  const signOfLife = (cityAt: number): void => {
    heard = moment();
    store.setConnection({ state: "connected", sinceAt: cityAt, outdated: false });
  };
  const refuse = (refusal: Refusal): void => {
    if (refusal.reason === "past") return store.refusePast(refusal.because);
    if (refusal.reason !== "protocol") return store.refuse(refusal);
    if (mayReload(() => sessionStorage, refusal.protocol, Date.now())) reload();
    else store.setConnection({ ...store.connection, outdated: true });
  };

  socket.on("connect", () => {
    heard = moment();
    hello();
    tellShowing();
  });
  socket.on("disconnect", (reason) => {
    // Socket.IO reconnects by itself (with jitter) except when the server closed on purpose.
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), 500 + Math.random() * 2_000);
  });
  const take = (frame: Frame): void => {
    heard = moment();
    const verdict = sequence.accept(frame);
    if (verdict === "apply") store.apply(frame);
    else if (verdict === "ask") helloSoon();
  };
  const decoder = new parser.Decoder();
  decoder.on("decoded", ({ data: [, frame] }: { data: [event: "frame", frame: Frame] }) => {
    take(frame);
  });
  socket.on("frame", take);
  socket.on("piece", (piece) => {
    // A slow link is not a dead one.
    heard = moment();
    sequence.isArriving();
    const whole = pieces.add(piece);
    if (whole) decoder.add(whole);
  });
  socket.on("pulse", (pulse) => {
    store.setAnchor({ clock: pulse.clock, heard: moment() });
    store.setJudgedAt(pulse.judgedAt);
    store.setShownPast(pulse.past ?? null);
    signOfLife(pulse.clock.cityAt);
    if (sequence.isBehind(pulse, store.wanted)) helloSoon();
  });
  socket.on("refused", refuse);

  let watchedMs = performance.now();
  const watch = setInterval(() => {
    // After a long task of the page its pulses still wait in the queue: let them in before judging.
    const wasBusy = performance.now() - watchedMs > 1_000;
    watchedMs = performance.now();
    if (wasBusy) return;
    if (heard === null || elapsedMs(heard, moment()) < silentAfterMs) return;
    disconnected();
    // A half-open connection never closes by itself: drop it, and Socket.IO's own back-off connects again.
    heard = null;
    if (socket.connected) socket.io.engine.close();
  }, 250);

  return {
    report: (report) => socket.connected && socket.emit("report", report),
    reconnect: () => void socket.disconnect().connect(),
    stop() {
      clearInterval(watch);
      store.onWanted = () => undefined;
      store.onShowing = () => undefined;
      released();
      socket.close();
    },
  };
}
