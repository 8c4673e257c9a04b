import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Printer } from "./printer.ts";

let dir: string;
const page = () => Promise.resolve("<p>");

/** A browser that is a few lines of shell; `$pdf` is where the document is wanted. */
async function browser(name: string, does: string): Promise<() => string> {
  const path = join(dir, name);
  const findPdf = `for a in "$@"; do case "$a" in --print-to-pdf=*) pdf="\${a#--print-to-pdf=}";; esac; done`;
  await writeFile(path, `#!/bin/sh\n${findPdf}\n${does}\n`);
  await chmod(path, 0o755);
  return () => path;
}

const whole = `printf '%%PDF-1.4\\nwords\\n%%%%EOF\\n' > "$pdf"`;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "citydeck-browsers-"));
});

afterAll(() => rm(dir, { recursive: true, force: true }));

test("a document comes whole", async () => {
  const printed = await new Printer({ browser: await browser("good", whole) }).print(page);
  expect(printed.ok && printed.value.toString()).toContain("words");
});

test.each([
  ["was killed", "kill -9 $$"],
  ["failed", `${whole}; exit 3`],
  ["wrote half", `printf '%%PDF-1.4\\nhalf' > "$pdf"`],
  ["wrote nothing", "exit 0"],
])("a browser that %s leaves no document", async (name, does) => {
  const printed = await new Printer({ browser: await browser(name.replace(" ", "-"), does) }).print(page);
  expect(printed).toEqual({ ok: false, failure: "broken" });
});

test("without a browser, or with one that cannot be run, it says so", async () => {
  expect(await new Printer({ browser: () => null }).print(page)).toEqual({
    ok: false,
    failure: "no-browser",
  });
  const gone = new Printer({ browser: () => join(dir, "gone") });
  expect(await gone.print(page)).toEqual({ ok: false, failure: "broken" });
});

test("without room for the document it says so, and tells why", async () => {
  const told: unknown[] = [];
  const printer = new Printer({
    browser: await browser("good-too", whole),
    onFailure: (...said) => told.push(said),
  });
  vi.stubEnv("TMPDIR", join(dir, "gone"));
  expect(await printer.print(page)).toEqual({ ok: false, failure: "broken" });
  vi.unstubAllEnvs();
  expect(told).toEqual([["broken", expect.objectContaining({ code: "ENOENT" })]]);
  expect((await printer.print(page)).ok).toBe(true);
});

test("a browser that hangs is ended with all that it started, and the next one prints", async () => {
  const late = join(dir, "late");
  const hanging = await browser("hangs", `(sleep 1.5; echo x > ${late}) & wait`);
  const good = await browser("good-after", whole);
  let isFirst = true;
  const printer = new Printer({
    browser: () => {
      const chosen = isFirst ? hanging : good;
      isFirst = false;
      return chosen();
    },
    atOnce: 1,
    withinMs: 700,
  });
  const [first, second] = await Promise.all([printer.print(page), printer.print(page)]);
  expect(first).toEqual({ ok: false, failure: "timed-out" });
  expect(second.ok).toBe(true);
  await sleep(1_200);
  await expect(readFile(late)).rejects.toThrow("ENOENT");
});

test("no more run at once than may, and none waits without end", async () => {
  const slow = await browser("slow", `sleep 0.3; ${whole}`);
  const printer = new Printer({ browser: slow, atOnce: 1, waiting: 1 });
  const printed = await Promise.all([1, 2, 3].map(() => printer.print(page)));
  expect(printed.map((one) => (one.ok ? "printed" : one.failure))).toEqual(["printed", "printed", "busy"]);
});

test("what is given up, or stopped, is ended at once and leaves nothing behind", async () => {
  const before = await ours();
  const printer = new Printer({ browser: await browser("slower", `sleep 30; ${whole}`) });
  const abort = new AbortController();
  const given = printer.print(page, abort.signal);
  const stopped = printer.print(page);
  setTimeout(() => abort.abort(), 150);
  expect(await given).toEqual({ ok: false, failure: "broken" });
  printer.stop();
  expect(await stopped).toEqual({ ok: false, failure: "broken" });
  expect(await ours()).toEqual(before);
});

async function ours(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith("citydeck-print-")).sort();
}

test("a document is made when its turn to be printed comes", async () => {
  const slow = await browser("slow-again", `sleep 0.2; ${whole}`);
  const printer = new Printer({ browser: slow, atOnce: 1 });
  const made: number[] = [];
  const first = printer.print(page);
  const second = printer.print(async () => String(made.push(performance.now())));
  expect((await first).ok).toBe(true);
  const printedAt = performance.now();
  expect((await second).ok).toBe(true);
  expect(made[0]).toBeGreaterThanOrEqual(printedAt - 20);
});
