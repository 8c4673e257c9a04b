/** The OGC SensorThings API 1.1 (OGC 18-088): the newest observation of every stream, asked over HTTP or told by MQTT. */

import { entityId, type Observation } from "../../../../shared/entity.ts";
import { Notices } from "../../../../shared/notice.ts";
import { ok, type Result } from "../../../../shared/result.ts";
import { isObject, quote, type JsonObject } from "../body.ts";
import type { Connector, ConnectorFeed, Failure, Fetch, Part, Update } from "../connector.ts";
import { isOlder } from "../instant.ts";
import { newestOfEach } from "../newest-of-each.ts";
import { nextRound } from "./ask.ts";
import { idOf, readBody, type Body } from "./body.ts";
import { readObservation } from "./observation.ts";
import type { SensorThingsOptions } from "./options.ts";
import { pageAfterName } from "./path.ts";
import { nowhere, Streams, type Carry } from "./streams.ts";

export const sensorthings: Connector<SensorThingsOptions> = {
  spec: "sensorthings",
  gives: () => ["Sensor"],
  next: nextRound,
  decode: decodeAnswer,
};

/** The scope of single messages: they end nothing, and are about the sensors that they name alone. */
const messages = "messages";
/** What a round begins with; whatever follows may be missing from the next round without anybody saying so. */
const roots = new Set(["Things", "Datastreams"]);

type Feed = ConnectorFeed<SensorThingsOptions>;

function decodeAnswer(part: Part, feed: Feed, receivedAt: number): Result<Update, Failure> {
  const read = readBody(part);
  if (!read.ok) return read;
  const body = read.value;
  const notices = new Notices();
  const resolve = linkResolver(part, feed, notices);
  const streams = new Streams({ name: part.name, feed, receivedAt, notices, resolve });
  const observations: Observation[] = [];
  if (body.lost > 0)
    notices.add("sensorthings-no-entity", "error", "expected an entity, found something else", body.lost);
  const follow = readItems(body, part, resolve(body.nextLink), streams, (message) => {
    const told =
      body.collection === "Observations" ? readMessage(message, body, feed, receivedAt, notices) : null;
    if (told !== null) observations.push(told);
    else if (body.collection !== "Observations")
      notices.add("sensorthings-unused", "info", `${part.name}: no Observation in it, so no news of a value`);
  });
  const isMessage = !body.isList || (body.collection === "Observations" && part.carry === undefined);
  const isLater = body.path !== null && !roots.has(part.name);
  return ok({
    ...(isMessage
      ? { mode: "partial", scope: messages, speaksOf: [] }
      : { mode: "full", scope: part.name, ...(isLater ? { passing: true } : {}) }),
    version: /\/v(\d+\.\d+)(?:\/|$)/.exec(`/${part.url ?? part.name}`)?.[1] ?? null,
    publishedAt: null,
    entities: newestOfEach(streams.sensors, ({ sourceId }) =>
      notices.add(
        "sensorthings-duplicate-id",
        "warning",
        () => `stream ${quote(sourceId)}: twice in one body; the newest counts`,
      ),
    ),
    observations,
    notices: notices.list(),
    follow: [...follow, ...streams.follow],
  });
}

/** Reads what the body is a collection of, and says which page follows. */
function readItems(
  { collection, items, isList }: Body,
  part: Part,
  next: string | null,
  streams: Streams,
  tellOf: (message: JsonObject) => void,
): readonly Fetch[] {
  // Plain JSON that only `Streams` makes.
  const carry = part.carry as Carry | undefined;
  switch (collection) {
    case "Things":
      for (const thing of items) streams.readThing(thing);
      return pageAfter(part, next);
    case "Datastreams":
      for (const stream of items)
        if (isList || Array.isArray(stream["Observations"]))
          streams.readStream(stream, carry && "thing" in carry ? carry.thing : nowhere);
        else tellOf(stream);
      return pageAfter(part, next);
    case "Observations":
      if (carry && "stream" in carry) streams.readObservations(items, carry.stream, next);
      else items.forEach(tellOf);
      return [];
    case "Locations":
      if (carry && "placeless" in carry) streams.readLocations(items, carry.placeless, next);
      else items.forEach(tellOf);
      return [];
  }
}

function pageAfter({ name, carry }: Part, next: string | null): readonly Fetch[] {
  if (next === null) return [];
  const headers = { accept: "application/json" };
  return [{ name: pageAfterName(name), url: next, headers, ...(carry === undefined ? {} : { carry }) }];
}

/** An Observation by itself, as MQTT tells of it: without place and name, so a new value of a stream that is known. */
function readMessage(
  observation: JsonObject,
  { path }: Body,
  feed: Feed,
  receivedAt: number,
  notices: Notices,
): Observation | null {
  const stream = observation["Datastream"];
  const id =
    (isObject(stream) ? idOf(stream) : null) ??
    (path?.owner?.collection === "Datastreams" ? path.owner.id : null);
  if (id === null) {
    notices.add(
      "sensorthings-no-stream",
      "error",
      () =>
        `Observation ${quote(idOf(observation))}: expected its Datastream, expanded or in the topic; left out`,
    );
    return null;
  }
  const { value, observedAt } = readObservation(observation, receivedAt, (code, severity, text) =>
    notices.add(code, severity, () => `stream ${quote(id)}: ${text}`),
  );
  if (value === null || observedAt === null) return null;
  if (isOlder(observedAt, feed.options.maxAgeSeconds, receivedAt)) return null;
  return { entityId: entityId(feed.id, "Sensor", id), property: "result", value, observedAt, receivedAt };
}

/** Links lead where the answer came from; nothing is asked for of what was pushed or read from a file. */
function linkResolver(part: Part, feed: Feed, notices: Notices): (link: unknown) => string | null {
  return (link) => {
    if (typeof link !== "string" || link === "" || part.url === null || feed.url === null) return null;
    if (!URL.canParse(link, part.url)) {
      notices.add("sensorthings-bad-link", "error", `link ${quote(link)}, expected a URL`);
      return null;
    }
    const { href, origin } = new URL(link, part.url);
    if (href === part.url) {
      notices.add(
        "sensorthings-bad-link",
        "error",
        `link ${quote(href)} leads to itself, expected the next page`,
      );
      return null;
    }
    if (origin !== new URL(part.url).origin)
      notices.add(
        "sensorthings-foreign-link",
        "warning",
        `link to ${quote(origin)}, expected one to ${quote(new URL(part.url).origin)}`,
      );
    return href;
  };
}
