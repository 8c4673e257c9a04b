import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { join } from "node:path";
import { brotliCompressSync, createGzip, deflateSync, gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { eventually, lines, rig, temporaryFolder, type Rig } from "../../test/feed-rig.ts";
import { MissingSecret, type Transport } from "../core/feeds/feed-entry.ts";
import { gbfs } from "../core/feeds/gbfs/decode.ts";
import { parseRetryAfter } from "./http-get.ts";
import { startFeed } from "./intake.ts";
import type { FeedWiring } from "./wiring.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
type Poll = Transport & { readonly type: "poll" };

// Vitest types its matchers as any.
const containing = (text: string): unknown => expect.stringContaining(text);
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
const anyNumber: unknown = expect.any(Number);

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    if ("closeAllConnections" in server) (server.closeAllConnections as () => void)();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function source(handler: Handler): Promise<string> {
  return `http://${await listen(createServer(handler as RequestListener))}/feed`;
}

async function poll(
  url: string,
  transport: Partial<Poll> = {},
  more: Partial<FeedWiring> = {},
): Promise<Rig & { readonly stop: () => Promise<void> }> {
  const city = await rig(
    {
      type: "poll",
      speed: 1,
      isSimulated: false,
      url,
      everySeconds: 0.03,
      timeoutSeconds: 0.4,
      maxBytes: 100_000,
      headers: {},
      // As a city's own `allowHosts` would say.
      outgoing: { allowHosts: ["127.0.0.1"], userAgent: "Citydeck/test" },
      ...transport,
    },
    { random: () => 0, ...more },
  );
  const feed = startFeed(city.wiring);
  onTestFinished(() => feed.stop());
  await feed.ready;
  return { ...city, stop: () => feed.stop() };
}

/** The error that a feed shows when it asks `url`. */
async function errorOf(url: string, transport: Partial<Poll> = {}): Promise<object> {
  const city = await poll(url, transport);
  await eventually(() => expect(city.words.length).toBeGreaterThan(0));
  expect(city.delivered).toEqual([]);
  expect(city.words[0]?.good).toBeNull();
  return city.words[0]!.error!;
}

test("a secret that is not set is a fault of the settings, and nobody is asked", async () => {
  let asked = 0;
  const url = await source((_, response) => void response.end(String(asked++)));
  const secret = (): string => {
    throw new MissingSecret("the environment variable BIKES_KEY is not set");
  };
  expect(await errorOf(url, { headers: { "X-Key": secret } })).toMatchObject({
    class: "settings",
    message: "the environment variable BIKES_KEY is not set",
  });
  expect(asked).toBe(0);
});

test("polls again and again, and asks conditionally once it holds a body", async () => {
  const conditions: (string | undefined)[] = [];
  const url = await source((request, response) => {
    conditions.push(request.headers["if-none-match"]);
    if (request.headers["if-none-match"] === '"v1"') response.writeHead(304).end();
    else response.writeHead(200, { etag: '"v1"' }).end("sensor a 1");
  });
  const city = await poll(url);
  await eventually(() => expect(city.words.length).toBeGreaterThanOrEqual(3));
  expect(city.readings()).toEqual(["a=1"]);
  expect(conditions.slice(0, 3)).toEqual([undefined, '"v1"', '"v1"']);
  for (const word of city.words) expect(word).toMatchObject({ good: anyNumber, error: null });
});

test("asks with If-Modified-Since when the source gives only that", async () => {
  const modified = "Mon, 23 Nov 2026 10:00:00 GMT";
  const seen: (string | undefined)[] = [];
  const url = await source((request, response) => {
    seen.push(request.headers["if-modified-since"]);
    response.writeHead(200, { "last-modified": modified }).end("sensor a 1");
  });
  await poll(url);
  await eventually(() => expect(seen.slice(0, 2)).toEqual([undefined, modified]));
});

test("a 304 without a body held is no good word", async () => {
  const url = await source((_request, response) => response.writeHead(304).end());
  expect(await errorOf(url)).toMatchObject({ class: "http", message: containing("nothing is held") });
});

test.each([
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
  ["deflate", deflateSync],
  ["gzip, br", (text: string) => brotliCompressSync(gzipSync(text))],
] as const)("undoes %s", async (encoding, encode) => {
  const url = await source((_request, response) =>
    response.writeHead(200, { "content-encoding": encoding }).end(encode("sensor a 1")),
  );
  const city = await poll(url);
  await eventually(() => expect(city.readings()[0]).toBe("a=1"));
});

test("a gzip bomb is cut when more comes out than the feed may have", async () => {
  const zeros = Buffer.alloc(1 << 20);
  let sent = 0;
  const url = await source((_request, response) => {
    response.writeHead(200, { "content-encoding": "gzip" });
    const gzip = createGzip({ level: 1 });
    gzip.on("data", (chunk: Uint8Array) => void (sent += chunk.byteLength));
    gzip.pipe(response);
    const pump = (): void => {
      while (!response.destroyed && gzip.write(zeros));
      if (!response.destroyed) gzip.once("drain", pump);
    };
    pump();
  });
  const before = process.memoryUsage().rss;
  expect(await errorOf(url, { maxBytes: 1 << 20, timeoutSeconds: 5 })).toMatchObject({
    class: "too-large",
    message: containing("exceeds 1048576 bytes"),
  });
  expect(sent).toBeLessThan(8 << 20);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20);
});

