import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { askHolder, claimDataFolder, emptyDataFolder, holdDataFolder } from "./data-folder.ts";

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "citydeck-data-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

test("a data folder is made, and belongs to one server until it lets go", async () => {
  const dir = join(await folder(), "data", "city");
  const { letGo } = await holdDataFolder(dir);
  expect((await stat(dir)).isDirectory()).toBe(true);
  await expect(holdDataFolder(dir)).rejects.toThrow(
    `the data folder ${dir} is in use by another Citydeck: stop that one, or choose another folder with --data`,
  );
  await writeFile(join(dir, "remembered"), "");
  emptyDataFolder(dir);
  await expect(holdDataFolder(dir)).rejects.toThrow("is in use");
  await letGo();
  expect(await readdir(dir)).toEqual([]);
  const { letGo: letGoAgain } = await holdDataFolder(dir);
  await letGoAgain();
});

test("a folder whose path is longer than that of a socket belongs to one server too", async () => {
  const dir = join(
    await folder(),
    ...Array.from({ length: 8 }, (_, i) => `a-rather-long-name-of-a-folder-${i}`),
  );
  const held = await holdDataFolder(dir);
  await expect(holdDataFolder(dir)).rejects.toThrow("is in use by another Citydeck");
  held.answerBy((question) => Promise.resolve({ question }));
  expect(await askHolder(dir, "well?")).toEqual({ value: { question: "well?" } });
  expect(await readdir(dir)).toEqual(["in-use"]);
  await held.letGo();
  expect(await readdir(dir)).toEqual([]);
  expect(await askHolder(dir, "well?")).toBeNull();
});

test("what a killed server left behind keeps nobody away", async () => {
  const dir = await folder();
  const program = `require("node:net").createServer().listen(${JSON.stringify(join(dir, "in-use"))}, () => console.log("here"))`;
  const other = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  await once(other.stdout, "data");
  await expect(holdDataFolder(dir)).rejects.toThrow("is in use by another Citydeck");
  other.kill("SIGKILL");
  await once(other, "exit");
  const { letGo } = await holdDataFolder(dir);
  await letGo();
});

test("a folder that cannot be written says so, and what to do", async () => {
  const dir = await folder();
  await writeFile(join(dir, "file"), "");
  await expect(holdDataFolder(join(dir, "file"))).rejects.toThrow(
    `the data folder ${join(dir, "file")} cannot be written (EEXIST): choose another one with --data`,
  );
  // Nothing is forbidden to root.
  if (process.getuid?.() === 0) return;
  await chmod(dir, 0o500);
  await expect(holdDataFolder(dir)).rejects.toThrow("cannot be written (EACCES)");
});

test("a folder that nobody chose is refused to another city of the same name", async () => {
  const dir = await folder();
  claimDataFolder(dir, "/cities/east/harbour", false);
  claimDataFolder(dir, "/cities/east/harbour", false);
  expect(() => claimDataFolder(dir, "/cities/west/harbour", false)).toThrow(
    `the data folder ${dir} holds the memory of the city folder /cities/east/harbour: choose another one with --data, or this one with --data ${dir} if it is the same city`,
  );
  claimDataFolder(dir, "/cities/west/harbour", true);
  claimDataFolder(dir, "/cities/west/harbour", false);
  expect(() => claimDataFolder(dir, "/cities/east/harbour", false)).toThrow("/cities/west/harbour");
});
