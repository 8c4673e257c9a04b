/** A recorded list of requests taken apart in time: each opens when it was requested and changes when it was updated. */

import type { EntityOf } from "../../../../shared/entity.ts";
import { Notices } from "../../../../shared/notice.ts";
import { ok, type Result } from "../../../../shared/result.ts";
import { Changes } from "../changes.ts";
import type { ConnectorFeed, Failure, Part, Playback, PlaybackStep } from "../connector.ts";
import { isoText } from "../instant.ts";
import { readEntries } from "./entries.ts";
import type { Open311Options } from "./options.ts";
import { readRequest, requestReading } from "./request.ts";

type ServiceRequest = EntityOf<"ServiceRequest">;

/** Steps are GeoReport v2 JSON. A closed request was open until it was closed; what came between is not known. */
export function playRequests(part: Part, feed: ConnectorFeed<Open311Options>): Result<Playback, Failure> {
  const entries = readEntries(part);
  if (!entries.ok) return entries;
  const reading = requestReading(feed, Number.POSITIVE_INFINITY, new Notices());
  const requests = entries.value.flatMap((entry, i) => readRequest(entry, i, reading) ?? []);
  const changes = new Changes(
    requests.flatMap(({ fields: { requestedAt, updatedAt, closedAt } }, row) =>
      [requestedAt, updatedAt, closedAt].flatMap((at) => (typeof at === "number" ? [{ at, row }] : [])),
    ),
  );
  const step = (at: number, mode: PlaybackStep["mode"], rows: Iterable<number>): PlaybackStep => {
    const known = [...rows].map((row) => requests[row]!).filter((request) => firstAt(request) <= at);
    const text = JSON.stringify(known.map((request) => stateAt(request, at)));
    return { at, mode, bytes: new TextEncoder().encode(text) };
  };
  return ok({
    span: changes.span,
    stepAt: (at, sinceAt = Number.NEGATIVE_INFINITY) =>
      step(
        at,
        "full",
        Array.from(requests.keys()).filter((row) => lastAt(requests[row]!, at) >= sinceAt),
      ),
    *stepsBetween(afterAt, untilAt) {
      for (const { at, rows } of changes.between(afterAt, untilAt)) yield step(at, "partial", rows);
    },
  });
}

function firstAt(request: ServiceRequest): number {
  const times = instantsOf(request);
  return times.length > 0 ? Math.min(...times) : Number.NEGATIVE_INFINITY;
}

/** The request's last word by `at`; one without instants has it always. */
function lastAt(request: ServiceRequest, at: number): number {
  const times = instantsOf(request);
  return times.length > 0 ? Math.max(...times.filter((instant) => instant <= at)) : Number.POSITIVE_INFINITY;
}

function instantsOf({ fields: { requestedAt, updatedAt, closedAt } }: ServiceRequest): number[] {
  return [requestedAt, updatedAt, closedAt].filter((at) => typeof at === "number");
}

function stateAt({ sourceId, fields, position }: ServiceRequest, at: number): Record<string, unknown> {
  const known = (instant: number | null | undefined): number | null =>
    typeof instant === "number" && instant <= at ? instant : null;
  const text = (instant: number | null | undefined): string | null =>
    typeof instant === "number" ? isoText(instant) : null;
  const isYetOpen = typeof fields.closedAt === "number" && fields.closedAt > at;
  return {
    service_request_id: sourceId,
    status: isYetOpen ? "open" : fields.status,
    service_code: fields.serviceCode,
    service_name: fields.serviceName,
    agency_responsible: fields.agencyResponsible,
    source: fields.source,
    address: fields.address,
    requested_datetime: text(known(fields.requestedAt)),
    updated_datetime: text(known(fields.updatedAt)),
    expected_datetime: text(fields.expectedAt),
    closed_datetime: text(known(fields.closedAt)),
    ...(position ? { lat: position[1], long: position[0] } : {}),
  };
}
