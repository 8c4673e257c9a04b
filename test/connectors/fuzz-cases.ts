/** What fuzzing found: `fixtures/fuzz/<spec>/<name>.json`, replayed by `npm test` for ever after. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Spec } from "../../shared/feed.ts";
import type { Finding } from "./fuzz.ts";
import { specimenFeed, type Specimen } from "./specimens.ts";

const folder = join(import.meta.dirname, "../../fixtures/fuzz");

interface FuzzCase {
  /** What reading the body did when it was found. */
  readonly fault: string;
  readonly part: string;
  readonly receivedAt: string;
  readonly options: unknown;
  readonly base64: string;
}

export function listFuzzCases(spec: Spec): Specimen[] {
  if (!existsSync(join(folder, spec))) return [];
  return readdirSync(join(folder, spec)).map((file) => {
    const found = JSON.parse(readFileSync(join(folder, spec, file), "utf8")) as FuzzCase;
    return {
      name: file.replace(/\.json$/, ""),
      spec,
      part: found.part,
      bytes: new Uint8Array(Buffer.from(found.base64, "base64")),
      feed: specimenFeed(spec, found.options),
      receivedAt: Date.parse(found.receivedAt),
    };
  });
}

/** Writes the case down and says where. */
export function keepFinding({ specimen, fault }: Finding): string {
  const { spec, part, bytes, feed, receivedAt } = specimen;
  const found: FuzzCase = {
    fault,
    part,
    receivedAt: new Date(receivedAt).toISOString(),
    options: feed.options,
    base64: Buffer.from(bytes).toString("base64"),
  };
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  const slug = fault
    .split(":")[0]!
    .toLowerCase()
    .replace(/[^a-z]+/g, "-")
    .slice(0, 48);
  const path = join(folder, spec, `${slug}-${hash}.json`);
  mkdirSync(join(folder, spec), { recursive: true });
  writeFileSync(path, `${JSON.stringify(found, null, 2)}\n`);
  return path;
}
