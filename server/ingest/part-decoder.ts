/** The gate between bytes and the live city: one part in, one decoded update or one feed error out, never a throw. */

import type { FeedErrorClass } from "../../shared/feed.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import type { Connector, ConnectorFeed, KeyedHash, Part, Update } from "../core/feeds/connector.ts";
import { MissingSecret } from "../core/feeds/feed-entry.ts";
import { NewestParts } from "./newest-parts.ts";

/** What went wrong, without its time; `stack` is for the log alone. */
export interface PartFault {
  readonly class: FeedErrorClass;
  readonly message: string;
  readonly stack?: string;
}

export interface PartDecoder {
  /** The part without what must not be kept; of a standard that has no such thing the part itself. */
  strip(part: Part, receivedAt: number): Result<Part, PartFault>;
  /** `receivedAt` in epoch milliseconds of the recording's or the city's time. */
  decode(part: Part, receivedAt: number): Result<Update, PartFault>;
  /** Forgets what bodies of other parts than these left behind to save work. */
  retain(partNames: ReadonlySet<string>): void;
  /** Forgets what earlier bodies left behind to save work. */
  forget(): void;
}

/** Calls `connector` and catches it when it throws: class `crashed`, and nobody else notices. */
export function createPartDecoder(connector: Connector, feed: ConnectorFeed, hash: KeyedHash): PartDecoder {
  const memories = new NewestParts<unknown>();
  return {
    strip(part, receivedAt) {
      if (connector.strip === undefined) return ok(part);
      const notData = findNotData(part);
      if (notData !== null) return fail({ class: "unreadable", message: notData });
      try {
        return ok(connector.strip(part, feed, receivedAt, hash));
      } catch (error) {
        return fail(crash(`stripping ${part.name} as ${feed.spec}`, error));
      }
    },
    decode(part, receivedAt) {
      const notData = findNotData(part);
      if (notData !== null) return fail({ class: "unreadable", message: notData });
      try {
        const decoded = connector.decode(part, feed, receivedAt, memories.get(part.name));
        if (!decoded.ok) return decoded;
        if (decoded.value.memory === undefined) memories.delete(part.name);
        else memories.set(part.name, decoded.value.memory);
        return ok(decoded.value);
      } catch (error) {
        memories.delete(part.name);
        return fail(crash(`decoding ${part.name} as ${feed.spec}`, error));
      }
    },
    retain(partNames) {
      memories.retain(partNames);
    },
    forget() {
      memories.clear();
    },
  };
}

/** A broken assumption somewhere in `doing`, as a feed error; one of the settings where a secret is missing. */
export function crash(doing: string, error: unknown): PartFault {
  if (error instanceof MissingSecret) return { class: "settings", message: error.message };
  const reason = error instanceof Error ? error.message : String(error);
  return {
    class: "crashed",
    message: `${doing} failed: ${reason}`,
    ...(error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {}),
  };
}

/** A comment ends at its first `-->`: looked for any further, many of them would cost all ways to join them. */
const htmlStart = /^\uFEFF?\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->)[^])*-->\s*)*<(?:!doctype\s+html|html)\b/i;
const htmlTitle = /<title[^>]*>\s*([^<]{1,120})/i;

/** Why a body cannot be data of any standard: it is empty, or a web page (login, maintenance, captive portal). */
function findNotData(part: Part): string | null {
  if (part.bytes.byteLength === 0) return `${part.name}: the body is empty`;
  if (part.bytes[0] !== 0x3c && part.bytes[0]! > 0x20 && part.bytes[0] !== 0xef) return null;
  const head = new TextDecoder().decode(part.bytes.subarray(0, 2_048));
  if (head.trim() === "" && part.bytes.byteLength <= 2_048)
    return `${part.name}: the body is only white space`;
  if (!htmlStart.test(head)) return null;
  const title = htmlTitle.exec(head)?.[1]?.trim();
  return `${part.name}: got a web page${title === undefined ? "" : ` ("${title}")`} where data was expected`;
}
