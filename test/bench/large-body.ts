/** A body to decode by itself, without what it was made of. */

import type { Update } from "../../server/core/feeds/connector.ts";
import { findConnector } from "../../server/core/feeds/index.ts";
import { decode, type Specimen } from "../connectors/specimens.ts";

/** What a bare parser makes of the body is the same work for all of one form. */
export interface LargeBody {
  /** `mqtt`: JSON in messages. */
  readonly form: "json" | "xml" | "mqtt";
  /** One, or the many messages that a broker sends in a while. */
  readonly parts: readonly Specimen[];
}

/** What each of the parts says; throws when nothing comes of one. */
export function decodeAll({ parts }: LargeBody): readonly Update[] {
  return parts.map((part) => {
    const read = decode(findConnector(part.spec)!, part);
    if (!read.ok) throw new Error(read.failure.message);
    if (read.value.entities.length === 0) throw new Error(`${part.name}: no entities`);
    return read.value;
  });
}
