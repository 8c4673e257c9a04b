import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createAccess, isLoopback, readAccessToken } from "./access.ts";

const local = createAccess({ host: "127.0.0.1", token: "secret" });

test("a page of another origin is refused, a program without origin is not", () => {
  expect(local.allowsOrigin(undefined, "127.0.0.1:8700")).toBe(true);
  expect(local.allowsOrigin("http://127.0.0.1:8700", "127.0.0.1:8700")).toBe(true);
  expect(local.allowsOrigin("http://evil.example", "127.0.0.1:8700")).toBe(false);
  expect(local.allowsOrigin("null", "127.0.0.1:8700")).toBe(false);
});

test("on loopback only loopback names are answered", () => {
  for (const host of ["127.0.0.1:8700", "localhost:8700", "[::1]:8700", "127.8.9.1"])
    expect(local.allowsHost(host)).toBe(true);
  expect(local.allowsHost("rebound.example:8700")).toBe(false);
  expect(createAccess({ host: "0.0.0.0", token: "secret" }).allowsHost("city.example")).toBe(true);
});

test("single dispatch entities need the token beyond loopback", () => {
  const far = { address: "192.0.2.7", host: "city.example", isForwarded: false, token: null };
  expect(local.allowsKind("StationStatus", far)).toBe(true);
  expect(local.allowsKind("DispatchCall", far)).toBe(false);
  expect(local.allowsKind("DispatchCall", { ...far, token: "wrong" })).toBe(false);
  expect(local.allowsKind("DispatchCall", { ...far, token: "secret" })).toBe(true);
  const near = { address: "::ffff:127.0.0.1", host: "localhost:8700", isForwarded: false, token: null };
  expect(local.allowsKind("DispatchCall", near)).toBe(true);
  expect(local.allowsKind("DispatchCall", { ...near, isForwarded: true })).toBe(false);
  expect(local.allowsKind("DispatchCall", { ...near, host: "city.example" })).toBe(false);
  expect(isLoopback("128.0.0.1")).toBe(false);
});

test("bodies need the token beyond loopback, those of guarded kinds never leave this machine", () => {
  const far = { address: "192.0.2.7", host: "city.example", isForwarded: false, token: null };
  const near = { address: "127.0.0.1", host: "localhost:8700", isForwarded: false, token: null };
  expect(local.allowsBody(["StationStatus"], near)).toBe(true);
  expect(local.allowsBody(["StationStatus"], far)).toBe(false);
  expect(local.allowsBody(["StationStatus"], { ...far, token: "secret" })).toBe(true);
  expect(local.allowsBody(["ServiceRequest", "DispatchCall"], near)).toBe(true);
  expect(local.allowsBody(["DispatchCall"], { ...far, token: "secret" })).toBe(false);
  expect(local.allowsBody(["DispatchCall"], { ...near, isForwarded: true, token: "secret" })).toBe(false);
});

test("the token is made once and readable by its owner only", async () => {
  const dir = await mkdtemp(join(tmpdir(), "access-"));
  const first = await readAccessToken(dir);
  expect(first.isNew).toBe(true);
  expect(await readAccessToken(dir)).toEqual({ token: first.token, isNew: false });
  expect((await stat(join(dir, "access-token"))).mode & 0o077).toBe(0);
  await rm(dir, { recursive: true });
});
