import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { eventually, lines, rig, temporaryFolder, type Rig } from "../../test/feed-rig.ts";
import { startFeed } from "./intake.ts";
import type { FeedWiring } from "./wiring.ts";
import { MissingSecret, type ReceiveTransport } from "../core/feeds/feed-entry.ts";
import type { Push, PushAnswer } from "./push.ts";

const wall = Date.parse("2026-11-23T12:00:00Z");

interface Receiving extends Rig {
  push(body: string | Uint8Array, headers?: Readonly<Record<string, string>>): Promise<PushAnswer>;
  pushBody(body: Push["body"], headers: Readonly<Record<string, string>>): Promise<PushAnswer>;
  stop(): Promise<void>;
}

async function receiving(
  transport: Partial<ReceiveTransport>,
  more: Partial<Omit<FeedWiring, "entry">> = {},
): Promise<Receiving> {
  const city = await rig(
    {
      type: "receive",
      bearer: null,
      hmac: null,
      acceptsV1: false,
      maxBytes: 1_000,
      reconcile: null,
      ...transport,
    },
    { wallNow: () => wall, ...more },
  );
  const feed = startFeed(city.wiring);
  onTestFinished(() => feed.stop());
  await feed.ready;
  const pushBody: Receiving["pushBody"] = (body, headers) =>
    feed.receive!({ header: (name) => headers[name], body });
  return {
    ...city,
    push: (body, headers = {}) => pushBody([Buffer.from(body)], headers),
    pushBody,
    stop: () => feed.stop(),
  };
}

const byToken = { bearer: () => "token" };
const token = { authorization: "Bearer token" };
const bySignature = { hmac: () => "shared secret" };

function signed(
  body: string | Uint8Array,
  at = wall,
  secret = "shared secret",
  headers: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const timestamp = String(Math.floor(at / 1_000));
  const { "x-part": part = "body", "content-encoding": encoding = "identity" } = headers;
  const text = `v2\n${timestamp}\n${part}\n${encoding}\n`;
  const signature = createHmac("sha256", secret).update(text).update(body).digest("hex");
  return { ...headers, "x-timestamp": timestamp, "x-signature": `v2=${signature}` };
}

/** As it was before part and encoding were signed. */
function signedV1(body: string | Uint8Array): Record<string, string> {
  const timestamp = String(Math.floor(wall / 1_000));
  const signature = createHmac("sha256", "shared secret").update(`${timestamp}.`).update(body).digest("hex");
  return { "x-timestamp": timestamp, "x-signature": `sha256=${signature}` };
}

test("a push with the feed's token is taken in and acknowledged", async () => {
  const city = await receiving(byToken);
  expect(await city.push("sensor a 1", token)).toEqual({ status: 202 });
  expect(city.readings()).toEqual(["a=1"]);
  expect(city.words).toMatchObject([{ error: null }]);
});

test.each([{}, { authorization: "Bearer other" }, { authorization: "token" }, signed("sensor a 1")])(
  "a push without the token is refused and not read: %o",
  async (headers) => {
    const city = await receiving(byToken);
    expect(await city.push("sensor a 1", headers)).toMatchObject({
      status: 401,
      problem: { type: "unauthorized" },
    });
    expect(city.delivered).toEqual([]);
  },
);

test("a feed whose secret is not set says so before anybody pushes, and takes nothing", async () => {
  const city = await receiving({
    bearer() {
      throw new MissingSecret("the environment variable PUSH_TOKEN is not set");
    },
  });
  const error = { class: "settings", message: "the environment variable PUSH_TOKEN is not set" };
  expect(city.words).toMatchObject([{ good: null, error }]);
  expect(await city.push("sensor a 1", token)).toMatchObject({
    status: 503,
    problem: { type: "not-set-up" },
  });
  expect(city.readings()).toEqual([]);
});