test("broken and unknown content encodings are unreadable", async () => {
  const broken = await source((_request, response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end("sensor a 1"),
  );
  expect(await errorOf(broken)).toMatchObject({ class: "unreadable" });
  const unknown = await source((_request, response) =>
    response.writeHead(200, { "content-encoding": "rot13" }).end("x"),
  );
  expect(await errorOf(unknown)).toMatchObject({ class: "unreadable", message: containing("rot13") });
});

test("web pages and empty bodies with status 200 are unreadable and say so", async () => {
  const page = await source((_request, response) => response.end("<!doctype html><title>Log in</title>"));
  expect(await errorOf(page)).toMatchObject({ class: "unreadable", message: containing("Log in") });
  const empty = await source((_request, response) => response.writeHead(204).end());
  expect(await errorOf(empty)).toMatchObject({ class: "unreadable", message: "body: the body is empty" });
});

test("a source that never answers, one that drips and one that never ends all run into the time-out", async () => {
  const silent = await source(() => {});
  expect(await errorOf(silent)).toMatchObject({ class: "timeout", message: containing("no answer") });
  const drip = await source((_request, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write("s"), 20);
    response.on("close", () => clearInterval(timer));
  });
  expect(await errorOf(drip)).toMatchObject({
    class: "timeout",
    message: matching(/did not end after 0\.4 s \(\d+ bytes/),
  });
});

test("a body that never ends is cut at the limit", async () => {
  const url = await source((_request, response) => {
    const pump = (): void => {
      while (!response.destroyed && response.write("sensor a 1\n".repeat(1_000)));
      if (!response.destroyed) response.once("drain", pump);
    };
    pump();
  });
  expect(await errorOf(url, { timeoutSeconds: 5 })).toMatchObject({ class: "too-large" });
});

test("a connection that breaks in the middle of a body delivers nothing", async () => {
  const url = await source((_request, response) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write("sensor a 1", () => response.destroy());
  });
  expect(await errorOf(url)).toMatchObject({ class: "connection" });
});

test("follows redirects but not in circles, not for ever and not out of HTTP", async () => {
  const to = (location: string): Promise<string> =>
    source((request, response) => {
      const hop = Number(/\d+$/.exec(request.url ?? "")?.[0] ?? 0);
      response.writeHead(302, { location: location.replace("NEXT", `/${hop + 1}`) }).end();
    });
  expect(await errorOf(await to("/feed"))).toMatchObject({ class: "http", message: containing("circle") });
  expect(await errorOf(await to("NEXT"))).toMatchObject({ message: containing("more than 5 redirects") });
  expect(await errorOf(await to("file:///etc/passwd"))).toMatchObject({ message: containing("not HTTP") });
});

const nobody = { outgoing: { allowHosts: [], userAgent: "Citydeck/test" } };

test.each([
  ["127.0.0.1", "127.0.0.1 is a loopback address"],
  ["[::ffff:127.0.0.1]", "::ffff:7f00:1 is a loopback address"],
  ["0x7f.1", "127.0.0.1 is a loopback address"],
  ["localhost", /localhost leads to (127\.0\.0\.1|::1), a loopback address/],
  ["10.255.255.1", "10.255.255.1 is a private address"],
  ["169.254.169.254", "169.254.169.254 is a link-local or metadata address"],
])("%s is inside: nobody is asked, and the error says how to allow it", async (host, why) => {
  let asked = 0;
  const url = await source((_request, response) => {
    asked++;
    response.end("sensor a 1");
  });
  const error = (await errorOf(url.replace("127.0.0.1", host), nobody)) as { message: string };
  expect(error).toMatchObject({ class: "not-allowed", message: containing('in "allowHosts" of city.json') });
  expect(error.message).toMatch(why);
  expect(asked).toBe(0);
});

