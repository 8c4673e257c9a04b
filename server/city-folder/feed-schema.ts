/** `feeds/<id>.json`. What a spec's `options` may say is in `feed-options.ts`. */

import { isIP } from "node:net";
import { z } from "zod";
import { kinds, type Kind } from "../../shared/kinds.ts";
import { allowedKinds } from "../core/feeds/forbidden.ts";
import { findConnector } from "../core/feeds/index.ts";
import { dottedId, fileHead, nonBlank, positiveSeconds, slug, text } from "./words.ts";
import { feedOptions } from "./feed-options.ts";

export const secret = z.strictObject({
  /** The environment variable that holds it. */
  env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: "the name of an environment variable" }),
});

const maxBytes = z
  .int()
  .positive()
  .default(64 * 1024 * 1024);

export const webUrl = z.url({ protocol: /^https?$/, error: "a URL with http or https" });

const url = z.union(
  [
    webUrl,
    /** A path that the city's simulator answers. */
    z.strictObject({ simulator: z.string().startsWith("/") }),
  ],
  { error: 'a URL with http or https, or { "simulator": "/path" }' },
);

/** A city's local time, or an instant with its offset. */
export const moment = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?$/, {
    error: 'a time of the city such as "2020-04-07T00:00", or an instant such as "2020-04-07T07:00:00Z"',
  });

const asking = {
  everySeconds: positiveSeconds.exactOptional(),
  timeoutSeconds: positiveSeconds.default(20),
  headers: z
    .record(nonBlank, z.union([z.string(), secret], { error: 'a text or { "env": "NAME" }' }))
    .default({}),
};

const poll = z.strictObject({ type: z.literal("poll"), url, maxBytes, ...asking });

const receive = z
  .strictObject({
    type: z.literal("receive"),
    bearer: secret.exactOptional(),
    hmac: secret.extend({ acceptsV1: z.boolean().exactOptional() }).exactOptional(),
    maxBytes,
    reconcile: z.strictObject({ url: webUrl, ...asking }).exactOptional(),
  })
  .refine((entry) => (entry.bearer === undefined) !== (entry.hmac === undefined), {
    error: 'exactly one of bearer and hmac, as { "env": "NAME" }',
  });

const brokerUrlText =
  'a URL with mqtt, mqtts, ws or wss and without user and password, which have keys of their own, or { "simulator": "mqtt" }';

const brokerUrl = z.union(
  [
    z
      .url({ protocol: /^(mqtts?|wss?)$/, error: brokerUrlText })
      .refine((text) => !/^\w+:\/\/[^/]*@/.test(text), { error: brokerUrlText }),
    /** The broker of the city's simulator. */
    z.strictObject({ simulator: z.literal("mqtt") }),
  ],
  { error: brokerUrlText },
);

const subscribe = z.strictObject({
  type: z.literal("subscribe"),
  url: brokerUrl,
  topics: z.array(nonBlank).min(1),
  qos: z.union([z.literal(0), z.literal(1), z.literal(2)]).default(1),
  protocolVersion: z.enum(["3.1.1", "5.0"]).default("5.0"),
  username: z.union([nonBlank, secret], { error: 'a text or { "env": "NAME" }' }).exactOptional(),
  password: secret.exactOptional(),
  /** Paths from the city folder. */
  ca: nonBlank.exactOptional(),
  cert: nonBlank.exactOptional(),
  key: nonBlank.exactOptional(),
  clientId: nonBlank.exactOptional(),
  sessionExpirySeconds: z.int().min(0).max(0xfffffffe).default(0),
  timeoutSeconds: positiveSeconds.default(20),
  maxBytes: z
    .int()
    .positive()
    .default(1024 * 1024),
});

const file = z.strictObject({
  type: z.literal("file"),
  /** Paths from the city folder. */
  files: z.array(z.strictObject({ name: nonBlank, path: nonBlank })).min(1),
  /** Logs: only what was added is read. */
  appended: z.boolean().default(false),
  maxBytes,
});

