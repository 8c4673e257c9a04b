/**
 * The house rules hold because a tool checks them, and this file checks the tools: each rule gets one planted
 * violation in an otherwise empty copy of the project's settings, and the linter or the type checker must name it.
 */

import { spawnSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
let house: string;

interface Plant {
  readonly what: string;
  readonly path: string;
  readonly text: string;
  /** The linter's rule, or the type checker's error number. */
  readonly code: string;
}

const word = "export const word = 1;\n";
const imports = (from: string) => `import { word } from "${from}";\nexport const twice = word * 2;\n`;
const importsAll = (from: string) =>
  `import * as all from "${from}";\nexport const names = Object.keys(all);\n`;
const restricted = "eslint(no-restricted-imports)";
const notInProject = "TS6307";

/** Files that the planted ones import; nothing is wrong with them. */
const furniture: Record<string, string> = {
  "shared/word.ts": word,
  "server/core/word.ts": word,
  "server/live/word.ts": word,
  "server/http/word.ts": word,
  "server/ingest/word.ts": word,
  "client/word.ts": word,
  "fixtures/word.ts": word,
  "test/word.ts": word,
  "server/http/type-of-sibling.ts": `import type { word } from "../live/word.ts";\nexport type Word = typeof word;\n`,
  "client/map/map-bridge.ts": importsAll("maplibre-gl"),
  "client/map/style.ts": `import type { StyleSpecification } from "maplibre-gl";\nexport type Style = StyleSpecification;\n`,
  "client/live/connection.ts": importsAll("socket.io-client"),
  "shared/city-time.ts": importsAll("temporal-polyfill"),
};

const lintPlants: Plant[] = [
  {
    what: "an explicit any",
    path: "server/any.ts",
    text: "export const anything = (x: any): string => String(x);\n",
    code: "typescript(no-explicit-any)",
  },
  {
    what: "a value of type any that is passed on",
    path: "server/unsafe.ts",
    text: "export const parsed: { id: string } = JSON.parse('{}');\n",
    code: "typescript(no-unsafe-assignment)",
  },
  {
    what: "a promise nobody waits for",
    path: "server/floating.ts",
    text: "export function start(run: () => Promise<void>): void {\n  run();\n}\n",
    code: "typescript(no-floating-promises)",
  },
  {
    what: "a promise where nobody expects one",
    path: "server/misused.ts",
    text: "export function each(list: number[]): void {\n  list.forEach(async (n) => Promise.resolve(n));\n}\n",
    code: "typescript(no-misused-promises)",
  },
  {
    what: "a switch that forgets a case",
    path: "shared/switch.ts",
    text: [
      `export function say(state: "fresh" | "stale" | "none"): string {`,
      `  let said = "";`,
      `  switch (state) {`,
      `    case "fresh":`,
      `      said = "now";`,
      `      break;`,
      `    case "stale":`,
      `      said = "then";`,
      `      break;`,
      `  }`,
      `  return said;`,
      `}\n`,
    ].join("\n"),
    code: "typescript(switch-exhaustiveness-check)",
  },
  {
    what: "a type imported as a value",
    path: "server/core/type-import.ts",
    text: `import { Shape } from "./shape.ts";\nexport const shape: Shape = { sides: 3 };\n`,
    code: "typescript(consistent-type-imports)",
  },
  {
    what: "an unused import",
    path: "server/unused.ts",
    text: `import { word } from "../shared/word.ts";\nexport const other = 2;\n`,
    code: "eslint(no-unused-vars)",
  },
  {
    what: "a circle of imports",
    path: "server/core/circle-a.ts",
    text: `import { b } from "./circle-b.ts";\nexport const a = (): number => b();\n`,
    code: "import(no-cycle)",
  },
  {
    what: "a clock in the core",
    path: "server/core/clock.ts",
    text: "export const now = (): number => Date.now();\n",
    code: "eslint(no-restricted-properties)",
  },
  {
    what: "chance in the core",
    path: "server/core/chance.ts",
    text: "export const dice = (): number => Math.random();\n",
    code: "eslint(no-restricted-properties)",
  },
  { what: "Node in the core", path: "server/core/disk.ts", text: importsAll("node:fs"), code: restricted },
  {
    what: "ingest knowing live",
    path: "server/ingest/a.ts",
    text: imports("../live/word.ts"),
    code: restricted,
  },
  { what: "live knowing http", path: "server/live/a.ts", text: imports("../http/word.ts"), code: restricted },
  {
    what: "a deep folder knowing a sibling of its parent",
    path: "server/history/deep/a.ts",
    text: imports("../../ingest/word.ts"),
    code: restricted,
  },
  {
    what: "the city folder knowing live",
    path: "server/city-folder/a.ts",
    text: imports("../live/word.ts"),
    code: restricted,
  },
  {
    what: "http running live's code",
    path: "server/http/a.ts",
    text: imports("../live/word.ts"),
    code: restricted,
  },
  {
    what: "MapLibre outside the city map",
    path: "client/map/other-map.tsx",
    text: importsAll("maplibre-gl"),
    code: restricted,
  },
  {
    what: "ECharts outside the chart",
    path: "client/faces/plot.ts",
    text: importsAll("echarts/charts"),
    code: restricted,
  },
  {
    what: "Socket.IO outside the connection",
    path: "client/faces/socket.ts",
    text: importsAll("socket.io-client"),
    code: restricted,
  },
  { what: "Node in the client", path: "client/disk.ts", text: importsAll("node:fs"), code: restricted },
  { what: "Zod in the client", path: "client/faces/schema.ts", text: importsAll("zod"), code: restricted },
  { what: "Zod in shared", path: "shared/schema.ts", text: importsAll("zod"), code: restricted },
  {
    what: "time zones outside shared/city-time.ts",
    path: "server/live/zone.ts",
    text: importsAll("temporal-polyfill"),
    code: restricted,
  },
];

const typePlants: Plant[] = [
  {
    what: "shared knowing the server",
    path: "shared/a.ts",
    text: imports("../server/live/word.ts"),
    code: notInProject,
  },
  {
    what: "shared knowing the core",
    path: "shared/b.ts",
    text: imports("../server/core/word.ts"),
    code: notInProject,
  },
  {
    what: "the core knowing live",
    path: "server/core/a.ts",
    text: imports("../live/word.ts"),
    code: notInProject,
  },
  {
    what: "the server knowing the client",
    path: "server/a.ts",
    text: imports("../client/word.ts"),
    code: notInProject,
  },
  {
    what: "the client knowing the server",
    path: "client/a.ts",
    text: imports("../server/live/word.ts"),
    code: notInProject,
  },
  {
    what: "the client knowing the core",
    path: "client/b.ts",
    text: imports("../server/core/word.ts"),
    code: notInProject,
  },
  {
    what: "the server knowing fixtures",
    path: "server/b.ts",
    text: imports("../fixtures/word.ts"),
    code: notInProject,
  },
  {
    what: "the client knowing tests",
    path: "client/c.ts",
    text: imports("../test/word.ts"),
    code: notInProject,
  },
  {
    what: "Node's modules in the core",
    path: "server/core/node.ts",
    text: importsAll("node:fs"),
    code: "TS2591",
  },
  {
    what: "Node's globals in the core",
    path: "server/core/process.ts",
    text: "export const env = process.env;\n",
    code: "TS2591",
  },
  {
    what: "the page in the core",
    path: "server/core/page.ts",
    text: "export const title = document.title;\n",
    code: "TS2584",
  },
  {
    what: "the network in the core",
    path: "server/core/network.ts",
    text: `export const answer = fetch("/");\n`,
    code: "TS2304",
  },
  {
    what: "the page in shared",
    path: "shared/page.ts",
    text: "export const title = document.title;\n",
    code: "TS2584",
  },
  { what: "an enum", path: "shared/enum.ts", text: "export enum State {\n  fresh,\n}\n", code: "TS1294" },
];

function write(path: string, text: string): void {
  mkdirSync(dirname(join(house, path)), { recursive: true });
  writeFileSync(join(house, path), text);
}

/** Everything the linter says, as `file code`. */
function lint(): string[] {
  const run = spawnSync(
    process.execPath,
    [
      join(root, "node_modules/oxlint/bin/oxlint"),
      "--type-aware",
      "--format=json",
      "shared",
      "server",
      "client",
      "fixtures",
      "test",
    ],
    { cwd: house, encoding: "utf8", maxBuffer: 2 ** 26 },
  );
  const answer = JSON.parse(run.stdout) as { diagnostics: { filename: string; code: string }[] };
  return answer.diagnostics.map((fault) => `${fault.filename} ${fault.code}`);
}

/** Everything the type checker says, as `file code`. */
function typeCheck(): string[] {
  const run = spawnSync(
    process.execPath,
    [join(root, "node_modules/typescript/bin/tsc"), "-b", "--pretty", "false"],
    { cwd: house, encoding: "utf8", maxBuffer: 2 ** 26 },
  );
  return [...run.stdout.matchAll(/^(\S+)\(\d+,\d+\): error (TS\d+)/gm)].map(
    (match) => `${match[1]} ${match[2]}`,
  );
}

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), "citydeck-house-"));
  for (const path of [
    ...globSync("{.,shared,server,server/core,client,fixtures,test}/tsconfig*.json", { cwd: root }),
    ".oxlintrc.jsonc",
    "package.json",
  ])
    cpSync(join(root, path), join(house, path));
  cpSync(join(root, "server/core/platform.d.ts"), join(house, "server/core/platform.d.ts"));
  symlinkSync(join(root, "node_modules"), join(house, "node_modules"));
  write("vite.config.ts", "export default {};\n");
  for (const [path, text] of Object.entries(furniture)) write(path, text);
});

afterAll(() => rmSync(house, { recursive: true, force: true }));

test("nothing is said about an empty house", () => {
  expect(lint()).toEqual([]);
  expect(typeCheck()).toEqual([]);
});

test("the linter names every planted violation", () => {
  write("server/core/shape.ts", "export interface Shape {\n  readonly sides: number;\n}\n");
  write(
    "server/core/circle-b.ts",
    `import { a } from "./circle-a.ts";\nexport const b = (): number => a();\n`,
  );
  for (const plant of lintPlants) write(plant.path, plant.text);
  const said = lint();
  const missed = lintPlants.filter((plant) => !said.includes(`${plant.path} ${plant.code}`));
  expect(missed.map((plant) => plant.what)).toEqual([]);
  for (const plant of lintPlants) rmSync(join(house, plant.path));
});

test("the type checker names every planted violation", () => {
  for (const plant of typePlants) write(plant.path, plant.text);
  const said = typeCheck();
  const missed = typePlants.filter((plant) => !said.includes(`${plant.path} ${plant.code}`));
  expect(
    missed.map((plant) => `${plant.what}: ${said.filter((line) => line.startsWith(plant.path)).join(", ")}`),
  ).toEqual([]);
});
