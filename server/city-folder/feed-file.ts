/** From a checked feed file to the feed entry that the server works with: paths, instants, secrets, defaults. */

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { localToInstant } from "../../shared/city-time.ts";
import {
  MissingSecret,
  type FeedEntry,
  type Outgoing,
  type PollTransport,
  type ProbedService,
  type Secret,
  type Transport,
} from "../core/feeds/feed-entry.ts";
import type { FeedFile } from "./feed-schema.ts";
import { recordingPath } from "./recordings.ts";

export interface FeedSurroundings {
  readonly dir: string;
  readonly zone: string;
  readonly recordings: string;
  readonly simulator: Simulator;
  readonly outgoing: Outgoing;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What stands in for the suppliers of a simulated city. */
export interface Simulator {
  readonly url: string;
  /** Of its MQTT broker. */
  readonly brokerUrl: string;
  /** Of its database, with user and password. */
  readonly databaseUrl: string;
  /** Of its mail server; what it took is read at `/mailbox` of `url`. */
  readonly mailUrl: string;
  /** Its folder of files made beforehand, such as the basemap. */
  readonly dir: string;
  /** City seconds per wall second. */
  readonly speed: number;
}

const daySeconds = 86_400;
/** However fast a simulation runs, a feed is asked no more often than this. */
const shortestPollSeconds = 0.25;
/** However fast it runs, a value lasts as many seconds on the wall before it counts as stale. */
const shortestStaleSeconds = 4;

/** A limit on age, in city seconds, that a simulation at some speed can keep. */
export function staleAfter(seconds: number, { speed }: Pick<Simulator, "speed">): number {
  return speed === 1 ? seconds : Math.max(seconds, shortestStaleSeconds * speed);
}

export function toFeedEntry(file: FeedFile, around: FeedSurroundings): FeedEntry {
  const { $schema: _schema, version: _version, ...rest } = file;
  const staleAfterSeconds = staleAfter(file.staleAfterSeconds, around.simulator);
  return {
    ...rest,
    transport: toTransport(file, around),
    staleAfterSeconds,
    dropAfterSeconds: file.dropAfterSeconds ?? 10 * staleAfterSeconds,
    keepSeconds: file.keepSeconds ?? daySeconds,
  };
}

function toTransport({ transport, cadenceSeconds }: FeedFile, around: FeedSurroundings): Transport {
  const { dir, recordings, zone } = around;
  switch (transport.type) {
    case "poll":
      return toPoll(transport, cadenceSeconds, around);
    case "probe":
      return toProbe(transport, cadenceSeconds, around);
    case "query":
      return toQuery(transport, cadenceSeconds, around);
    case "receive":
      return toReceive(transport, cadenceSeconds, around);
    case "subscribe":
      return toSubscribe(transport, around);
    case "listen":
      return { ...transport, ...inFolder(dir, transport, ["certificate", "key", "clientCa"]) };
    case "file":
      return {
        ...transport,
        files: transport.files.map(({ name, path }) => ({ name, path: resolve(dir, path) })),
      };
    case "replay": {
      const { from, to, ...rest } = transport;
      return {
        ...rest,
        recordings: transport.recordings.map(({ name, path }) => ({
          name,
          path: recordingPath(recordings, path) ?? path,
        })),
        fromAt: momentAt(from, zone),
        toAt: momentAt(to, zone),
      };
    }
  }
}

/** The transport of a feed's file. */
type In<T extends Transport["type"]> = FeedFile["transport"] & { readonly type: T };
type Out<T extends Transport["type"]> = Transport & { readonly type: T };

function toProbe(
  { everySeconds, maxBytes, ...transport }: In<"probe">,
  cadenceSeconds: number,
  around: FeedSurroundings,
): Out<"probe"> {
  const services = transport.services.map((service) => toProbed(service, around));
  const isSimulated = services.some(({ outgoing }) => outgoing !== around.outgoing);
  const every = paceOf(everySeconds ?? cadenceSeconds, isSimulated, around);
  return { type: "probe", services, isSimulated, everySeconds: every, maxBytes };
}

function toQuery(
  { connection, sql, everySeconds, ...rest }: In<"query">,
  cadenceSeconds: number,
  around: FeedSurroundings,
): Out<"query"> {
  const { dir, env, outgoing, simulator } = around;
  const isSimulated = "simulator" in connection;
  return {
    ...rest,
    isSimulated,
    connection: isSimulated ? () => simulator.databaseUrl : secretFrom(connection.env, env),
    sql: typeof sql === "string" ? sql : (findStatement(dir, sql.file) ?? ""),
    everySeconds: paceOf(everySeconds ?? cadenceSeconds, isSimulated, around),
    outgoing: isSimulated ? toSimulator(simulator.databaseUrl, outgoing) : outgoing,
  };
}

function toReceive(
  { bearer, hmac, maxBytes, reconcile }: In<"receive">,
  cadenceSeconds: number,
  around: FeedSurroundings,
): Out<"receive"> {
  return {
    type: "receive",
    bearer: bearer ? secretFrom(bearer.env, around.env) : null,
    hmac: hmac ? secretFrom(hmac.env, around.env) : null,
    acceptsV1: hmac?.acceptsV1 ?? false,
    maxBytes,
    reconcile: reconcile ? toPoll({ ...reconcile, maxBytes }, cadenceSeconds, around) : null,
  };
}

function toSubscribe(
  { url, username, password, clientId, ...rest }: In<"subscribe">,
  { dir, env, outgoing, simulator }: FeedSurroundings,
): Out<"subscribe"> {
  const isSimulated = typeof url !== "string";
  return {
    ...rest,
    ...inFolder(dir, rest, ["ca", "cert", "key"]),
    isSimulated,
    url: isSimulated ? simulator.brokerUrl : url,
    outgoing: isSimulated ? toSimulator(simulator.brokerUrl, outgoing) : outgoing,
    username: typeof username === "object" ? secretFrom(username.env, env) : (username ?? null),
    password: password ? secretFrom(password.env, env) : null,
    clientId: clientId ?? null,
  };
}

/** The absolute paths of files that are named from the city folder; `null` for those that are not. */
function inFolder<K extends string>(
  dir: string,
  named: Partial<Readonly<Record<K, string>>>,
  keys: readonly K[],
): Record<K, string | null> {
  const paths = keys.map((key) => [key, named[key] === undefined ? null : resolve(dir, named[key])]);
  return Object.fromEntries(paths) as Record<K, string | null>;
}

/** Wall seconds from one round to the next: a simulation asks as much faster as its time passes. */
function paceOf(everySeconds: number, isSimulated: boolean, { simulator }: FeedSurroundings): number {
  return isSimulated ? Math.max(shortestPollSeconds, everySeconds / simulator.speed) : everySeconds;
}

function toProbed(
  { url, ...service }: In<"probe">["services"][number],
  around: FeedSurroundings,
): ProbedService {
  const { simulator, outgoing } = around;
  if (typeof url === "string") return { ...service, url, speed: 1, outgoing };
  return {
    ...service,
    url: simulator.url + url.simulator,
    speed: simulator.speed,
    outgoing: toSimulator(simulator.url, outgoing),
  };
}

/** The simulator is on this machine: what it stands in for may reach it, and nothing else inside. */
function toSimulator(url: string, outgoing: Outgoing): Outgoing {
  return { ...outgoing, allowHosts: [new URL(url).host] };
}

/** The statement in a file of the city folder; `null` when it cannot be read, which `checkFeeds` says. */
export function findStatement(dir: string, file: string): string | null {
  try {
    return readFileSync(resolve(dir, file), "utf8");
  } catch {
    return null;
  }
}

type PollFile = Omit<In<"poll">, "type">;

function toPoll(file: PollFile, cadenceSeconds: number, around: FeedSurroundings): PollTransport {
  const { url, everySeconds = cadenceSeconds, timeoutSeconds, maxBytes } = file;
  const { simulator } = around;
  const isSimulated = typeof url !== "string";
  return {
    type: "poll",
    timeoutSeconds,
    maxBytes,
    isSimulated,
    url: isSimulated ? simulator.url + url.simulator : url,
    everySeconds: paceOf(everySeconds, isSimulated, around),
    speed: isSimulated ? simulator.speed : 1,
    outgoing: isSimulated ? toSimulator(simulator.url, around.outgoing) : around.outgoing,
    headers: Object.fromEntries(
      Object.entries(file.headers).map(([name, value]) => [
        name,
        typeof value === "string" ? value : secretFrom(value.env, around.env),
      ]),
    ),
  };
}

/** Asking for a secret that the environment does not have is a broken setting: the feed fails, and says which. */
export function secretFrom(name: string, env: FeedSurroundings["env"]): Secret {
  return () => {
    const value = env[name];
    if (!value) throw new MissingSecret(`the environment variable ${name} is not set`);
    return value;
  };
}

/** The instant of `2020-04-07T00:00` in the zone, or of a time with an offset. NaN when there is no such date. */
export function momentAt(moment: string, zone: string): number {
  if (/(Z|[+-]\d\d:\d\d)$/.test(moment)) return Date.parse(moment);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = moment.split(/[-T:]/).map(Number);
  try {
    return localToInstant({ year, month, day, hour, minute, second }, zone);
  } catch {
    return NaN;
  }
}
