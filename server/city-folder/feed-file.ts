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
  switch (transport.type) {
    case "poll":
      return toPoll(transport, cadenceSeconds, around);
    case "probe": {
      const { everySeconds = cadenceSeconds, maxBytes } = transport;
      const services = transport.services.map((service) => toProbed(service, around));
      const isSimulated = services.some(({ outgoing }) => outgoing !== around.outgoing);
      return {
        type: "probe",
        services,
        isSimulated,
        everySeconds: isSimulated
          ? Math.max(shortestPollSeconds, everySeconds / around.simulator.speed)
          : everySeconds,
        maxBytes,
      };
    }
    case "query": {
      const { connection, sql, everySeconds = cadenceSeconds } = transport;
      return {
        ...transport,
        connection: secretFrom(connection.env, around.env),
        sql: typeof sql === "string" ? sql : (findStatement(around.dir, sql.file) ?? ""),
        everySeconds,
        outgoing: around.outgoing,
      };
    }
    case "receive": {
      const { reconcile, maxBytes } = transport;
      return {
        type: "receive",
        bearer: transport.bearer ? secretFrom(transport.bearer.env, around.env) : null,
        hmac: transport.hmac ? secretFrom(transport.hmac.env, around.env) : null,
        maxBytes,
        reconcile: reconcile ? toPoll({ ...reconcile, maxBytes }, cadenceSeconds, around) : null,
      };
    }
    case "subscribe": {
      const { url, username, password, ca, cert, key, clientId, ...rest } = transport;
      const secretOf = (name: { env: string }): Secret => secretFrom(name.env, around.env);
      const fileOf = (path: string | undefined): string | null =>
        path === undefined ? null : resolve(around.dir, path);
      return {
        ...rest,
        isSimulated: typeof url !== "string",
        url: typeof url === "string" ? url : around.simulator.brokerUrl,
        outgoing:
          typeof url === "string"
            ? around.outgoing
            : { ...around.outgoing, allowHosts: [new URL(around.simulator.brokerUrl).host] },
        username: typeof username === "object" ? secretOf(username) : (username ?? null),
        password: password ? secretOf(password) : null,
        ca: fileOf(ca),
        cert: fileOf(cert),
        key: fileOf(key),
        clientId: clientId ?? null,
      };
    }
    case "listen": {
      const { certificate, key, clientCa } = transport;
      const inFolder = (path: string | undefined): string | null =>
        path === undefined ? null : resolve(around.dir, path);
      return {
        ...transport,
        certificate: inFolder(certificate),
        key: inFolder(key),
        clientCa: inFolder(clientCa),
      };
    }
    case "file":
      return {
        ...transport,
        files: transport.files.map(({ name, path }) => ({ name, path: resolve(around.dir, path) })),
      };
    case "replay":
      return {
        type: "replay",
        recordings: transport.recordings.map(({ name, path }) => ({
          name,
          path: recordingPath(around.recordings, path) ?? path,
        })),
        fromAt: momentAt(transport.from, around.zone),
        toAt: momentAt(transport.to, around.zone),
        loop: transport.loop,
        maxBytes: transport.maxBytes,
      };
  }
}

type ProbedServiceFile = (FeedFile["transport"] & { readonly type: "probe" })["services"][number];

function toProbed({ url, ...service }: ProbedServiceFile, around: FeedSurroundings): ProbedService {
  const { simulator, outgoing } = around;
  if (typeof url === "string") return { ...service, url, speed: 1, outgoing };
  return {
    ...service,
    url: simulator.url + url.simulator,
    speed: simulator.speed,
    outgoing: toSimulator(around),
  };
}

/** The simulator is on this machine: what it stands in for may reach it, and nothing else inside. */
function toSimulator({ simulator, outgoing }: FeedSurroundings): Outgoing {
  return { ...outgoing, allowHosts: [new URL(simulator.url).host] };
}

/** The statement in a file of the city folder; `null` when it cannot be read, which `checkFeeds` says. */
export function findStatement(dir: string, file: string): string | null {
  try {
    return readFileSync(resolve(dir, file), "utf8");
  } catch {
    return null;
  }
}

type PollFile = Omit<FeedFile["transport"] & { readonly type: "poll" }, "type">;

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
    everySeconds: isSimulated ? Math.max(shortestPollSeconds, everySeconds / simulator.speed) : everySeconds,
    speed: isSimulated ? simulator.speed : 1,
    outgoing: isSimulated ? toSimulator(around) : around.outgoing,
    headers: Object.fromEntries(
      Object.entries(file.headers).map(([name, value]) => [
        name,
        typeof value === "string" ? value : secretFrom(value.env, around.env),
      ]),
    ),
  };
}

/** Asking for a secret that the environment does not have is a broken setting: the feed fails, and says which. */
function secretFrom(name: string, env: FeedSurroundings["env"]): Secret {
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
