/** Rounds of probes of the city's own public services, as the prober writes them. */

import { entityId, type EntityOf } from "../../../../shared/entity.ts";
import { Notices } from "../../../../shared/notice.ts";
import { ok, type Result } from "../../../../shared/result.ts";
import { isObject, parseJsonObject, quote, unreadable, type JsonObject } from "../body.ts";
import type { Connector, ConnectorFeed, Failure, Part, Update } from "../connector.ts";
import { clockSkewMs, isoText, parseRfc3339 } from "../instant.ts";

type PublicService = EntityOf<"PublicService">;

/** More of them are no service list of a city. */
const mostServices = 10_000;
/** So many that do not even connect, and not one that does, look like our own network. */
const fewestToSuspectUs = 3;
const unconnected = new Set(["dns", "connection", "timeout"]);

export const probe: Connector = {
  spec: "probe",
  gives: () => ["PublicService"],
  next: (feed) => (feed.url === null ? [] : [{ name: "body", url: feed.url }]),
  decode: decodeRound,
};

function decodeRound(part: Part, feed: ConnectorFeed, receivedAt: number): Result<Update, Failure> {
  const body = parseJsonObject(part.name, part.bytes);
  if (!body.ok) return body;
  const { results, endedAt } = body.value;
  if (!Array.isArray(results)) return unreadable(part.name, `a list "results"`, quote(results));
  const notices = new Notices();
  if (results.length > mostServices)
    notices.add("probe-too-many", "error", `${results.length} results, the first ${mostServices} are read`);
  const services = new Map<string, PublicService>();
  results.slice(0, mostServices).forEach((result: unknown, i) => {
    const service = readResult(result, i, { feed, receivedAt, notices });
    if (service === null) return;
    if (services.has(service.sourceId))
      notices.add("probe-duplicate-id", "warning", `${quote(service.sourceId)} twice, the last counts`);
    services.set(service.sourceId, service);
  });
  const entities = [...services.values()];
  noticeOurselves(entities, notices);
  return ok({
    mode: "full",
    scope: part.name,
    version: null,
    publishedAt: typeof endedAt === "string" ? parseRfc3339(endedAt) : null,
    entities,
    observations: [],
    notices: notices.list(),
  });
}

interface Reading {
  readonly feed: ConnectorFeed;
  readonly receivedAt: number;
  readonly notices: Notices;
}

/** `null`, with a notice, for what names no service. */
function readResult(result: unknown, i: number, reading: Reading): PublicService | null {
  const { feed, receivedAt, notices } = reading;
  const id = isObject(result) ? result["id"] : null;
  if (!isObject(result) || typeof id !== "string" || id === "") {
    notices.add("probe-bad-result", "error", `results ${i + 1}: expected an object with an "id"`);
    return null;
  }
  const member = new Members(result, id, notices);
  const observedAt = member.instant("probedAt");
  if (observedAt === null)
    notices.add("probe-no-time", "warning", `${quote(id)}: expected "probedAt" as an ISO time`);
  else if (observedAt > receivedAt + clockSkewMs)
    notices.add(
      "probe-future",
      "warning",
      `${quote(id)} probedAt ${isoText(observedAt)}: expected a time before it was received, ${isoText(receivedAt)}`,
    );
  const certificateExpiresAt = member.instant("certificateExpiresAt");
  const isAvailable = member.flag("isAvailable");
  const reason = member.text("reason");
  if (isAvailable !== true && reason !== null) noticeReason(id, reason, member.text("detail"), notices);
  const name = isObject(result["name"]) ? new Members(result["name"], `${id} name`, notices) : null;
  return {
    id: entityId(feed.id, "PublicService", id),
    kind: "PublicService",
    feedId: feed.id,
    sourceId: id,
    observedAt,
    receivedAt,
    position: null,
    quality: "good",
    fields: {
      name: name?.text("en") ?? id,
      nameZh: name?.text("zh") ?? null,
      isAvailable,
      reason,
      status: member.number("status"),
      responseSeconds: member.number("responseSeconds"),
      certificateExpiresAt,
      certificateLeftSeconds:
        certificateExpiresAt === null || observedAt === null
          ? null
          : (certificateExpiresAt - observedAt) / 1_000,
    },
  };
}

/** An unavailable service is what the feed is for; one that was never asked is a fault of the settings. */
function noticeReason(id: string, reason: string, detail: string | null, notices: Notices): void {
  const text = `${quote(id)}: ${detail ?? reason}`;
  if (reason === "not-allowed") notices.add("probe-not-allowed", "error", text);
  else notices.add("probe-unavailable", "info", text);
}

function noticeOurselves(services: readonly PublicService[], notices: Notices): void {
  const asked = services.filter(({ fields }) => typeof fields.isAvailable === "boolean");
  if (asked.length < fewestToSuspectUs) return;
  if (asked.every(({ fields }) => fields.isAvailable === false && unconnected.has(fields.reason ?? "")))
    notices.add(
      "probe-none-connected",
      "warning",
      `none of ${asked.length} services could be connected to: expected at least one, or our own network is down`,
      asked.length,
    );
}

/** Members of an object by the type they must have; absent and `null` are nothing, other types a notice. */
class Members {
  readonly #object: JsonObject;
  readonly #what: string;
  readonly #notices: Notices;

  constructor(object: JsonObject, what: string, notices: Notices) {
    this.#object = object;
    this.#what = what;
    this.#notices = notices;
  }

  text(name: string): string | null {
    return this.#read(name, "a text", (value) => (typeof value === "string" ? value : null));
  }

  flag(name: string): boolean | null {
    return this.#read(name, "true or false", (value) => (typeof value === "boolean" ? value : null));
  }

  number(name: string): number | null {
    return this.#read(name, "a number of at least 0", (value) =>
      typeof value === "number" && value >= 0 ? value : null,
    );
  }

  instant(name: string): number | null {
    return this.#read(name, "an ISO time with its offset", (value) =>
      typeof value === "string" ? parseRfc3339(value) : null,
    );
  }

  #read<T>(name: string, expected: string, read: (value: unknown) => T | null): T | null {
    const value = Object.hasOwn(this.#object, name) ? this.#object[name] : null;
    if (value === null || value === undefined) return null;
    const found = read(value);
    if (found === null)
      this.#notices.add(
        "probe-bad-value",
        "error",
        `${this.#what} ${name} ${quote(value)}: expected ${expected}`,
      );
    return found;
  }
}
