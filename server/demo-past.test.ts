import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { fillDemoPast, type DemoPastProgress } from "./demo-past.ts";
import { HistoryAway, type ExtractPart, type ExtractTaken } from "./history/history.ts";
import { parseExtract, readLines } from "./history/extract.ts";

test("the minutes of two days come first; what was stopped goes on at the next start", async () => {
  const dir = mkdtempSync(join(tmpdir(), "demo-past-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const parts: { readonly seconds: number; readonly at: number }[] = [];
  const told: DemoPastProgress[] = [];
  let isAway = true;
  const history = {
    async takeExtract(part: ExtractPart): Promise<ExtractTaken> {
      if (isAway) {
        isAway = false;
        throw new HistoryAway("it has not begun yet");
      }
      const { bytes, toByte } = await readLines(part.file, part.fromByte, part.isWhole);
      const { minutes, hours, toAt, refused } = parseExtract(bytes, part);
      if (minutes.at.length > 0) parts.push({ seconds: 60, at: minutes.at[0]! });
      if (hours.at.length > 0) parts.push({ seconds: 3600, at: hours.at[0]! });
      return { toByte, rows: minutes.at.length + hours.at.length, toAt, refused };
    },
  };
  const now = Date.parse("2026-11-25T10:07:30Z");
  const log = { info: () => undefined, warn: () => undefined };
  const revisions = { "transport.on-time": "a", "security.calls-open": "b" };
  const start = () =>
    fillDemoPast({ history, seed: 1, now, dir, revisions, log, tell: (progress) => told.push(progress) });
  const firstMinuteAt = Date.parse("2026-11-23T10:00:00Z");
  const first = start();
  // The newest minute is taken again: there must be one before it.
  const toldTo = (): number => parts[told.length - 1]?.at ?? 0;
  await expect.poll(toldTo, { timeout: 30_000 }).toBeGreaterThan(firstMinuteAt);
  await first.stop();
  expect(told[0]).toMatchObject({ of: "minutes", days: 2 });
  expect(parts[0]).toEqual({ seconds: 60, at: firstMinuteAt });
  expect(existsSync(join(dir, "demo-past-60.csv"))).toBe(false);
  const before = parts.length;
  const second = start();
  await expect.poll(() => parts.length, { timeout: 30_000 }).toBeGreaterThan(before);
  await second.stop();
  expect(parts[before]!.at).toBeGreaterThan(firstMinuteAt);
}, 40_000);