test("a redirect and a link of an allowed host lead no further inside", async () => {
  let asked = 0;
  const inner = await source((_request, response) => {
    asked++;
    response.end("sensor a 1");
  });
  const secret = inner.replace("127.0.0.1", "127.0.0.2");
  const redirecting = await source((_request, response) =>
    response.writeHead(302, { location: secret }).end(),
  );
  expect(await errorOf(redirecting)).toMatchObject({
    class: "not-allowed",
    message: containing("127.0.0.2 is a loopback address"),
  });
  const linking = await source((_request, response) => response.end(`follow status ${secret}`));
  const city = await poll(linking);
  await eventually(() =>
    expect(city.words.at(-1)?.error).toMatchObject({
      class: "not-allowed",
      message: containing("127.0.0.2"),
    }),
  );
  expect(asked).toBe(0);
});

test("a name is judged by the address that is connected to, each time anew", async () => {
  let asked = 0;
  const url = await source((_request, response) => {
    asked++;
    response.end("sensor a 1");
  });
  const port = Number(new URL(url).port);
  // The name's owner answers with whatever address it likes, here of the same machine.
  const addresses = ["192.168.0.7", "fe80::1", "127.0.0.1"];
  const lookup: FeedWiring["lookup"] = (_name, { all }, answer) => {
    const address = addresses.shift() ?? "127.0.0.1";
    const family = address.includes(":") ? 6 : 4;
    if (all === true) answer(null, [{ address, family }]);
    else answer(null, address, family);
  };
  const rebinding = `http://rebinding.example:${port}/feed`;
  const city = await poll(rebinding, { ...nobody, everySeconds: 0.01 }, { lookup });
  await eventually(() => expect(city.words.length).toBeGreaterThan(0));
  expect(city.words[0]?.error?.message).toContain(
    "rebinding.example leads to 192.168.0.7, a private address",
  );
  expect(asked).toBe(0);
  const outgoing = { ...nobody.outgoing, allowHosts: [`rebinding.example:${port}`] };
  const allowed = await poll(
    rebinding,
    { outgoing },
    {
      lookup: (name, options, answer) => {
        addresses.length = 0;
        lookup(name, options, answer);
      },
    },
  );
  await eventually(() => expect(allowed.readings()[0]).toBe("a=1"));
});

test("says who asks", async () => {
  let agent: string | undefined;
  const url = await source((request, response) => {
    agent = request.headers["user-agent"];
    response.end("sensor a 1");
  });
  const city = await poll(url);
  await eventually(() => expect(city.readings()[0]).toBe("a=1"));
  expect(agent).toBe("Citydeck/test");
});

test("secrets travel to the configured origin alone, and never into messages", async () => {
  const seen: (string | undefined)[] = [];
  const elsewhere = await source((request, response) => {
    seen.push(request.headers["x-api-key"] as string | undefined);
    response.end("sensor a 1");
  });
  const url = await source((request, response) => {
    seen.push(request.headers["x-api-key"] as string | undefined);
    response.writeHead(307, { location: elsewhere }).end();
  });
  const city = await poll(url, { headers: { "X-Api-Key": () => "hush" }, everySeconds: 60 });
  await eventually(() => expect(city.readings()).toEqual(["a=1"]));
  expect(seen).toEqual(["hush", undefined]);

  const refused = await source((_request, response) => response.writeHead(500).end());
  const error = JSON.stringify(await errorOf(`${refused}?key=hush`));
  expect(error).toContain("status 500");
  expect(error).not.toContain("hush");
});

test.each([
  [401, "unauthorized"],
  [403, "unauthorized"],
  [404, "http"],
  [500, "http"],
])("status %i is an error of class %s", async (status, errorClass) => {
  const url = await source((_request, response) => response.writeHead(status).end("sorry"));
  expect(await errorOf(url)).toMatchObject({ class: errorClass, message: containing(`status ${status}`) });
});

