import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { AccessToken } from "./access-token.ts";

async function folder(): Promise<{ dir: string; path: string }> {
  const dir = await mkdtemp(join(tmpdir(), "access-token-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  return { dir, path: join(dir, "access-token") };
}

test("is made and told once, and its file gives nothing away", async () => {
  const { dir, path } = await folder();
  const first = await AccessToken.open(dir);
  expect(first.made).toMatch(/^[\w-]{32}$/);
  const again = await AccessToken.open(dir);
  expect(again.made).toBeNull();
  for (const token of [first, again]) {
    expect(token.matches(first.made!)).toBe(true);
    for (const wrong of ["", "wrong", `${first.made} `, first.made!.slice(1)])
      expect(token.matches(wrong)).toBe(false);
  }
  expect((await stat(path)).mode & 0o077).toBe(0);
  const kept = await readFile(path, "utf8");
  expect(kept).not.toContain(first.made);
  expect(first.matches(kept.trim())).toBe(false);
});

test("one that an earlier version left readable stays in force and is readable no more", async () => {
  const { dir, path } = await folder();
  await writeFile(path, "an older token\n");
  const token = await AccessToken.open(dir);
  expect(token.made).toBeNull();
  expect(token.matches("an older token")).toBe(true);
  expect(await readFile(path, "utf8")).not.toContain("older");
  expect((await AccessToken.open(dir)).matches("an older token")).toBe(true);
});

test("a new one ends the one before, also for later starts", async () => {
  const { dir } = await folder();
  const token = await AccessToken.open(dir);
  const renewed = await token.renew();
  for (const one of [token, await AccessToken.open(dir)])
    expect([one.matches(token.made!), one.matches(renewed)]).toEqual([false, true]);
});

test("one that cannot be read is not replaced by another", async () => {
  const { dir, path } = await folder();
  await symlink("access-token", path);
  await expect(AccessToken.open(dir)).rejects.toThrow("ELOOP");
});

test("where a new one cannot be written, the one before stays in force", async () => {
  const { dir, path } = await folder();
  const token = await AccessToken.open(dir);
  await mkdir(`${path}.new`);
  await expect(token.renew()).rejects.toThrow("EISDIR");
  expect(token.matches(token.made!)).toBe(true);
});