test("a muted feed takes nothing, brings nothing back and says why", async () => {
  const first = await receiving(byToken);
  await first.push("sensor a 1", token);
  await first.stop();
  const entry = { ...first.wiring.entry, muted: "half of the values are in feet" };
  const city = await rig(entry.transport, { dataFolder: first.folder, entry });
  const feed = startFeed(city.wiring);
  await feed.ready;
  const error = { class: "settings", message: "muted: half of the values are in feet" };
  expect(city.words).toMatchObject([{ good: null, error }]);
  const push = { header: () => "Bearer token", body: [Buffer.from("sensor a 2")] };
  expect(await feed.receive!(push)).toMatchObject({ status: 503, problem: { detail: error.message } });
  expect(city.readings()).toEqual([]);
});

test("a signed push is taken in; another body, secret or time is refused", async () => {
  const city = await receiving(bySignature);
  const headers = signed("sensor a 1");
  expect(await city.push("sensor a 1", headers)).toEqual({ status: 202 });
  expect(await city.push("sensor a 2", headers)).toMatchObject({ status: 401 });
  expect(await city.push("sensor a 2", signed("sensor a 2", wall, "guess"))).toMatchObject({ status: 401 });
  expect(await city.push("sensor a 2", { ...headers, "x-timestamp": "1" })).toMatchObject({ status: 401 });
  expect(await city.push("sensor a 2", token)).toMatchObject({ status: 401 });
  for (const off of [-301_000, 302_000])
    expect(await city.push("sensor a 2", signed("sensor a 2", wall + off))).toMatchObject({
      status: 401,
      problem: { type: "replayed" },
    });
  expect(city.readings()).toEqual(["a=1"]);
});

test("a signature is of the part and the encoding too: a body cannot be taken for another part's, or read otherwise", async () => {
  const city = await receiving(bySignature);
  const zipped = gzipSync("sensor a 1");
  const headers = signed(zipped, wall, "shared secret", { "x-part": "roads", "content-encoding": "gzip" });
  for (const changed of [{ "x-part": "rivers" }, { "content-encoding": "identity" }])
    expect(await city.push(zipped, { ...headers, ...changed })).toMatchObject({ status: 401 });
  const { "x-part": _, ...withoutPart } = headers;
  expect(await city.push(zipped, withoutPart)).toMatchObject({ status: 401 });
  expect(city.readings()).toEqual([]);
  expect(await city.push(zipped, headers)).toEqual({ status: 202 });
  expect(city.readings()).toEqual(["a=1"]);
});

test("a signature of the body alone counts where the feed says so", async () => {
  const headers = signedV1("sensor a 1");
  const strict = await receiving(bySignature);
  expect(await strict.push("sensor a 1", headers)).toMatchObject({ status: 401 });
  const lenient = await receiving({ ...bySignature, acceptsV1: true });
  expect(await lenient.push("sensor a 1", headers)).toEqual({ status: 202 });
  expect(await lenient.push("sensor a 2", signed("sensor a 2"))).toEqual({ status: 202 });
  expect(lenient.readings()).toEqual(["a=1", "a=2"]);
});

test("the same signed push twice is acknowledged twice and taken in once", async () => {
  const city = await receiving(bySignature);
  const headers = signed("sensor a 1");
  expect(await Promise.all([city.push("sensor a 1", headers), city.push("sensor a 1", headers)])).toEqual([
    { status: 202 },
    { status: 202 },
  ]);
  expect(city.readings()).toEqual(["a=1"]);
});

test("a feed without any secret accepts nothing", async () => {
  const city = await receiving({});
  expect(await city.push("sensor a 1")).toMatchObject({ status: 401 });
  expect(await city.push("sensor a 1", signed("sensor a 1", wall, ""))).toMatchObject({ status: 401 });
});

test("gzip is undone; too much, before or after, is refused; what is no gzip or unknown too", async () => {
  const city = await receiving(byToken);
  const gzip = { ...token, "content-encoding": "gzip" };
  expect(await city.push(gzipSync("sensor a 1"), gzip)).toEqual({ status: 202 });
  expect(await city.push(gzipSync(Buffer.alloc(1 << 24)), gzip)).toMatchObject({ status: 413 });
  expect(await city.push(gzipSync(Buffer.alloc(500_000)), gzip)).toMatchObject({ status: 413 });
  expect(await city.push("x".repeat(1_001), token)).toMatchObject({ status: 413 });
  expect(await city.push("sensor a 1", gzip)).toMatchObject({ status: 422 });
  expect(await city.push("x", { ...token, "content-encoding": "rot13" })).toMatchObject({ status: 415 });
  expect(city.readings()).toEqual(["a=1"]);
});

