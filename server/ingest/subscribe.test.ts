import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type AddressInfo, type LookupFunction, type Socket } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { eventually, rig, type Rig } from "../../test/feed-rig.ts";
import { startFeed } from "./intake.ts";
import type { FeedWiring } from "./wiring.ts";
import type { SubscribeTransport } from "./broker-connection.ts";

/** A peer that answers what the test says, byte by byte from the standard. */
async function peer(onConnection: (socket: Socket, nth: number) => void): Promise<string> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    onConnection(socket, ++connections);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function listening(
  url: string,
  transport: Partial<SubscribeTransport> = {},
  more: Partial<FeedWiring> = {},
): Promise<Rig & { readonly stop: () => Promise<void> }> {
  const made = await rig(
    {
      type: "subscribe",
      url,
      topics: ["#"],
      qos: 0,
      protocolVersion: "5.0",
      username: null,
      password: null,
      ca: null,
      cert: null,
      key: null,
      clientId: null,
      sessionExpirySeconds: 0,
      timeoutSeconds: 0.4,
      maxBytes: 1_000,
      isSimulated: false,
      outgoing: { allowHosts: ["127.0.0.1"], userAgent: "Citydeck/test" },
      ...transport,
    },
    { random: () => 0, ...more },
  );
  const feed = startFeed(made.wiring);
  onTestFinished(() => feed.stop());
  await feed.ready;
  return { ...made, stop: () => feed.stop() };
}

const connack = (code: number): Buffer => Buffer.from([0x20, 3, 0, code, 0]);
const granted = (socket: Socket): void => {
  socket.write(connack(0));
  socket.once("data", () => {
    // The packet identifier of the first SUBSCRIBE is whatever the client chose: read it.
    socket.once("data", (subscribe) =>
      socket.write(Buffer.from([0x90, 4, subscribe[2]!, subscribe[3]!, 0, 0])),
    );
  });
};
/** A PUBLISH of 5.0 with QoS 0; `retain` is the lowest bit. With an `id` its QoS is 1. */
const publish = (topic: string, payload: string, retain = 0, id: number | null = null): Buffer => {
  const body = Buffer.concat([
    Buffer.from([0, topic.length]),
    Buffer.from(topic),
    Buffer.from(id === null ? [0] : [0, id, 0]),
    Buffer.from(payload),
  ]);
  return Buffer.concat([Buffer.from([0x30 | (id === null ? 0 : 2) | retain, body.length]), body]);
};

const containing = (text: string): unknown => expect.stringContaining(text);

async function firstError(url: string, transport: Partial<SubscribeTransport> = {}): Promise<object> {
  const feed = await listening(url, transport);
  await eventually(() => expect(feed.words.length).toBeGreaterThan(0));
  expect(feed.delivered).toEqual([]);
  return feed.words[0]!.error!;
}

describe("a broker inside", () => {
  const outgoing = { allowHosts: [], userAgent: "Citydeck/test" };
  const toLoopback: LookupFunction = (_name, options, answer) =>
    options.all ? answer(null, [{ address: "127.0.0.1", family: 4 }]) : answer(null, "127.0.0.1", 4);

  test.each(["mqtt", "mqtts", "ws", "wss"])("%s: is not asked, by address or by name", async (protocol) => {
    let connections = 0;
    const url = await peer(() => connections++);
    const byAddress = await listening(url.replace("mqtt:", `${protocol}:`), { outgoing });
    const byName = await listening(
      url.replace("mqtt://127.0.0.1", `${protocol}://broker.example`),
      { outgoing },
      { lookup: toLoopback },
    );
    await eventually(() => {
      for (const { words } of [byAddress, byName])
        expect(words.at(-1)?.error).toMatchObject({
          class: "not-allowed",
          message: expect.stringMatching(/refused: .*127\.0\.0\.1.*a loopback address.*allowHosts/) as string,
        });
    });
    expect(connections).toBe(0);
  });

  test("is asked where the city folder names it, by the address that was looked up", async () => {
    const url = await peer((socket) => {
      granted(socket);
      setTimeout(() => socket.write(publish("a", "sensor a 1")), 50);
    });
    const { readings } = await listening(
      url.replace("127.0.0.1", "broker.example"),
      { outgoing: { ...outgoing, allowHosts: ["broker.example"] } },
      { lookup: toLoopback },
    );
    await eventually(() => expect(readings()).toEqual(["a=1"]));
  });
});

test("a name that does not exist, a port where nobody listens, a peer that hangs up", async () => {
  expect(await firstError("mqtt://nothing.invalid", { timeoutSeconds: 5 })).toMatchObject({ class: "dns" });
  const gone = createServer().listen(0, "127.0.0.1");
  await once(gone, "listening");
  const { port } = gone.address() as AddressInfo;
  gone.close();
  await once(gone, "close");
  expect(await firstError(`mqtt://127.0.0.1:${port}`)).toMatchObject({
    class: "connection",
    message: containing("ECONNREFUSED"),
  });
  expect(await firstError(await peer((socket) => void socket.end()))).toMatchObject({
    class: "connection",
    message: containing("the broker closed the connection"),
  });
});

test("a peer that says nothing runs into the time-out; one that is no broker is named", async () => {
  expect(await firstError(await peer(() => undefined))).toMatchObject({
    class: "timeout",
    message: containing("the broker does not answer"),
  });
  const web = await peer((socket) => void socket.write("HTTP/1.1 400 Bad Request\r\n\r\n"));
  expect(await firstError(web)).toMatchObject({
    class: "unreadable",
    message: containing("expected a broker's answer"),
  });
});

