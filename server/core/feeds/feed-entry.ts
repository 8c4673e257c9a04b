/** One feed as the city folder declares it, defaults filled in. Secrets travel as functions. */

import type { Text } from "../../../shared/city.ts";
import type { Spec } from "../../../shared/feed.ts";
import type { Agreement } from "../../../shared/feed-quality.ts";

/** Throws `MissingSecret` when there is none. */
export type Secret = () => string;

/** A secret that nobody has set: neither the source is to blame nor we. */
export class MissingSecret extends Error {}

/** How a feed goes out to its source. */
export interface Outgoing {
  /** `host` and `host:port` that may lie inside our own network; everything else must be outside. */
  readonly allowHosts: readonly string[];
  /** Says who asks, and where those who are asked can find us. */
  readonly userAgent: string;
}

export interface PollTransport {
  readonly type: "poll";
  readonly url: string;
  /** Wall seconds, as are time-outs. */
  readonly everySeconds: number;
  readonly timeoutSeconds: number;
  /** City seconds per wall second: how much faster the source's own waiting times pass. 1 but in simulations. */
  readonly speed: number;
  /** Whether the city's simulator stands in for the source. */
  readonly isSimulated: boolean;
  /** Limit on the decompressed body. */
  readonly maxBytes: number;
  readonly headers: Readonly<Record<string, string | Secret>>;
  readonly outgoing: Outgoing;
}

export interface ReceiveTransport {
  readonly type: "receive";
  /** Exactly one of the two: a bearer token, or a shared secret for HMAC-SHA-256 of the push. */
  readonly bearer: Secret | null;
  readonly hmac: Secret | null;
  /** Whether a signature of timestamp and body alone counts as well: older sources do not sign part and encoding. */
  readonly acceptsV1: boolean;
  readonly maxBytes: number;
  /** The source is asked for all it has now and then, because pushes get lost. */
  readonly reconcile: PollTransport | null;
}

export type Transport =
  | PollTransport
  | ReceiveTransport
  | {
      readonly type: "subscribe";
      /** Of an MQTT broker: mqtt, mqtts, ws or wss, without user and password. */
      readonly url: string;
      /** Topic filters (MQTT 5.0 §4.7). */
      readonly topics: readonly string[];
      readonly qos: 0 | 1 | 2;
      readonly protocolVersion: "3.1.1" | "5.0";
      readonly username: string | Secret | null;
      readonly password: Secret | null;
      /** Absolute paths of PEM files; without `ca` the usual authorities are trusted. */
      readonly ca: string | null;
      readonly cert: string | null;
      readonly key: string | null;
      /** `null`: another one at every start. */
      readonly clientId: string | null;
      /** For how long the broker keeps messages while we are away; 0 asks for none. 3.1.1 knows only 0 and for ever. */
      readonly sessionExpirySeconds: number;
      /** Wall seconds, from connecting to the broker's answer. */
      readonly timeoutSeconds: number;
      /** Limit on the payload of a message. */
      readonly maxBytes: number;
      /** Whether the city's simulator stands in for the broker. */
      readonly isSimulated: boolean;
      readonly outgoing: Outgoing;
    }
  | {
      readonly type: "listen";
      readonly protocol: "udp" | "tcp" | "tls";
      readonly host: string;
      readonly port: number;
      /** PEM files, absolute paths; `null` without TLS. With `clientCa` only its clients are let in. */
      readonly certificate: string | null;
      readonly key: string | null;
      readonly clientCa: string | null;
      /** Networks that may send (`10.1.0.0/16`); none: everybody who reaches the port. */
      readonly from: readonly string[];
      readonly maxConnections: number;
      readonly maxLineBytes: number;
      /** A connection that is silent for so long is closed. */
      readonly idleSeconds: number;
      readonly linesPerSecond: number;
      /** Limit on a kept part. */
      readonly maxBytes: number;
    }
  | {
      readonly type: "file";
      /** Absolute paths, one part each, named by `name`. */
      readonly files: readonly { readonly name: string; readonly path: string }[];
      /** Whether only what was added counts, as in a log; else a changed file is read as a whole. */
      readonly appended?: boolean;
      readonly maxBytes: number;
    }
  | {
      readonly type: "probe";
      readonly services: readonly ProbedService[];
      /** Wall seconds, as are time-outs. */
      readonly everySeconds: number;
      /** Whether the city's simulator stands in for some of the services. */
      readonly isSimulated: boolean;
      /** Of an answer; the rest is left unread. */
      readonly maxBytes: number;
    }
  | {
      readonly type: "query";
      /** The address of the database, `postgres://…`. */
      readonly connection: Secret;
      /** One statement that gives rows. */
      readonly sql: string;
      /** `$1` is the newest seen value of this column less the overlap, `null` at first. */
      readonly incremental: { readonly column: string; readonly overlapSeconds: number } | null;
      readonly everySeconds: number;
      readonly timeoutSeconds: number;
      readonly maxRows: number;
      /** Of everything that the database sends. */
      readonly maxBytes: number;
      /** Whether the city's simulator stands in for the database. */
      readonly isSimulated: boolean;
      readonly outgoing: Outgoing;
    }
  | {
      readonly type: "replay";
      readonly recordings: readonly { readonly name: string; readonly path: string }[];
      /** The recorded window, epoch milliseconds. */
      readonly fromAt: number;
      readonly toAt: number;
      /** Starts the window again when it ends; without it the feed falls silent there. */
      readonly loop: boolean;
      readonly maxBytes: number;
    };

/** A public service to ask for, and what it must answer. */
export interface ProbedService {
  readonly id: string;
  readonly name: Text;
  readonly url: string;
  readonly method: "GET" | "HEAD";
  readonly status: number;
  /** Must be in the first `maxBytes` of the answer; `null`: whatever it holds. */
  readonly text: string | null;
  readonly timeoutSeconds: number;
  /** City seconds per wall second: how much faster it answers than the real one would. 1 but in simulations. */
  readonly speed: number;
  readonly outgoing: Outgoing;
}

export interface FeedEntry {
  readonly id: string;
  readonly title: Text;
  readonly spec: Spec;
  readonly transport: Transport;
  readonly department: string;
  readonly supplier: string | null;
  readonly licence: string;
  readonly attribution: string | null;
  /** How often the source promises news. */
  readonly cadenceSeconds: number;
  readonly staleAfterSeconds: number;
  /** Silence after which the last value is no longer shown as the value. */
  readonly dropAfterSeconds: number;
  /** Things of a `partial` feed are forgotten this long after their last word. */
  readonly keepSeconds: number;
  readonly agreement: Agreement | null;
  /** The `gtfs` feed whose timetable this feed refers to. */
  readonly schedule: string | null;
  /** Keep raw bodies aside, by city day, for this many days. 0 keeps none but the last. */
  readonly keepBodiesDays: number;
  /** Why the feed is neither asked nor listened to for now; `null`: it is. */
  readonly muted: string | null;
  /** The spec's own options, checked by its schema. */
  readonly options: unknown;
}