test("an unreadable push is refused with the reason, reported, and not kept", async () => {
  const first = await receiving(byToken);
  expect(await first.push("nonsense", token)).toMatchObject({
    status: 422,
    problem: { type: "unreadable", detail: "body: no line starts with nonsense" },
  });
  expect(await first.push("", token)).toMatchObject({ status: 422 });
  expect(await first.push("throw", token)).toMatchObject({ status: 500, problem: { type: "crashed" } });
  expect(first.words.map(({ error }) => error?.class)).toEqual(["unreadable", "unreadable", "crashed"]);
  await first.stop();
  const second = await receiving(byToken, { dataFolder: first.folder });
  expect(second.delivered).toEqual([]);
});

test("after a restart the acknowledged pushes are folded in as restored, without a word on health", async () => {
  const first = await receiving(byToken);
  for (const body of ["sensor old 1", "sensor a 1\nsensor b 1", "partial\nsensor a 2"])
    await first.push(body, token);
  await first.push("partial\nsensor c 3", { ...token, "x-part": "counters" });
  await first.stop();
  const second = await receiving(byToken, { dataFolder: first.folder });
  expect(second.readings()).toEqual(["a=1 b=1", "a=2", "c=3"]);
  expect(second.delivered.map(({ restored }) => restored)).toEqual([true, true, true]);
  expect(second.delivered.map(({ receivedAt }) => receivedAt)).toEqual(
    first.delivered.slice(1).map(({ receivedAt }) => receivedAt),
  );
  expect(second.words).toEqual([]);
  await second.push("partial\nsensor a 4", token);
  expect(second.delivered.at(-1)).toMatchObject({ restored: false, text: "a=4" });
});

test("when the disk refuses, the push is shown but not acknowledged", async () => {
  const dataFolder = await temporaryFolder();
  await mkdir(join(dataFolder, "feeds"));
  await writeFile(join(dataFolder, "feeds/sensors"), "a file where a folder should be");
  const city = await receiving(byToken, { dataFolder });
  expect(await city.push("sensor a 1", token)).toMatchObject({ status: 503, problem: { type: "not-kept" } });
  expect(city.readings()).toEqual(["a=1"]);
});