test("a name that does not exist, a port where nobody listens, a certificate that nobody signed", async () => {
  expect(await errorOf("http://nothing.invalid/feed", { timeoutSeconds: 5 })).toMatchObject({ class: "dns" });
  const closed = createServer();
  const address = await listen(closed);
  closed.close();
  expect(await errorOf(`http://${address}/`)).toMatchObject({ class: "connection" });
  const pem = await readFile(new URL("../../fixtures/tls/self-signed.pem", import.meta.url));
  const server = createTlsServer({ key: pem, cert: pem }, (_request, response) => response.end("sensor a 1"));
  expect(await errorOf(`https://${await listen(server)}/`)).toMatchObject({
    class: "tls",
    message: containing("DEPTH_ZERO_SELF_SIGNED_CERT"),
  });
});

test("waits as long as Retry-After says", async () => {
  const times: number[] = [];
  const url = await source((_request, response) => {
    times.push(performance.now());
    if (times.length === 1) response.writeHead(429, { "retry-after": "1" }).end();
    else response.end("sensor a 1");
  });
  const city = await poll(url);
  await eventually(() => expect(city.readings()[0]).toBe("a=1"));
  expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(990);
});

test("Retry-After is seconds or a date", () => {
  const now = Date.parse("2026-11-23T10:00:00Z");
  expect(parseRetryAfter("120", now)).toBe(120_000);
  expect(parseRetryAfter("Mon, 23 Nov 2026 10:00:30 GMT", now)).toBe(30_000);
  expect(parseRetryAfter("Mon, 23 Nov 2026 09:00:00 GMT", now)).toBe(0);
  expect(parseRetryAfter("soon", now)).toBeNull();
  expect(parseRetryAfter(null, now)).toBeNull();
});

test("recovers by itself when the source comes back", async () => {
  let asked = 0;
  const url = await source((_request, response) => {
    if (asked++ < 2) response.writeHead(503).end();
    else response.end("sensor a 1");
  });
  const city = await poll(url);
  await eventually(() => expect(city.readings().length).toBeGreaterThan(1));
  expect(city.words.at(-1)?.error).toBeNull();
});

test("follows links, also when the body that names them has not changed", async () => {
  let value = 0;
  const url = await source((request, response) => {
    if (request.url === "/status") return void response.end(`sensor a ${++value}`);
    if (request.headers["if-none-match"] === '"root"') return void response.writeHead(304).end();
    response.writeHead(200, { etag: '"root"' }).end(`follow status http://${request.headers.host}/status`);
  });
  const city = await poll(url);
  await eventually(() =>
    expect(
      city
        .readings()
        .filter((text) => text !== "")
        .slice(0, 3),
    ).toEqual(["a=1", "a=2", "a=3"]),
  );
});

test("what a body knew of a link comes back with the link's body, after a restart too", async () => {
  const url = await source((request, response) =>
    response.end(
      request.url === "/value" ? "carried a" : `follow value http://${request.headers.host}/value 0 7`,
    ),
  );
  const first = await poll(url);
  await eventually(() => expect(first.readings()).toContain("a=7"));
  await first.stop();
  const second = await poll(url, { everySeconds: 60 }, { dataFolder: first.folder });
  expect(second.delivered.find(({ text }) => text === "a=7")).toMatchObject({ restored: true });
});

test("the header that is configured takes the place of the connector's own, however it is written", async () => {
  const seen: unknown[] = [];
  const connector: typeof lines = {
    ...lines,
    next: ({ url }) => [{ name: "body", url: url ?? "", headers: { accept: "application/json" } }],
  };
  const url = await source((request, response) => {
    seen.push(request.headers["accept"]);
    response.end("sensor a 1");
  });
  const city = await poll(url, { headers: { Accept: "application/geo+json" } }, { connector });
  await eventually(() => expect(city.readings().length).toBeGreaterThan(0));
  expect(seen[0]).toBe("application/geo+json");
});

test("keeps its cursor across a restart, and an empty text forgets a key", async () => {
  const seen: unknown[] = [];
  const connector: typeof lines = {
    ...lines,
    next(feed, cursor) {
      seen.push(cursor);
      return lines.next(feed, cursor, 0);
    },
  };
  let body = "cursor newest 5\ncursor page 2\nsensor a 1";
  const url = await source((_request, response) => response.end(body));
  const first = await poll(url, {}, { connector });
  await eventually(() => expect(first.readings().length).toBeGreaterThan(0));
  await first.stop();
  body = "cursor page \nsensor a 1";
  const second = await poll(url, {}, { connector, dataFolder: first.folder });
  await eventually(() => expect(seen.at(-1)).toEqual({ newest: "5" }));
  await second.stop();
  expect(seen[0]).toBeNull();
  expect(seen).toContainEqual({ newest: "5", page: "2" });
  expect(second.delivered[0]).toMatchObject({ restored: true });
});

