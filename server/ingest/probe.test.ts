import { once } from "node:events";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { eventually, rig, temporaryFolder, type Rig } from "../../test/feed-rig.ts";
import type { ProbedService } from "../core/feeds/feed-entry.ts";
import { connectorFor } from "../core/feeds/index.ts";
import { startFeed } from "./intake.ts";
import type { FeedWiring } from "./wiring.ts";

const pem = (name: string): Buffer =>
  readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url));

/** Whom the machine trusts: `expired` is trusted, so that only its date is wrong. */
beforeAll(() => {
  setDefaultCACertificates([...getCACertificates("default"), pem("expired").toString()]);
});

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    if ("closeAllConnections" in server) (server.closeAllConnections as () => void)();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function site(handler: RequestListener): Promise<string> {
  return `http://${await listen(createServer(handler))}/`;
}

function service(url: string, more: Partial<ProbedService> = {}): ProbedService {
  return {
    id: "portal",
    name: { en: "Portal", zh: "门户" },
    url,
    method: "GET",
    status: 200,
    text: null,
    timeoutSeconds: 2,
    speed: 1,
    outgoing: { allowHosts: ["127.0.0.1"], userAgent: "Citydeck/test (+https://city.example)" },
    ...more,
  };
}

interface Probing {
  readonly services: readonly ProbedService[];
  readonly everySeconds?: number;
  readonly maxBytes?: number;
}

async function probing({ services, everySeconds = 60, maxBytes = 1_000 }: Probing): Promise<Rig> {
  const wiring: Partial<FeedWiring> = { connector: connectorFor("probe") };
  const transport = { type: "probe", services, everySeconds, maxBytes, isSimulated: false } as const;
  const city = await rig(transport, wiring);
  const feed = startFeed(city.wiring);
  onTestFinished(() => feed.stop());
  await feed.ready;
  return city;
}

/** What the first round says of each service. */
async function round(probed: Probing): Promise<readonly object[]> {
  const city = await probing(probed);
  await eventually(() => expect(city.delivered.length).toBeGreaterThan(0));
  return city.delivered[0]!.update.entities.map(({ fields }) => fields);
}

async function probe(url: string, more: Partial<ProbedService> = {}): Promise<object> {
  const city = await probing({ services: [service(url, more)] });
  await eventually(() => expect(city.delivered.length).toBeGreaterThan(0));
  const { entities, notices } = city.delivered[0]!.update;
  return { ...entities[0]!.fields, notice: notices[0]?.example };
}

// Vitest types its matchers as any.
const containing = (text: string): unknown => expect.stringContaining(text);

test("a service that answers as expected is available, and how long it took is known", async () => {
  const url = await site((_request, response) => setTimeout(() => response.end("welcome"), 60));
  const found = (await probe(url)) as { responseSeconds: number };
  expect(found).toMatchObject({
    name: "Portal",
    nameZh: "门户",
    isAvailable: true,
    reason: null,
    status: 200,
    certificateExpiresAt: null,
  });
  expect(found.responseSeconds).toBeGreaterThan(0.055);
  expect(found.responseSeconds).toBeLessThan(2);
});

test("says who asks, and brings no cookies", async () => {
  const seen: object[] = [];
  const url = await site(({ method, headers, url: path }, response) => {
    seen.push({ method, path, agent: headers["user-agent"], cookie: headers.cookie });
    if (path === "/") response.writeHead(302, { location: "/home", "set-cookie": "a=b" }).end();
    else response.writeHead(200, { "set-cookie": "c=d" }).end("home");
  });
  expect(await probe(url, { method: "HEAD" })).toMatchObject({ isAvailable: true, status: 200 });
  const agent = "Citydeck/test (+https://city.example)";
  expect(seen).toEqual([
    { method: "HEAD", path: "/", agent, cookie: undefined },
    { method: "HEAD", path: "/home", agent, cookie: undefined },
  ]);
});

test("a status that is expected is looked for, also when it is that of a redirect or an error", async () => {
  const url = await site((_request, response) => response.writeHead(301, { location: "/elsewhere" }).end());
  expect(await probe(url, { status: 301 })).toMatchObject({ isAvailable: true, status: 301 });
  const down = await site((_request, response) => response.writeHead(503).end("maintenance"));
  expect(await probe(down)).toMatchObject({
    isAvailable: false,
    reason: "status",
    status: 503,
    responseSeconds: null,
    notice: '"portal": status 503, expected 200',
  });
});

