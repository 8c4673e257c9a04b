/** What the running server refuses, asked over real connections from this machine's loopback and its outer address. */

import { request } from "node:http";
import { rm } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { io, type Socket } from "socket.io-client";
import * as parser from "socket.io-msgpack-parser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientDir } from "../server/client-build.ts";
import { startCitydeck, type RunningCitydeck } from "../server/main.ts";
import { protocolVersion, type Refusal } from "../shared/protocol.ts";
import { bikeFiles, temporaryDir, walkCity, writeJsonFiles } from "./city-files.ts";

const outerAddress = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === "IPv4" && !internal)?.address;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A request whose `Host` and `Origin` are chosen freely, which `fetch` does not allow. */
function ask(
  url: string,
  headers: Record<string, string> = {},
  method = "GET",
  body?: unknown,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const options = { headers: { ...type, ...headers }, method, timeout: 5_000 };
    const asked = request(url, options, (answer) => {
      answer.resume();
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
    });
    asked.on("error", reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Whether the server lets a Socket.IO client in. */
function connects(url: string, headers: Record<string, string>): Promise<boolean> {
  const socket = io(url, {
    parser,
    transports: ["websocket"],
    extraHeaders: headers,
    reconnection: false,
    forceNew: true,
  });
  return new Promise<boolean>((resolve) => {
    socket.on("connect", () => resolve(true));
    socket.on("connect_error", () => resolve(false));
  }).finally(() => socket.close());
}

/** The first thing the server says about single dispatch calls: a refusal's reason, or `frame`. */
function askForCalls(
  url: string,
  auth: Record<string, string>,
  extraHeaders: Record<string, string> = {},
): Promise<string> {
  const socket: Socket = io(url, {
    parser,
    transports: ["websocket"],
    auth,
    extraHeaders,
    reconnection: false,
    forceNew: true,
  });
  return new Promise<string>((resolve, reject) => {
    socket.on("refused", ({ reason }: Refusal) => resolve(reason));
    socket.on("frame", () => resolve("frame"));
    socket.on("connect_error", reject);
    socket.emit("hello", {
      protocol: protocolVersion,
      topics: ["entities/DispatchCall"],
      have: { epoch: null, seq: {} },
    });
  }).finally(() => socket.close());
}

let dir: string;

async function start(host: string): Promise<RunningCitydeck> {
  return startCitydeck({
    cityDir: dir,
    dataDir: join(dir, "data"),
    recordings: dir,
    clientDir,
    host,
    port: 0,
    speed: 1,
    log: pino({ level: "silent" }),
  });
}

beforeAll(async () => {
  dir = await temporaryDir("security");
  await writeJsonFiles(dir, { ...walkCity, ...bikeFiles(7, Date.now()) });
});

afterAll(() => rm(dir, { recursive: true, force: true }));

describe("on loopback", () => {
  let city: RunningCitydeck;

  beforeAll(async () => {
    city = await start("127.0.0.1");
  });

  afterAll(() => city.stop());

  test.skipIf(outerAddress === undefined)("nobody outside reaches it", async () => {
    const outside = city.url.replace("127.0.0.1", outerAddress!);
    await expect(ask(outside)).rejects.toThrow("ECONNREFUSED");
  });

  test("pages of other origins are refused, on HTTP and on the socket", async () => {
    const { url } = city;
    expect((await ask(`${url}/api/v1/city`)).status).toBe(200);
    expect((await ask(`${url}/api/v1/city`, { origin: url })).status).toBe(200);
    for (const origin of ["http://evil.example", "null", url.replace("http:", "http://x.")]) {
      expect((await ask(`${url}/api/v1/city`, { origin })).status).toBe(403);
      expect(await connects(url, { origin })).toBe(false);
    }
    expect(await connects(url, { origin: url })).toBe(true);
    expect(await connects(url, {})).toBe(true);
  });

  test("a foreign name for this machine is refused", async () => {
    const host = "rebound.example";
    expect((await ask(`${city.url}/api/v1/city`, { host })).status).toBe(403);
    expect(await connects(city.url, { host, origin: `http://${host}` })).toBe(false);
  });

  test("every answer carries a policy that allows nothing foreign and nothing inline", async () => {
    for (const path of ["/", "/wall/city", "/api/v1/city", "/api/v1/nothing"]) {
      const { headers } = await ask(city.url + path);
      const policy = String(headers["content-security-policy"]);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe-|\*|https?:/);
      expect(headers["x-content-type-options"]).toBe("nosniff");
    }
  });

  test("nothing is written without a feed's secret", async () => {
    for (const feed of ["bikes", "nothing"]) {
      const { status } = await ask(`${city.url}/api/v1/feeds/${feed}/data`, {}, "POST");
      expect([401, 404]).toContain(status);
    }
    for (const method of ["PUT", "DELETE", "PATCH"])
      expect((await ask(`${city.url}/api/v1/city`, {}, method)).status).toBe(404);
  });
});

describe("who may write", () => {
  let city: RunningCitydeck;
  let token: string;
  const action = {
    action: "acknowledge",
    alarms: ["none"],
    position: "Desk",
    shift: null,
    key: "a key of this test",
  };
  const act = (headers: Record<string, string>) =>
    ask(`${city.url}/api/v1/alarms/actions`, headers, "POST", action);
  const signIn = (given: string, headers: Record<string, string> = {}) =>
    ask(`${city.url}/api/v1/session`, headers, "POST", { token: given });
  const cookieOf = ({ headers }: Answer): string =>
    (headers["set-cookie"] as string[] | undefined)?.[0] ?? "";
  const ours = () => ({ origin: city.url });
  /** Cities on one host have cookies of their own. */
  const cookieName = () => `citydeck-token-${new URL(city.url).port}`;

  beforeAll(async () => {
    await rm(join(dir, "data"), { recursive: true, force: true });
    city = await start("127.0.0.1");
    token = city.newToken!;
  });

  afterAll(() => city.stop());

  test("nobody without the token, on this machine neither", async () => {
    for (const [method, path] of [
      ["POST", "alarms/actions"],
      ["POST", "annotations"],
      ["POST", "views"],
      ["DELETE", "views/1"],
      ["PUT", "notes/transport.bikes-available"],
      ["PUT", "admin/files/walls/city.json"],
      ["POST", "rules/backtest"],
    ] as const)
      expect({ path, status: (await ask(`${city.url}/api/v1/${path}`, {}, method)).status }).toEqual({
        path,
        status: 401,
      });
    expect((await act({ authorization: `Bearer ${token}` })).status).toBe(200);
  });

  test("a browser gives it once and keeps it where no script can read it", async () => {
    const cookie = cookieOf(await signIn(token, ours()));
    expect(cookie).toBe(`${cookieName()}=${token}; Max-Age=2592000; Path=/; HttpOnly; SameSite=Strict`);
    const kept = { cookie: cookie.split(";")[0]! };
    expect((await act({ ...kept, ...ours() })).status).toBe(200);
    const left = await ask(`${city.url}/api/v1/session`, { ...kept, ...ours() }, "DELETE");
    expect(cookieOf(left)).toContain(`${cookieName()}=; Max-Age=0; Path=/`);
  });

  test("the cookie of another city on the same host is none of ours", async () => {
    const port = Number(new URL(city.url).port);
    const kept = { cookie: `citydeck-token=${token}; citydeck-token-${port + 1}=${token}`, ...ours() };
    expect((await act(kept)).status).toBe(401);
  });

  test("over https the cookie is secure and this host's alone", async () => {
    const https = { "x-forwarded-proto": "https" };
    const cookie = cookieOf(await signIn(token, https));
    expect(cookie).toMatch(
      new RegExp(`^__Host-${cookieName()}=.*; Path=/; HttpOnly; Secure; SameSite=Strict$`),
    );
    const kept = { cookie: cookie.split(";")[0]!, ...ours() };
    expect((await act({ ...kept, ...https })).status).toBe(200);
    expect((await act(kept)).status).toBe(401);
  });

  test("a cookie writes nothing for a foreign page, nor for a request that names none", async () => {
    const kept = { cookie: `${cookieName()}=${token}` };
    expect((await act({ ...kept, origin: "http://evil.example" })).status).toBe(403);
    expect((await act({ ...kept, origin: "null" })).status).toBe(403);
    expect((await act(kept)).status).toBe(401);
    expect((await signIn(token, { origin: "http://evil.example" })).status).toBe(403);
  });

  test("a wrong token is told so late, a right one meanwhile at once; a wrong cookie is taken away", async () => {
    const beganAt = performance.now();
    const wrong = Array.from({ length: 50 }, () => signIn("wrong"));
    const right = await signIn(token);
    expect([right.status, performance.now() - beganAt < 900]).toEqual([200, true]);
    expect((await signIn("wrong")).status).toBe(429);
    for (const { status } of await Promise.all(wrong)) expect(status).toBe(401);
    expect(performance.now() - beganAt).toBeGreaterThan(990);
    const refused = await act({ cookie: `${cookieName()}=wrong`, ...ours() });
    expect([refused.status, cookieOf(refused)]).toEqual([
      401,
      expect.stringContaining(`${cookieName()}=; Max-Age=0`),
    ]);
  });

  test("another token ends the one before, at once", async () => {
    const renewed = await city.renewToken();
    expect((await act({ authorization: `Bearer ${token}` })).status).toBe(401);
    expect((await act({ authorization: `Bearer ${renewed}` })).status).toBe(200);
  });
});

describe.skipIf(outerAddress === undefined)("beyond loopback", () => {
  let city: RunningCitydeck;
  let outside: string;
  let token: string;

  beforeAll(async () => {
    await rm(join(dir, "data"), { recursive: true, force: true });
    city = await start("0.0.0.0");
    outside = city.url.replace("0.0.0.0", outerAddress!);
    token = city.newToken!;
  });

  afterAll(() => city.stop());

  test("single dispatch entities need the token, over HTTP", async () => {
    const calls = `${outside}/api/v1/entities?kind=DispatchCall`;
    expect((await ask(calls)).status).toBe(401);
    expect((await ask(calls, { authorization: "Bearer wrong" })).status).toBe(401);
    expect((await ask(calls, { authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await ask(`${outside}/api/v1/entities?kind=StationStatus`)).status).toBe(200);
  });

  test("and over the socket", async () => {
    expect(await askForCalls(outside, {})).toBe("token");
    expect(await askForCalls(outside, { token: "wrong" })).toBe("token");
    expect(await askForCalls(outside, { token })).toBe("frame");
    expect(
      await askForCalls(outside, {}, { cookie: `citydeck-token-${new URL(outside).port}=${token}` }),
    ).toBe("frame");
  });

  test("the token is made once and told once", async () => {
    const again = await start("127.0.0.1");
    expect(again.newToken).toBeNull();
    await again.stop();
  });
});
