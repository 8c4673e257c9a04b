/** How much a wall loads, compressed as it is served: before its first figure, and in all. */

import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { buildClientIfNeeded } from "../../server/client-build.ts";
import type { Benchmark } from "./benchmark.ts";

const root = resolve(import.meta.dirname, "../..");
const built = join(root, "dist/client");

/** What Vite says about one source file that became a chunk of its own. */
interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly css?: readonly string[];
  readonly assets?: readonly string[];
}

type Manifest = Readonly<Record<string, Chunk>>;

/** Loaded later but never by an English wall that shows now. */
const notTheWall = ["faces/start/start.tsx", "faces/past/past-bar.tsx", "look/chinese.ts"];

/** Alphabets that no wall of ours writes: their fonts stay on the server. */
const otherAlphabets = /-(cyrillic|cyrillic-ext|greek|vietnamese)-/;

/** The chunks that load with `start`: what it imports, and with `later` also what it imports when needed. */
function loaded(manifest: Manifest, start: string, later: boolean): Chunk[] {
  const names = new Set([start]);
  // A set gives out what is added to it while it is walked.
  for (const name of names) {
    const { imports = [], dynamicImports = [] } = chunk(manifest, name);
    for (const next of imports) names.add(next);
    if (later) for (const next of dynamicImports) if (!notTheWall.includes(next)) names.add(next);
  }
  return Array.from(names, (name) => chunk(manifest, name));
}

function chunk(manifest: Manifest, name: string): Chunk {
  const found = manifest[name];
  if (!found) throw new Error(`the build has no chunk ${name}`);
  return found;
}

async function builtManifest(): Promise<Manifest> {
  await buildClientIfNeeded();
  return JSON.parse(await readFile(join(built, ".vite/manifest.json"), "utf8")) as Manifest;
}

/** Kilobytes of 1,000 bytes. Fonts are compressed already and travel as they are. */
async function compressedKilobytes(files: Iterable<string>): Promise<number> {
  let bytes = 0;
  for (const file of new Set(files)) {
    if (otherAlphabets.test(file)) continue;
    const body = await readFile(join(built, file));
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
    bytes += file.endsWith(".woff2") ? body.length : brotliCompressSync(body, options).length;
  }
  return bytes / 1000;
}

function size(name: string, limitKilobytes: number, files: (manifest: Manifest) => string[]): Benchmark {
  return {
    name,
    unit: "kB brotli",
    baselineName: "budget",
    target: 1,
    rounds: 1,
    async prepare() {
      const manifest = await builtManifest();
      return { ours: () => compressedKilobytes(files(manifest)), baseline: () => limitKilobytes };
    },
  };
}

export const firstScript = size("wall-first-script", 130, (manifest) =>
  loaded(manifest, "index.html", false).map(({ file }) => file),
);

export const wholeWall = size("wall-whole", 1000, (manifest) => [
  "index.html",
  ...loaded(manifest, "index.html", true).flatMap(({ file, css = [], assets = [] }) => [
    file,
    ...css,
    ...assets,
  ]),
]);