test("a text is looked for in the first bytes alone, in the page's own character set", async () => {
  const long = await site((_request, response) => response.end(`${"x".repeat(2_000)}welcome`));
  expect(await probe(long, { text: "welcome" })).toMatchObject({
    isAvailable: false,
    reason: "text",
    notice: containing('first 1000 bytes do not hold "welcome"'),
  });
  const early = await site((_request, response) => {
    response.write("welcome");
    // The rest never comes, and nobody waits for it.
    setTimeout(() => response.write("x".repeat(2_000)), 10);
  });
  expect(await probe(early, { text: "welcome" })).toMatchObject({ isAvailable: true });
  const chinese = await site((_request, response) =>
    response
      .writeHead(200, { "content-type": "text/html; charset=gb18030" })
      .end(Buffer.from([0xca, 0xd0, 0xd5, 0xfe])),
  );
  expect(await probe(chinese, { text: "市政" })).toMatchObject({ isAvailable: true });
  const packed = await site((_request, response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end("?"),
  );
  expect(await probe(packed, { text: "welcome" })).toMatchObject({
    reason: "text",
    notice: containing("gzip"),
  });
});

test("redirects end: in a circle, after five, and outside of HTTP", async () => {
  const circle = await site((_request, response) => response.writeHead(302, { location: "/" }).end());
  expect(await probe(circle)).toMatchObject({ reason: "redirect", notice: containing("circle") });
  let asked = 0;
  const far = await site(({ url }, response) => {
    asked++;
    response.writeHead(302, { location: `${url}a` }).end();
  });
  expect(await probe(far)).toMatchObject({ reason: "redirect", notice: containing("more than 5 redirects") });
  expect(asked).toBe(6);
  const file = await site((_request, response) => response.writeHead(302, { location: "file:///" }).end());
  expect(await probe(file)).toMatchObject({ reason: "redirect", notice: containing("not HTTP") });
});

test("a name that does not exist, a port where nobody listens, silence and noise are unavailable", async () => {
  expect(await probe("http://nothing.invalid/")).toMatchObject({ isAvailable: false, reason: "dns" });
  const closed = createServer();
  const address = await listen(closed);
  closed.close();
  expect(await probe(`http://${address}/`)).toMatchObject({ isAvailable: false, reason: "connection" });
  const silent = await site(() => undefined);
  expect(await probe(silent, { timeoutSeconds: 0.1 })).toMatchObject({
    isAvailable: false,
    reason: "timeout",
    responseSeconds: null,
    notice: containing("no answer within 0.1 s"),
  });
  const noise = createServer();
  noise.on("connection", (socket) => socket.end("220 mail.example ESMTP\r\n"));
  expect(await probe(`http://${await listen(noise)}/`)).toMatchObject({ isAvailable: false });
});

test("a certificate is read from the connection, accepted or not", async () => {
  let asked = 0;
  const secure = async (name: string): Promise<string> => {
    const server = createTlsServer({ key: pem(name), cert: pem(name) }, (_request, response) => {
      asked++;
      response.end("welcome");
    });
    return `https://${await listen(server)}/`;
  };
  const expired = await probe(await secure("expired"));
  expect(expired).toMatchObject({
    isAvailable: false,
    reason: "tls",
    certificateExpiresAt: Date.UTC(2020, 3, 1),
    notice: containing("CERT_HAS_EXPIRED"),
  });
  expect((expired as { certificateLeftSeconds: number }).certificateLeftSeconds).toBeLessThan(
    -6 * 365 * 86_400,
  );
  const unknown = await probe(await secure("self-signed"));
  expect(unknown).toMatchObject({
    isAvailable: false,
    reason: "tls",
    notice: containing("SELF_SIGNED_CERT"),
  });
  expect((unknown as { certificateExpiresAt: number }).certificateExpiresAt).toBeGreaterThan(
    Date.UTC(2126, 0),
  );
  expect(asked).toBe(0);
  setDefaultCACertificates([...getCACertificates("default"), pem("self-signed").toString()]);
  expect(await probe(await secure("self-signed"))).toMatchObject({
    isAvailable: true,
    certificateExpiresAt: (unknown as { certificateExpiresAt: number }).certificateExpiresAt,
  });
  const otherName = (await secure("self-signed")).replace("127.0.0.1", "localhost");
  const outgoing = { allowHosts: ["localhost"], userAgent: "x" };
  expect(await probe(otherName, { outgoing })).toMatchObject({
    isAvailable: false,
    reason: "tls",
    notice: containing("ALTNAME"),
  });
});

test("an address inside is not asked, and nothing is said of the service", async () => {
  let asked = 0;
  const inner = await site((_request, response) => {
    asked++;
    response.end();
  });
  const outgoing = { allowHosts: [], userAgent: "x" };
  expect(await probe(inner, { outgoing })).toMatchObject({
    isAvailable: null,
    reason: "not-allowed",
    notice: containing('name "127.0.0.1" in "allowHosts"'),
  });
  const redirecting = await site((_request, response) =>
    response.writeHead(302, { location: inner.replace("127.0.0.1", "127.0.0.2") }).end(),
  );
  expect(await probe(redirecting)).toMatchObject({ isAvailable: null, reason: "not-allowed" });
  expect(asked).toBe(0);
});

test("a host is asked one question at a time, hosts at the same time, and a hung one holds up no other", async () => {
  let [busy, most] = [0, 0];
  const handler: RequestListener = (_request, response) => {
    most = Math.max(most, ++busy);
    setTimeout(() => {
      busy--;
      response.end();
    }, 40);
  };
  const url = await site(handler);
  const other = await site((_request, response) => setTimeout(() => response.end(), 40));
  const many = Array.from({ length: 5 }, (_, i) => service(`${url}${i}`, { id: `a${i}` }));
  const startedAt = performance.now();
  const found = await round({ services: [...many, service(other, { id: "b" })] });
  expect(found.map((fields) => "isAvailable" in fields && fields.isAvailable)).toEqual(Array(6).fill(true));
  expect(most).toBe(1);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test("rounds come again and again, each whole, and are there after a restart", async () => {
  let isUp = true;
  const url = await site((_request, response) => response.writeHead(isUp ? 200 : 500).end());
  const city = await probing({ services: [service(url)], everySeconds: 0.03 });
  await eventually(() => expect(city.delivered.length).toBeGreaterThan(1));
  isUp = false;
  const availability = () =>
    city.delivered.map(({ update }) => update.entities[0]!.fields as { isAvailable: boolean });
  await eventually(() => expect(availability().at(-1)).toMatchObject({ isAvailable: false }));
  expect(city.delivered.every(({ update }) => update.mode === "full")).toBe(true);
  expect(city.words.every(({ error }) => error === null)).toBe(true);
  const again = await rig(city.wiring.entry.transport, {
    connector: connectorFor("probe"),
    dataFolder: city.folder,
  });
  const feed = startFeed(again.wiring);
  onTestFinished(() => feed.stop());
  await feed.ready;
  expect(again.delivered[0]).toMatchObject({ restored: true });
});

test("recorded rounds are replayed like any feed's bodies", async () => {
  const folder = await temporaryFolder();
  const hour = Date.parse("2024-02-08T08:00:00Z");
  const recordings = await Promise.all(
    [true, false].map(async (isAvailable, i) => {
      const at = new Date(hour + i * 60_000).toISOString();
      const results = [{ id: "portal", name: { en: "Portal", zh: "门户" }, probedAt: at, isAvailable }];
      const path = join(folder, `${i}.json`);
      await writeFile(path, JSON.stringify({ startedAt: at, endedAt: at, results }));
      return { name: "body", path };
    }),
  );
  const window = { fromAt: hour, toAt: hour + 300_000, loop: false, maxBytes: 10_000 };
  const city = await rig({ type: "replay", recordings, ...window }, { connector: connectorFor("probe") });
  const feed = startFeed(city.wiring);
  onTestFinished(() => feed.stop());
  const weeks = 52 * 7 * 86_400_000;
  await feed.replay!.advanceTo(hour + weeks + 30_000);
  await feed.replay!.advanceTo(hour + weeks + 90_000);
  expect(city.delivered.map(({ update }) => update.entities[0])).toMatchObject([
    { observedAt: hour + weeks, fields: { isAvailable: true } },
    { observedAt: hour + weeks + 60_000, fields: { isAvailable: false } },
  ]);
});

test("in a simulated city nothing is told before its present", async () => {
  let asked = 0;
  const url = await site((_request, response) => {
    asked++;
    response.end();
  });
  const services = [service(url)];
  const transport = {
    type: "probe",
    services,
    everySeconds: 60,
    maxBytes: 1_000,
    isSimulated: true,
  } as const;
  const city = await rig(transport, { connector: connectorFor("probe") });
  const feed = startFeed(city.wiring);
  onTestFinished(() => feed.stop());
  await feed.ready;
  await feed.replay!.advanceTo(Date.now() - 3_600_000);
  await eventually(() => expect(asked).toBe(1));
  expect(city.delivered).toEqual([]);
  feed.replay!.follow();
  await eventually(() => expect(city.delivered).toHaveLength(1));
});

test("a stop in the middle of a round does not wait for it", async () => {
  const url = await site(() => undefined);
  const wiring: Partial<FeedWiring> = { connector: connectorFor("probe") };
  const services = [service(url, { timeoutSeconds: 30 })];
  const transport = {
    type: "probe",
    services,
    everySeconds: 60,
    maxBytes: 1_000,
    isSimulated: false,
  } as const;
  const city = await rig(transport, wiring);
  const feed = startFeed(city.wiring);
  await feed.ready;
  const startedAt = performance.now();
  await feed.stop();
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  expect(city.delivered).toEqual([]);
});
