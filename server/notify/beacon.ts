/**
 * The dead man's switch turned outwards: somebody else is told every so often that alarms are judged, and takes silence as
 * the alarm that we cannot raise about ourselves. Nothing is sent while alarms are not judged.
 */

import type { Logger } from "pino";
import type { Outgoing } from "../core/feeds/feed-entry.ts";
import type { Beacon } from "../core/notify/route.ts";
import { isTaken, Poster, reasonIn } from "./poster.ts";

const timeoutMs = 10_000;

export interface BeaconOptions {
  readonly beacon: Beacon;
  readonly outgoing: Outgoing;
  /** Wall milliseconds since alarms were last judged. */
  readonly sinceJudgedMs: () => number;
  /** Alarms that are judged less often than this are not judged. */
  readonly judgedWithinMs: number;
  readonly log: Pick<Logger, "warn" | "info">;
}

/** Starts it; gives back what stops it. */
export function startBeacon(options: BeaconOptions): () => void {
  const { beacon, outgoing, log } = options;
  const poster = new Poster(outgoing, timeoutMs);
  let wasSent = true;
  let isSending = false;
  const say = (sent: boolean, error?: string): void => {
    if (sent !== wasSent)
      log[sent ? "info" : "warn"]({ event: sent ? "beacon-sent" : "beacon-not-sent", error });
    wasSent = sent;
  };
  const send = async (): Promise<void> => {
    if (isSending) return;
    if (options.sinceJudgedMs() > options.judgedWithinMs) return say(false, "alarms are not judged");
    isSending = true;
    const posted = await poster.post(beacon.url);
    isSending = false;
    say(isTaken(posted), isTaken(posted) ? undefined : reasonIn(posted));
  };
  void send();
  const timer = setInterval(() => void send(), beacon.everySeconds * 1000);
  return () => {
    clearInterval(timer);
    void poster.close();
  };
}
