/** What road events and field devices have in common: an id, times, places, and notices that name them. */

import type { Position } from "../../../../shared/entity.ts";
import type { Notices, NoticeSeverity } from "../../../../shared/notice.ts";
import { quote, type JsonObject } from "../body.ts";
import type { ConnectorFeed } from "../connector.ts";
import { clockSkewMs, isoText, parseRfc3339 } from "../instant.ts";
import { judgePlace, placeExpectation } from "../place.ts";
import type { Link } from "./related.ts";

/** What is around a feature. */
export interface Reading {
  readonly feed: ConnectorFeed;
  readonly receivedAt: number;
  readonly notices: Notices;
  /** The ids of things by their `sourceId`. */
  readonly workZoneId: (sourceId: string) => string;
  readonly fieldDeviceId: (sourceId: string) => string;
  /** Filled on the way; whom they name is known when all is read. */
  readonly links: Link[];
}

export class Feature {
  readonly id: string;
  readonly #what: "event" | "device";
  readonly #reading: Reading;

  constructor(what: "event" | "device", id: string, reading: Reading) {
    this.id = id;
    this.#what = what;
    this.#reading = reading;
  }

  note(code: string, severity: NoticeSeverity, example: string): void {
    this.#reading.notices.add(code, severity, `${this.#what} ${quote(this.id)}: ${example}`);
  }

  /** Epoch milliseconds. What is not there is `null`; what cannot be read is so too, with a notice. */
  instant(name: string, value: unknown): number | null {
    if (value === undefined || value === null || value === "") return null;
    const at = typeof value === "string" ? parseRfc3339(value) : null;
    if (at === null)
      this.note("wzdx-bad-time", "error", `${name} ${quote(value)}, expected an RFC 3339 time`);
    return at;
  }

  /** When it was last told of, by its core details; a time that has not come yet is not believed. */
  observedAt(details: JsonObject): number | null {
    const { receivedAt } = this.#reading;
    const at =
      this.instant("update_date", details["update_date"]) ??
      this.instant("creation_date", details["creation_date"]);
    if (at === null || at <= receivedAt + clockSkewMs) return at;
    this.note(
      "wzdx-future",
      "warning",
      `updated ${isoText(at)}, expected not after it was received, ${isoText(receivedAt)}`,
    );
    return null;
  }

  /** A GeoJSON position; one that cannot be believed is `null`, with a notice. */
  place(coordinate: unknown): Position | null {
    const [lon, lat] = Array.isArray(coordinate) ? (coordinate as unknown[]) : [];
    const place = judgePlace(lon, lat, this.#reading.feed.bounds);
    if (typeof place !== "string") return place;
    const found = `${quote(lon)}, ${quote(lat)}`;
    this.note(`wzdx-place-${place}`, "error", `place ${found}, expected ${placeExpectation(place)}`);
    return null;
  }
}