const network = z.string().refine(isNetwork, { error: 'an address or a network such as "10.1.0.0/16"' });

const listen = z
  .strictObject({
    type: z.literal("listen"),
    protocol: z.enum(["udp", "tcp", "tls"]),
    /** Of this machine; `0.0.0.0` is all of it. */
    host: nonBlank.default("127.0.0.1"),
    port: z.int().min(1).max(65_535),
    /** Paths from the city folder, PEM. */
    certificate: nonBlank.exactOptional(),
    key: nonBlank.exactOptional(),
    clientCa: nonBlank.exactOptional(),
    from: z.array(network).default([]),
    maxConnections: z.int().positive().default(100),
    maxLineBytes: z.int().min(480).max(65_536).default(8_192),
    idleSeconds: positiveSeconds.default(600),
    linesPerSecond: z.number().positive().default(2_000),
    maxBytes,
  })
  .refine(
    ({ protocol, certificate, key }) =>
      (protocol === "tls") === (certificate !== undefined && key !== undefined),
    { error: "certificate and key with tls, and neither without" },
  );

const replay = z.strictObject({
  type: z.literal("replay"),
  /** Paths from the folder of recordings; a folder, or several of one name, are the same part at several times. */
  recordings: z.array(z.strictObject({ name: nonBlank, path: nonBlank })).min(1),
  from: moment,
  to: moment,
  loop: z.boolean().default(false),
  maxBytes,
});

const probedService = z
  .strictObject({
    id: slug,
    name: text,
    url,
    method: z.enum(["GET", "HEAD"]).default("GET"),
    /** The status that a working service answers with. A redirect is followed unless it is this one. */
    status: z.int().min(100).max(599).default(200),
    /** Must be in the first `maxBytes` of the answer. */
    text: nonBlank.nullable().default(null),
    timeoutSeconds: positiveSeconds.max(60).default(10),
  })
  .refine(({ method, text: wanted }) => method === "GET" || wanted === null, {
    error: "GET, because the answer to a HEAD holds no text",
    path: ["method"],
  });

const probe = z.strictObject({
  type: z.literal("probe"),
  services: z.array(probedService).min(1).max(50),
  everySeconds: z.number().min(10).exactOptional(),
  maxBytes: z
    .int()
    .positive()
    .max(1024 * 1024)
    .default(64 * 1024),
});

const query = z.strictObject({
  type: z.literal("query"),
  /** Holds `postgres://user:password@host:port/database`; or the database of the city's simulator. */
  connection: z.union([secret, z.strictObject({ simulator: z.literal("postgres") })], {
    error: '{ "env": "NAME" } or { "simulator": "postgres" }',
  }),
  /** One statement, or a file with it, by its path from the city folder. */
  sql: z.union([nonBlank, z.strictObject({ file: nonBlank })], {
    error: 'a statement, or { "file": "feeds/calls.sql" }',
  }),
  /** Ask for news alone: `$1` is the newest seen value of the column, less the overlap for times; NULL at first. */
  incremental: z
    .strictObject({ column: nonBlank, overlapSeconds: z.number().min(0).default(60) })
    .nullable()
    .default(null),
  everySeconds: z.number().min(1).exactOptional(),
  timeoutSeconds: positiveSeconds.default(20),
  maxRows: z.int().positive().max(1_000_000).default(50_000),
  maxBytes,
});

const transport = z.discriminatedUnion("type", [
  poll,
  receive,
  subscribe,
  listen,
  file,
  replay,
  probe,
  query,
]);

const percent = z.number().min(0).max(100).nullable().default(null);

