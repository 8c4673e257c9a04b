import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../test/feed-rig.ts";
import { openKeyedHash, passingKeyedHash } from "./keyed-hash.ts";

test("one installation says the same of an address at every start, another one something else", async () => {
  const [here, there] = [await temporaryFolder(), await temporaryFolder()];
  const [first, again, other] = [
    await openKeyedHash(here),
    await openKeyedHash(here),
    await openKeyedHash(there),
  ];
  expect(first("address 203.0.113.7")).toMatch(/^[0-9a-f]{16}$/);
  expect(again("address 203.0.113.7")).toBe(first("address 203.0.113.7"));
  expect(first("address 203.0.113.8")).not.toBe(first("address 203.0.113.7"));
  expect(other("address 203.0.113.7")).not.toBe(first("address 203.0.113.7"));
  expect(passingKeyedHash()("address 203.0.113.7")).not.toBe(first("address 203.0.113.7"));
});

test("it is HMAC-SHA-256 (RFC 4231, test case 2, with a key of its own length)", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "hash-key"), "4a656665".padEnd(64, "0"));
  // Zeros at the end of a key that is shorter than a block change nothing (RFC 2104 §2).
  const hash = await openKeyedHash(folder);
  expect(hash("what do ya want for nothing?")).toBe("5bdcc146bf60754e");
});

test("the key is for the server's user alone; a file that holds none is not taken for one", async () => {
  const folder = await temporaryFolder();
  await openKeyedHash(folder);
  const path = join(folder, "hash-key");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readFile(path, "utf8")).toMatch(/^[0-9a-f]{64}\n$/);
  await writeFile(path, "secret");
  await expect(openKeyedHash(folder)).rejects.toThrow("hash-key: expected 64 hexadecimal digits");
});
