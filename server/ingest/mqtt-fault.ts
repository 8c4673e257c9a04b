/** What goes wrong between us and a broker, as the feed error that people handle. */

import type { ErrorWithReasonCode } from "mqtt";
import { networkFault } from "./http-get.ts";
import { findInsideHost } from "../outside.ts";
import type { PartFault } from "./part-decoder.ts";

/**
 * Return codes of 3.1.1 (§3.2.2.3) up to 5, Reason Codes of 5.0 (§2.4) from 0x80 on; those that a broker has for a
 * subscriber.
 */
const reasons: Readonly<Record<number, string>> = {
  1: "unacceptable protocol version",
  2: "identifier rejected",
  3: "server unavailable",
  4: "bad user name or password",
  5: "not authorized",
  0x80: "unspecified error",
  0x81: "malformed packet",
  0x82: "protocol error",
  0x83: "implementation specific error",
  0x84: "unsupported protocol version",
  0x85: "client identifier not valid",
  0x86: "bad user name or password",
  0x87: "not authorized",
  0x88: "server unavailable",
  0x89: "server busy",
  0x8a: "banned",
  0x8b: "server shutting down",
  0x8c: "bad authentication method",
  0x8d: "keep alive timeout",
  0x8e: "session taken over by another client of the same identifier",
  0x8f: "topic filter invalid",
  0x91: "packet identifier in use",
  0x93: "receive maximum exceeded",
  0x95: "packet too large",
  0x96: "message rate too high",
  0x97: "quota exceeded",
  0x98: "administrative action",
  0x9c: "use another server",
  0x9d: "server moved",
  0x9e: "shared subscriptions not supported",
  0x9f: "connection rate exceeded",
  0xa0: "maximum connect time",
  0xa1: "subscription identifiers not supported",
  0xa2: "wildcard subscriptions not supported",
};

const unauthorized = new Set([4, 5, 0x86, 0x87, 0x8a, 0x8c]);

/** `doing`: what the broker said it about, `refused the connection`. */
export function reasonFault(doing: string, code: number): PartFault {
  const hex = `0x${code.toString(16).padStart(2, "0")}`;
  return {
    class: unauthorized.has(code) ? "unauthorized" : "connection",
    message: `the broker ${doing}: ${reasons[code] ?? "an unknown reason"} (${hex})`,
  };
}

/** A filter that was not granted. 3.1.1 knows one code for it (§3.9.3), which mostly means a missing right. */
export function subackFault(filter: string, code: number, protocolVersion: "3.1.1" | "5.0"): PartFault {
  const fault = reasonFault(`refused the subscription to ${JSON.stringify(filter)}`, code);
  return protocolVersion === "3.1.1" ? { ...fault, class: "unauthorized" } : fault;
}

/** What the client library emits as `error`. */
export function clientFault(error: Error | ErrorWithReasonCode): PartFault {
  const refused = findInsideHost(error);
  if (refused !== null) return { class: "not-allowed", message: refused.message };
  const code: unknown = "code" in error ? error.code : undefined;
  if (typeof code === "number" && error.message.startsWith("Connection refused"))
    return reasonFault("refused the connection", code);
  if (typeof code === "string") return networkFault(error);
  if (error.message === "connack timeout") return { class: "timeout", message: "the broker does not answer" };
  if (error.message === "Keepalive timeout")
    return { class: "timeout", message: "the broker does not answer any more" };
  return { class: "unreadable", message: `expected a broker's answer: ${error.message}` };
}
