/** `/api/v1/events`: what happened in a stretch of time, for marks over figures. */

import type { Hono } from "hono";
import { z } from "zod";
import { cityEventKinds, type CityEvent, type ClosedByWorks } from "../../shared/city-event.ts";
import type { Text } from "../../shared/city.ts";
import type { Entity, EntityOf } from "../../shared/entity.ts";
import type { FeedStatus } from "../../shared/feed.ts";
import type { Kind } from "../../shared/kinds.ts";
import type { AreaIndex } from "../core/city/areas.ts";
import type { KnownAs } from "../../shared/protocol.ts";
import { fail } from "../../shared/result.ts";
import { instantText, readPastInstant, readStretch, shown, type Stretch } from "./instants.ts";
import { findUnknown, type QueryParameters } from "./parameters.ts";
import { Unanswered, type Past } from "./past.ts";
import { badParameter } from "./problem.ts";

const dayMs = 86_400_000;

export const eventParameters = {
  from: { description: `${instantText}; a day before \`to\` unless said.`, schema: z.string() },
  to: { description: `${instantText}, exclusive; now unless said.`, schema: z.string() },
  asOf: { description: `${instantText}: only what was known then; now unless said.`, schema: z.string() },
  kinds: {
    description: `Only of these kinds, with commas between them: ${cityEventKinds.join(", ")}.`,
    schema: z.string(),
  },
} as const satisfies QueryParameters;

export interface EventSource {
  readonly past: Pick<Past, "moments" | "cityAt">;
  readonly zone: () => string;
  /** City time. */
  readonly now: () => number;
  readonly feeds: () => readonly FeedStatus[];
  /** Of now. */
  readonly entities: (kind: Kind) => Iterable<Entity>;
  readonly areas: () => AreaIndex;
}

export function serveEvents(app: Hono, source: EventSource): void {
  app.get("/api/v1/events", async (c) => {
    const query = c.req.query();
    const unknown = findUnknown(query, eventParameters);
    const stretch = unknown ? fail(unknown) : readStretch(query, source.now(), source.zone(), dayMs);
    if (!stretch.ok) return badParameter(c, stretch.failure);
    const asOf = readPastInstant("asOf", query["asOf"], source.now(), source.zone());
    if (!asOf.ok) return badParameter(c, asOf.failure);
    const kinds = query["kinds"]?.split(",") ?? cityEventKinds;
    const wrong = kinds.find((kind) => !cityEventKinds.some((one) => one === kind));
    if (wrong !== undefined)
      return badParameter(c, { parameter: "kinds", detail: `kinds: "${shown(wrong)}" is no kind of event` });
    const events = await eventsIn(stretch.value, source, asOf.value, c.req.raw.signal);
    return c.json(events.filter(({ kind }) => kinds.includes(kind)));
  });
}

const lasting = ["CapAlert", "WorkZone"] as const satisfies readonly Kind[];

/** What was learnt in the last minute may not be on disk yet: memory tells it. */
const inMemoryMs = 60_000;

/**
 * In the order in which they begin. Of what lasts, that which was known at the beginning, at the end or now. `asOf`: of
 * what was known by then alone; `null`: by what is known now.
 */
export async function eventsIn(
  stretch: Stretch,
  { past, now, feeds, entities, areas }: Omit<EventSource, "zone">,
  asOf: number | null,
  signal: AbortSignal,
): Promise<CityEvent[]> {
  const moments = await past.moments(stretch, signal);
  const things = new Map<string, Entity>();
  const seenAt = new Map<string, number>();
  const see = (one: Entity, at: number): void => {
    things.set(one.id, one);
    seenAt.set(one.id, at);
  };
  const isNow = asOf === null || asOf > now() - inMemoryMs;
  const known = asOf === null ? "now" : "then";
  const passed = [stretch.fromAt, stretch.toAt].filter((at) => at < (asOf ?? now()));
  for (const at of isNow ? passed : [...passed, asOf])
    for (const all of (await thingsAt(past, at, known, signal)).values()) for (const one of all) see(one, at);
  if (isNow) for (const kind of lasting) for (const one of entities(kind)) see(one, now());
  const lastingThings = eventsOf(things.values(), feeds(), areas()).map((event) =>
    asSeen(event, seenAt.get(event.subject)!),
  );
  return [
    ...moments
      .filter(({ at }) => asOf === null || at <= asOf)
      .map((moment): CityEvent => ({ ...moment, endsAt: null })),
    ...lastingThings.filter(
      ({ at, endsAt }) => at < stretch.toAt && (endsAt === null || endsAt > stretch.fromAt),
    ),
  ].toSorted((a, b) => a.at - b.at);
}