/** An address, or a network by its first address and the length of its prefix (RFC 4632 §3.1, RFC 4291 §2.3). */
function isNetwork(text: string): boolean {
  const [, address = "", bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  return isIP(address) !== 0 && Number(bits ?? 0) <= (isIP(address) === 6 ? 128 : 32);
}

const feedBase = {
  ...fileHead,
  id: dottedId,
  title: text,
  transport,
  department: slug,
  supplier: slug.nullable().default(null),
  licence: nonBlank,
  attribution: nonBlank.nullable().default(null),
  cadenceSeconds: positiveSeconds,
  staleAfterSeconds: positiveSeconds,
  dropAfterSeconds: positiveSeconds.exactOptional(),
  keepSeconds: positiveSeconds.exactOptional(),
  agreement: z
    .strictObject({
      purpose: text,
      validUntil: z.iso.date({ error: 'a date such as "2027-12-31"' }).nullable().default(null),
      /** The contract's number or name. */
      contract: nonBlank.nullable().default(null),
      /** Notice was given: it ends for good on `validUntil`. */
      terminated: z.boolean().default(false),
      /** Kinds that the source may not pass on, whatever its bodies hold, and why. */
      forbids: z
        .strictObject({ kinds: z.array(z.enum(kinds)).min(1), reason: text })
        .nullable()
        .default(null),
      /** Promised shares of the minutes in which the feed is not down, and not older than `staleAfterSeconds`. */
      availabilityPercent: percent,
      freshnessPercent: percent,
      /** Promised share of the things that come through without an error. */
      completenessPercent: percent,
    })
    .nullable()
    .default(null),
  schedule: dottedId.nullable().default(null),
  keepBodiesDays: z.int().min(0).default(0),
  /** Why the feed is neither asked nor listened to for now: what is wrong is worse than nothing. */
  muted: nonBlank.nullable().default(null),
};

export const feedSchema = z.discriminatedUnion("spec", [
  z.strictObject({ ...feedBase, spec: z.literal("gbfs"), options: feedOptions.gbfs.prefault({}) }),
  z.strictObject({ ...feedBase, spec: z.literal("gtfs"), options: feedOptions.gtfs.prefault({}) }),
  z.strictObject({ ...feedBase, spec: z.literal("gtfs-rt"), options: feedOptions["gtfs-rt"].prefault({}) }),
  z.strictObject({ ...feedBase, spec: z.literal("table"), options: feedOptions.table }),
  z.strictObject({ ...feedBase, spec: z.literal("open311"), options: feedOptions.open311.prefault({}) }),
  z.strictObject({ ...feedBase, spec: z.literal("cap"), options: feedOptions.cap.prefault({}) }),
  z.strictObject({ ...feedBase, spec: z.literal("wzdx"), options: feedOptions.wzdx.prefault({}) }),
  z.strictObject({ ...feedBase, spec: z.literal("datex2"), options: feedOptions.datex2.prefault({}) }),
  z.strictObject({ ...feedBase, spec: z.literal("probe"), options: feedOptions.probe.prefault({}) }),
  z.strictObject({ ...feedBase, spec: z.literal("sql"), options: feedOptions.sql }),
  z.strictObject({ ...feedBase, spec: z.literal("mqtt"), options: feedOptions.mqtt }),
  z.strictObject({ ...feedBase, spec: z.literal("ngsi"), options: feedOptions.ngsi.prefault({}) }),
  z.strictObject({
    ...feedBase,
    spec: z.literal("sensorthings"),
    options: feedOptions.sensorthings.prefault({}),
  }),
  z.strictObject({ ...feedBase, spec: z.literal("line"), options: feedOptions.line.prefault({}) }),
  z.strictObject({ ...feedBase, spec: z.literal("log"), options: feedOptions.log.prefault({}) }),
]);

export type FeedFile = z.output<typeof feedSchema>;

/** The kinds a feed gives by its spec, its options and its agreement; `null` while its spec has no connector. */
export function kindsGiven(feed: FeedFile): readonly Kind[] | null {
  const gives = findConnector(feed.spec)?.gives(feed.options);
  return gives ? allowedKinds(gives, feed.agreement) : null;
}
