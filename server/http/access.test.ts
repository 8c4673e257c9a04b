import { expect, test } from "vitest";
import { createAccess, isLoopback, type Asker } from "./access.ts";

const isToken = (given: string): boolean => given === "secret";
const local = createAccess({ host: "127.0.0.1", isToken });
const far: Asker = { address: "192.0.2.7", host: "city.example", isForwarded: false, token: null };
const near: Asker = { address: "127.0.0.1", host: "localhost:8700", isForwarded: false, token: null };

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
  expect(createAccess({ host: "0.0.0.0", isToken }).allowsHost("city.example")).toBe(true);
});

test("single dispatch entities need the token beyond loopback", () => {
  expect(local.allowsKind("StationStatus", far)).toBe(true);
  expect(local.allowsKind("DispatchCall", far)).toBe(false);
  expect(local.allowsKind("DispatchCall", { ...far, token: "wrong" })).toBe(false);
  expect(local.allowsKind("DispatchCall", { ...far, token: "secret" })).toBe(true);
  expect(local.allowsKind("DispatchCall", { ...near, address: "::ffff:127.0.0.1" })).toBe(true);
  expect(local.allowsKind("DispatchCall", { ...near, isForwarded: true })).toBe(false);
  expect(local.allowsKind("DispatchCall", { ...near, host: "city.example" })).toBe(false);
  expect(isLoopback("128.0.0.1")).toBe(false);
});

test("bodies need the token beyond loopback, those of guarded kinds never leave this machine", () => {
  expect(local.allowsBody(["StationStatus"], near)).toBe(true);
  expect(local.allowsBody(["StationStatus"], far)).toBe(false);
  expect(local.allowsBody(["StationStatus"], { ...far, token: "secret" })).toBe(true);
  expect(local.allowsBody(["ServiceRequest", "DispatchCall"], near)).toBe(true);
  expect(local.allowsBody(["DispatchCall"], { ...far, token: "secret" })).toBe(false);
  expect(local.allowsBody(["DispatchCall"], { ...near, isForwarded: true, token: "secret" })).toBe(false);
});

test("a change needs the token wherever it comes from", () => {
  for (const from of [near, far]) {
    expect(local.allowsChange(from)).toBe(false);
    expect(local.allowsChange({ ...from, token: "wrong" })).toBe(false);
    expect(local.allowsChange({ ...from, token: "secret" })).toBe(true);
  }
});

test("whoever brings a wrong token waits, and of very many only some do", async () => {
  const waiting: (() => void)[] = [];
  const pause = (): Promise<void> => new Promise((resolve) => void waiting.push(resolve));
  const access = createAccess({ host: "127.0.0.1", isToken, pause });
  const held = Array.from({ length: 60 }, () => access.holdUp());
  expect(await Promise.all(held.slice(50))).toEqual(Array(10).fill(false));
  for (const go of waiting) go();
  expect(await Promise.all(held.slice(0, 50))).toEqual(Array(50).fill(true));
  const later = access.holdUp();
  waiting.at(-1)!();
  expect(await later).toBe(true);
});