/** Works that were not there any more when they had begun may have been withdrawn: they closed nothing that is known. */
function asSeen({ works, ...event }: CityEvent, seenAt: number): CityEvent {
  return works && event.at <= seenAt ? { ...event, works } : event;
}

/** The warnings and works that are known now. */
export function lastingEvents(
  entities: EventSource["entities"],
  feeds: Departments,
  areas: AreaIndex,
): CityEvent[] {
  return lasting.flatMap((kind) => eventsOf(entities(kind), feeds, areas));
}

/** Whose each feed is. */
type Departments = readonly { readonly id: string; readonly department: string }[];

function eventsOf(things: Iterable<Entity>, feeds: Departments, areas: AreaIndex): CityEvent[] {
  const departments = new Map(feeds.map(({ id, department }) => [id, department]));
  return Array.from(things).flatMap((one) => eventOf(one, departments.get(one.feedId) ?? null, areas));
}

/** Nothing while the history is away: what is there now is still told. */
async function thingsAt(
  past: EventSource["past"],
  at: number,
  known: KnownAs,
  signal: AbortSignal,
): Promise<ReadonlyMap<Kind, readonly Entity[]>> {
  try {
    return (await past.cityAt(at, known, lasting, signal)).entities;
  } catch (error) {
    if (error instanceof Unanswered && error.why === "away") return new Map();
    throw error;
  }
}

/** An alert's or works' time; nothing for one whose beginning nobody has said. */
function eventOf(entity: Entity, department: string | null, areas: AreaIndex): CityEvent[] {
  const { id, kind, fields } = entity;
  if (kind === "WorkZone") {
    const at = instantIn(fields["startsAt"]);
    if (at === null) return [];
    const text = textOf(fields["name"], null);
    const endsAt = instantIn(fields["endsAt"]);
    const works = closedBy(entity, areas);
    return [
      { kind: "works", at, endsAt, subject: id, department, value: null, text, ...(works && { works }) },
    ];
  }
  if (kind !== "CapAlert" || fields["status"] !== "Actual") return [];
  const at = instantIn(fields["onsetAt"]) ?? instantIn(fields["effectiveAt"]) ?? instantIn(fields["sentAt"]);
  if (at === null) return [];
  const text = textOf(fields["headline"] ?? fields["event"], fields["headlineZh"]);
  return [
    { kind: "alert", at, endsAt: instantIn(fields["expiresAt"]), subject: id, department, value: null, text },
  ];
}

const closing: Readonly<Record<string, ClosedByWorks["closes"]>> = {
  "all-lanes-closed": "road",
  "some-lanes-closed": "lanes",
};

/** Of WZDx, EventStatus: works that are not there yet, whatever their start, or will not be. */
const notBegun: ReadonlySet<string | null | undefined> = new Set(["planned", "pending", "cancelled"]);

/** What works close on roads that have a name; `null` of detours, of what water closes, and of works beside a road. */
function closedBy(
  { fields, position, geometry }: EntityOf<"WorkZone">,
  areas: AreaIndex,
): ClosedByWorks | null {
  const { eventType, vehicleImpact, roadNames, status } = fields;
  const closes = closing[vehicleImpact ?? ""];
  const isWorks = (eventType ?? "work-zone") === "work-zone" && !notBegun.has(status);
  if (!isWorks || closes === undefined || !roadNames || roadNames.length === 0) return null;
  return { closes, roads: roadNames, areas: areas.locate(position, geometry).flatMap((key) => key ?? []) };
}

function instantIn(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function textOf(en: unknown, zh: unknown): Text | null {
  return typeof en === "string" ? { en, zh: typeof zh === "string" ? zh : en } : null;
}