test("what a simulated source said of the past comes back after a restart, though the cursor is beyond it", async () => {
  const minuteMs = 60_000;
  const past = Date.now() - 30 * minuteMs;
  const url = await source((request, response) => {
    const at = new URL(request.url ?? "", "http://source").searchParams.get("at");
    response.end(`partial\ncursor newest ${at ?? "now"}\nsensor ${at === null ? "now" : "then"} 1`);
  });
  const first = await poll(url, { isSimulated: true });
  // `poll` starts a feed that waits to be told of the past; this one is told.
  await first.stop();
  const feed = startFeed(first.wiring);
  await feed.ready;
  await feed.replay!.advanceTo(past);
  feed.replay!.follow();
  await eventually(() => expect(first.readings()).toContain("now=1"));
  await feed.stop();
  const second = await poll(url, { isSimulated: true }, { dataFolder: first.folder });
  expect(second.delivered.map(({ text, restored }) => [text, restored]).slice(0, 2)).toEqual([
    ["then=1", true],
    ["now=1", true],
  ]);
});

test("a cursor file that was damaged is said and left behind", async () => {
  const dataFolder = await temporaryFolder();
  await mkdir(join(dataFolder, "feeds/sensors"), { recursive: true });
  await writeFile(join(dataFolder, "feeds/sensors/cursor.json"), "{torn");
  const url = await source((_request, response) => response.end("sensor a 1"));
  const city = await poll(url, {}, { dataFolder });
  await eventually(() => expect(city.readings()[0]).toBe("a=1"));
  expect(city.logged[0]?.text).toContain("cursor cannot be read");
});

test("a connector that throws while beginning a round is an error, and the next round is tried", async () => {
  let rounds = 0;
  const connector: typeof lines = {
    ...lines,
    next(feed, cursor) {
      if (rounds++ === 0) throw new Error("a broken assumption");
      return lines.next(feed, cursor, 0);
    },
  };
  const url = await source((_request, response) => response.end("sensor a 1"));
  const city = await poll(url, {}, { connector });
  await eventually(() => expect(city.readings()[0]).toBe("a=1"));
  expect(city.words[0]?.error?.class).toBe("crashed");
  expect(city.words.at(-1)?.error).toBeNull();
});

test("a link that failed and then vanished from its index is no trouble any more", async () => {
  let linked = true;
  const url = await source((request, response) => {
    if (request.url === "/gone") return void response.writeHead(404).end();
    const link = linked ? `follow gone http://${request.headers.host}/gone` : "sensor a 1";
    response.writeHead(200).end(link);
  });
  const city = await poll(url);
  await eventually(() => expect(city.words.at(-1)?.error).toMatchObject({ class: "http" }));
  linked = false;
  await eventually(() => expect(city.words.at(-1)).toMatchObject({ part: "body", error: null }));
});

test("a GBFS list that names a version which is gone leads to the one before it, and says what is dead", async () => {
  const bodyOf: Record<string, (root: string) => object> = {
    "/feed": (root) => ({
      versions: [
        { version: "2.3", url: `${root}/2.3` },
        { version: "3.0", url: `${root}/3.0` },
      ],
    }),
    "/2.3": (root) => ({ en: { feeds: [{ name: "station_status", url: `${root}/status` }] } }),
    "/status": () => ({ stations: [{ station_id: "quay", num_bikes_available: 4 }] }),
  };
  const url = await source((request, response) => {
    const data = bodyOf[request.url!]?.(`http://${request.headers.host}`);
    if (!data) return void response.writeHead(404).end();
    const last_updated = Math.floor(Date.now() / 1_000);
    response.end(JSON.stringify({ last_updated, ttl: 0, version: "2.3", data }));
  });
  const city = await poll(url, {}, { connector: gbfs });
  await eventually(() => {
    const things = city.delivered.flatMap(({ update }) => update.entities);
    expect(things).toContainEqual(expect.objectContaining({ sourceId: "quay" }));
  });
  expect(city.words.find(({ error }) => error)).toMatchObject({
    part: "gbfs 3.0",
    error: { class: "http", message: containing("/3.0") },
  });
});
