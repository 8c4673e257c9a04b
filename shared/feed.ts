/** A feed as the city folder declares it, and its health as everybody sees it. */

import type { Text } from "./city.ts";
import type { Notice } from "./notice.ts";

export const specs = [
  "gbfs",
  "gtfs",
  "gtfs-rt",
  "table",
  "open311",
  "cap",
  "wzdx",
  "datex2",
  "probe",
  "sql",
  "mqtt",
  "ngsi",
  "sensorthings",
  "line",
  "log",
] as const;
export type Spec = (typeof specs)[number];

export const transportTypes = [
  "poll",
  "receive",
  "subscribe",
  "listen",
  "file",
  "replay",
  "probe",
  "query",
] as const;
export type TransportType = (typeof transportTypes)[number];

/** `waiting`: never a good word yet. `down`: the transport or the decoder fails, or silence past dropAfterSeconds. */
export type FeedStatusWord = "fresh" | "stale" | "down" | "waiting";

/** What went wrong on the way from the source to a good update; each class is handled differently by people. */
export type FeedErrorClass =
  | "dns"
  | "tls"
  | "connection"
  | "timeout"
  | "http"
  | "too-large"
  | "unauthorized"
  | "not-allowed"
  | "query"
  | "missing"
  | "unreadable"
  | "crashed"
  | "settings";

export interface FeedError {
  readonly class: FeedErrorClass;
  /** Names the part, field, value and what was expected. */
  readonly message: string;
  readonly at: number;
}

/** An item of `/api/v1/feeds` and of the topic `feeds`. */
export interface FeedStatus {
  readonly id: string;
  readonly title: Text;
  readonly spec: Spec;
  readonly transport: TransportType;
  readonly department: string;
  readonly supplier: string | null;
  readonly licence: string;
  readonly attribution: string | null;
  readonly cadenceSeconds: number;
  readonly staleAfterSeconds: number;
  readonly status: FeedStatusWord;
  /** When the last good body arrived. */
  readonly lastGoodAt: number | null;
  /** The instant up to which the feed speaks (design: a dead feed looks dead, whatever its header says). */
  readonly observedAt: number | null;
  readonly entities: number;
  /** Things that a full inbox had to drop, and messages that were refused, since the start. */
  readonly dropped: number;
  readonly error: FeedError | null;
  readonly notices: readonly Notice[];
}

export function isSpec(word: string): word is Spec {
  return (specs as readonly string[]).includes(word);
}