async function reconciling(
  state: () => string,
  more: Partial<Omit<FeedWiring, "entry">> = {},
): Promise<Receiving> {
  const server = createServer((_request, response) => response.end(state()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const reconcile = {
    type: "poll",
    url,
    everySeconds: 0.05,
    timeoutSeconds: 1,
    speed: 1,
    isSimulated: false,
    maxBytes: 1_000,
    headers: {},
    outgoing: { allowHosts: ["127.0.0.1"], userAgent: "Citydeck/test" },
  } as const;
  return receiving({ ...byToken, reconcile }, more);
}

test("a source that pushes is asked now and then for all it has, and what its pushes missed comes in full", async () => {
  let state = "sensor a 1\nsensor b 1";
  const city = await reconciling(() => state);
  await eventually(() => expect(city.readings()).toContain("a=1 b=1"));
  expect(await city.push("partial\nsensor a 2", token)).toEqual({ status: 202 });
  expect(city.delivered.find(({ text }) => text === "a=2")?.update).toMatchObject({
    mode: "partial",
    scope: "body",
  });
  // The push that said so got lost.
  state = "sensor a 2";
  await eventually(() =>
    expect(city.delivered.at(-1)).toMatchObject({ text: "a=2", update: { mode: "full" } }),
  );
  await city.stop();
  const { length } = city.delivered;
  await pause(120);
  expect(city.delivered.length).toBe(length);
});

/** Lines whose parts all speak of the same things. */
const oneScope: typeof lines = {
  ...lines,
  decode(...decoding) {
    const decoded = lines.decode(...decoding);
    return decoded.ok ? { ...decoded, value: { ...decoded.value, scope: "all" } } : decoded;
  },
};

test("after a restart an answer in full has superseded the pushes before it, and later ones stand", async () => {
  let state = "sensor a 1";
  const news = { ...token, "x-part": "news" };
  const first = await reconciling(() => state, { connector: oneScope });
  await eventually(() => expect(first.readings()).toContain("a=1"));
  await first.push("partial\nsensor gone 1", news);
  state = "sensor a 2";
  await eventually(() => expect(first.readings()).toContain("a=2"));
  state = "<html>";
  await eventually(() => expect(first.words.at(-1)?.error).toMatchObject({ class: "unreadable" }));
  await first.push("partial\nsensor new 3", news);
  await first.stop();
  const second = await reconciling(() => state, { connector: oneScope, dataFolder: first.folder });
  expect(second.delivered.filter(({ restored }) => restored).map(({ text }) => text)).toEqual([
    "a=2",
    "new=3",
  ]);
});

test("a source that cannot be asked still pushes, and the trouble is seen until it can", async () => {
  let state = "<html>";
  const city = await reconciling(() => state);
  await eventually(() => expect(city.words.at(-1)?.error).toMatchObject({ class: "unreadable" }));
  expect(await city.push("partial\nsensor a 2", { ...token, "x-part": "news" })).toEqual({ status: 202 });
  expect(city.words.findLast(({ part }) => part === "news")).toMatchObject({
    part: "news",
    error: { class: "unreadable" },
  });
  expect(city.readings()).toContain("a=2");
  state = "sensor a 3";
  await eventually(() => expect(city.words.at(-1)).toMatchObject({ error: null }));
  expect(city.readings()).toContain("a=3");
});

async function startSink(
  folder: string,
): Promise<{ readonly url: string; readonly kill: () => Promise<unknown> }> {
  const script = join(import.meta.dirname, "../../test/push-sink.ts");
  const child = spawn(process.execPath, [script, folder], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [port] = (await once(createInterface(child.stdout), "line")) as [string];
  return {
    url: `http://127.0.0.1:${port}/`,
    kill() {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      return exited;
    },
  };
}

test("kill -9 in the middle of pushes loses none that was acknowledged", async () => {
  const folder = await temporaryFolder();
  const acknowledged = new Set<string>();
  let sent = 0;
  for (const afterMs of [60, 110, 170]) {
    const sink = await startSink(folder);
    let alive = true;
    const before = acknowledged.size;
    const pusher = async (): Promise<void> => {
      while (alive) {
        const id = `s${++sent}`;
        const body = `partial\nsensor ${id} 1`;
        const answer = await fetch(sink.url, { method: "POST", headers: token, body }).catch(() => null);
        if (answer?.status === 202) acknowledged.add(id);
      }
    };
    const pushers = Array.from({ length: 8 }, pusher);
    while (acknowledged.size === before) await pause(5);
    await pause(afterMs);
    await sink.kill();
    alive = false;
    await Promise.all(pushers);
  }
  expect(acknowledged.size).toBeGreaterThan(20);
  const city = await receiving(byToken, { dataFolder: folder });
  const restored = new Set(city.delivered.map(({ text }) => text.replace("=1", "")));
  expect([...acknowledged].filter((id) => !restored.has(id))).toEqual([]);
}, 30_000);

test("a stop does not wait for a body that never ends, and lets go of it", async () => {
  const city = await receiving(byToken);
  let isLetGo = false;
  const pieces = [Buffer.from("sensor a ")];
  const endless: AsyncIterator<Uint8Array> = {
    next: () =>
      pieces.length > 0 ? Promise.resolve({ value: pieces.pop()! }) : new Promise(() => undefined),
    return() {
      isLetGo = true;
      return new Promise(() => undefined);
    },
  };
  const answer = city.pushBody({ [Symbol.asyncIterator]: () => endless }, token);
  await pause(20);
  await city.stop();
  expect(await answer).toMatchObject({ status: 503, problem: { type: "busy" } });
  expect(isLetGo).toBe(true);
  expect(city.readings()).toEqual([]);
});