test.each([
  [0x84, "connection", "unsupported protocol version (0x84)"],
  [0x85, "connection", "client identifier not valid (0x85)"],
  [0x86, "unauthorized", "bad user name or password (0x86)"],
  [0x89, "connection", "server busy (0x89)"],
])("CONNACK with reason code %i is %s", async (code, errorClass, said) => {
  const url = await peer((socket) => void socket.write(connack(code)));
  expect(await firstError(url)).toMatchObject({
    class: errorClass,
    message: `${url}: the broker refused the connection: ${said}`,
  });
});

test("DISCONNECT says why the broker ends it", async () => {
  const url = await peer((socket) => {
    granted(socket);
    setTimeout(() => socket.end(Buffer.from([0xe0, 2, 0x8e, 0])), 100);
  });
  expect(await firstError(url)).toMatchObject({
    class: "connection",
    message: containing("session taken over by another client of the same identifier (0x8e)"),
  });
});

test("pauses grow from one failed connection to the next", async () => {
  const times: number[] = [];
  const url = await peer((socket) => {
    times.push(performance.now());
    socket.end();
  });
  await listening(url);
  await eventually(() => expect(times.length).toBeGreaterThanOrEqual(4));
  const pauses = times.slice(1).map((at, i) => at - times[i]!);
  expect(pauses[0]).toBeGreaterThan(480);
  expect(pauses[1]).toBeGreaterThan(980);
  expect(pauses[2]).toBeGreaterThan(1_980);
}, 10_000);

test("a message is a part named by its topic; one after a retained one of the same topic is newer", async () => {
  const url = await peer((socket) => {
    granted(socket);
    setTimeout(() => {
      socket.write(publish("a/live", "sensor a 1"));
      socket.write(publish("a/live", "sensor a 2 1000", 1));
      socket.write(publish("a/kept", `sensor b 3 ${Date.now() - 5_000}`, 1));
      socket.write(publish("a/kept", ""));
      socket.write(publish("a/torn", "?"));
    }, 100);
  });
  const feed = await listening(url);
  await eventually(() => expect(feed.words.at(-1)?.error).toMatchObject({ class: "unreadable" }));
  expect(feed.delivered).toMatchObject([
    { text: "a=1", restored: false, update: { scope: "a/live" } },
    { text: "b=3", restored: true, update: { scope: "a/kept", mode: "partial" } },
  ]);
  expect(feed.words.map(({ part, good }) => [part, good === null])).toEqual([
    ["a/live", false],
    ["a/torn", true],
  ]);
});

test("a message of QoS 1 is acknowledged when it is on disk, in the order in which it came, and one that is refused too", async () => {
  const acknowledged: { readonly id: number; readonly onDisk: string }[] = [];
  let folder = "";
  const url = await peer((socket) => {
    granted(socket);
    socket.on("data", (packets: Buffer) => {
      for (let at = 0; at < packets.length; at += 2 + packets[at + 1]!)
        if (packets[at] === 0x40)
          acknowledged.push({ id: packets.readUInt16BE(at + 2), onDisk: journalled(folder) });
    });
    setTimeout(() => {
      for (const id of [1, 2]) socket.write(publish("a", `sensor a ${id}`, 0, id));
      socket.write(publish("a", "?", 0, 3));
      socket.write(publish("a", "sensor a 4", 0, 4));
    }, 100);
  });
  const feed = await listening(url, { qos: 1 });
  ({ folder } = feed);
  await eventually(() => expect(acknowledged).toHaveLength(4));
  expect(acknowledged.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  for (const { id, onDisk } of acknowledged.filter((one) => one.id !== 3))
    expect(onDisk).toContain(`sensor a ${id}`);
});

/** What the journals of the feeds hold. */
function journalled(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".segment"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("");
}

test("a packet that claims to be endless is given up before it fills the memory", async () => {
  const url = await peer((socket) => {
    granted(socket);
    setTimeout(() => {
      // PUBLISH with the greatest Remaining Length, 256 MB (§2.1.4).
      socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]));
      const more = Buffer.alloc(1 << 20);
      const pour = (): void => {
        while (!socket.destroyed && socket.write(more));
      };
      socket.on("drain", pour);
      pour();
    }, 100);
  });
  expect(await firstError(url, { protocolVersion: "5.0" })).toMatchObject({ class: "too-large" });
}, 20_000);

test("in a burst others come in between", async () => {
  const many = 5_000;
  const url = await peer((socket) => {
    granted(socket);
    const burst = Buffer.concat(Array.from({ length: many }, (_, n) => publish("a", `sensor a ${n}`)));
    setTimeout(() => socket.write(burst), 100);
  });
  const feed = await listening(url);
  let turns = 0;
  let turning: NodeJS.Immediate;
  const turn = (): void => {
    if (feed.delivered.length > 0) turns++;
    turning = setImmediate(turn);
  };
  turn();
  await eventually(() => expect(feed.delivered).toHaveLength(many));
  clearImmediate(turning!);
  expect(turns).toBeGreaterThanOrEqual(many / 250 - 1);
});

test("whatever bytes come, the feed has an error or goes on, and can be stopped", async () => {
  let bytes = Buffer.alloc(0);
  const url = await peer((socket) => {
    socket.write(connack(0));
    socket.write(bytes);
    setTimeout(() => socket.end(), 20);
  });
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (any) => {
      bytes = Buffer.from(any);
      const feed = await listening(url);
      await eventually(() => expect(feed.words.some(({ error }) => error !== null)).toBe(true));
      await feed.stop();
    }),
    { seed: 20, numRuns: 30 },
  );
}, 20_000);

test("stopping does not wait for a broker that does not answer", async () => {
  const feed = await listening(await peer(granted));
  await new Promise((done) => setTimeout(done, 150));
  const startedAt = performance.now();
  await feed.stop();
  expect(performance.now() - startedAt).toBeLessThan(1_500);
});
