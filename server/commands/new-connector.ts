/**
 * `citydeck new-connector NAME [--into DIR]`: a connector that works and passes every check as it is, for a standard whose
 * name it bears, and the four lines that make it known. What it reads is then replaced by what the standard says.
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";

export function newConnector(args: readonly string[]): Promise<number> {
  const here = join(import.meta.dirname, "../..");
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { into: { type: "string", default: here } },
  });
  const [name = "", ...rest] = positionals;
  if (rest.length > 0) throw new Error(`expected one name, found "${name}" and "${rest[0]}"`);
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new Error(`expected the name of a standard such as "ocpi" or "netex-light", found "${name}"`);
  const root = resolve(values.into);
  const made = makeConnector(root, name);
  run(root, ["server/city-folder/json-schema.ts"]);
  run(root, ["server/feed-quality.ts"]);
  run(root, [
    "node_modules/prettier/bin/prettier.cjs",
    "--log-level=warn",
    "--write",
    ...made,
    "docs/schema",
    "docs/feed-quality.md",
  ]);
  process.stdout.write(
    `${[...made, "docs/schema", "docs/feed-quality.md"].map((path) => `  ${path}\n`).join("")}\n` +
      `Check it: npm run check && npx vitest run server/core/feeds/${name} test/connectors\n` +
      `What to do next is in docs/connector-kit.md.\n`,
  );
  return Promise.resolve(0);
}

/** Runs a program of the source tree with this Node. */
function run(root: string, args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) throw new Error(`${args[0]} failed`);
}

/** Writes the connector into the source tree at `root` and says which files it made or changed. */
function makeConnector(root: string, name: string): string[] {
  const folder = `server/core/feeds/${name}`;
  if (existsSync(join(root, folder))) throw new Error(`${folder} is there already`);
  const files = connectorFiles(name);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const changes = knownLines(name);
  for (const { path, before, line } of changes) insertBefore(join(root, path), before, line);
  return [...Object.keys(files), ...new Set(changes.map(({ path }) => path))];
}

function identifierOf(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** What makes a connector known: each line goes before the first such text. */
function knownLines(name: string): { path: string; before: string; line: string }[] {
  const own = identifierOf(name);
  const key = own === name ? name : `"${name}"`;
  const member = own === name ? `.${name}` : `["${name}"]`;
  return [
    { path: "shared/feed.ts", before: "] as const;\nexport type Spec", line: `, "${name}"` },
    {
      path: "server/core/feeds/index.ts",
      before: "\nconst connectors",
      line: `import { ${own} } from "./${name}/decode.ts";\n`,
    },
    {
      path: "server/core/feeds/index.ts",
      before: "};\n\n/** The connector of a standard",
      line: own === name ? `  ${name},\n` : `  ${key}: ${own},\n`,
    },
    {
      path: "server/core/feeds/rules.ts",
      before: "\n/** One kind of notice",
      line: `import { ${own}Rules } from "./${name}/rules.ts";\n`,
    },
    {
      path: "server/core/feeds/rules.ts",
      before: "};\n\nexport function listRuleTables",
      line: `  ${key}: ${own}Rules,\n`,
    },
    {
      path: "server/city-folder/feed-options.ts",
      before: "} as const;\n\ntype Fixed",
      line: `  ${key}: none,\n`,
    },
    {
      path: "server/city-folder/feed-schema.ts",
      before: "]);\n\nexport type FeedFile",
      line: `  z.strictObject({ ...feedBase, spec: z.literal("${name}"), options: feedOptions${member}.prefault({}) }),\n`,
    },
  ];
}

function insertBefore(path: string, before: string, line: string): void {
  const text = readFileSync(path, "utf8");
  const at = text.indexOf(before);
  if (at < 0)
    throw new Error(`${path} has no ${JSON.stringify(before)}, put ${JSON.stringify(line)} where it belongs`);
  // A list that ends on a line of its own has a comma there already.
  const added = line.startsWith(",") && /,\s*$/.test(text.slice(0, at)) ? `  ${line.slice(2)},\n` : line;
  writeFileSync(path, text.slice(0, at) + added + text.slice(at));
}

function connectorFiles(name: string): Record<string, string> {
  const folder = `server/core/feeds/${name}`;
  const golden = `fixtures/feeds/${name}/two-sensors`;
  return {
    [`${folder}/decode.ts`]: decodeSource(name),
    [`${folder}/decode.test.ts`]: testSource(name),
    [`${folder}/rules.ts`]: rulesSource(name),
    [`${folder}/README.md`]: readme(name),
    [`${golden}/body.json`]: `${JSON.stringify(goldenBody, null, 2)}\n`,
    [`${golden}/expected.json`]: `${JSON.stringify(goldenResult, null, 2).replace("NAME", name)}\n`,
  };
}

const goldenBody = {
  publishedAt: "2026-11-23T09:00:00Z",
  sensors: [
    {
      id: "dock",
      name: "Dock",
      property: "water-level",
      value: 1.5,
      at: "2026-11-23T08:59:30Z",
      lon: -12,
      lat: 44,
    },
    { id: "bridge", name: "Bridge", property: "water-level", value: 2, at: null, lon: -12.01, lat: 44.01 },
  ],
};

const goldenResult = {
  mode: "full",
  publishedAt: "2026-11-23T09:00:00.000Z",
  values: { dock: 1.5, bridge: 2 },
  observed: { dock: "2026-11-23T08:59:30.000Z", bridge: null },
  notices: [{ code: "NAME-no-time", severity: "warning", count: 1 }],
};

function decodeSource(name: string): string {
  return `/** ${name}: say here what the standard is, its versions, and where its text is. */

import { entityId, type EntityOf } from "../../../../shared/entity.ts";
import { Notices } from "../../../../shared/notice.ts";
import { ok, type Result } from "../../../../shared/result.ts";
import { isObject, parseJsonObject, quote, unreadable, type JsonObject } from "../body.ts";
import type { Connector, ConnectorFeed, Failure, Part, Update } from "../connector.ts";
import { clockSkewMs, isoText, parseRfc3339 } from "../instant.ts";
import { newestOfEach } from "../newest-of-each.ts";
import { judgePlace, placeExpectation } from "../place.ts";

export const ${identifierOf(name)}: Connector = {
  spec: "${name}",
  gives: () => ["Sensor"],
  next: (feed) => (feed.url === null ? [] : [{ name: "body", url: feed.url }]),
  decode,
};

interface Reading {
  readonly feed: ConnectorFeed;
  readonly receivedAt: number;
  readonly notices: Notices;
}

function decode(part: Part, feed: ConnectorFeed, receivedAt: number): Result<Update, Failure> {
  const body = parseJsonObject(part.name, part.bytes);
  if (!body.ok) return body;
  const { sensors, publishedAt } = body.value;
  if (!Array.isArray(sensors))
    return unreadable(part.name, 'an object with a list "sensors"', \`sensors: \${quote(sensors)}\`);
  const notices = new Notices();
  const reading = { feed, receivedAt, notices };
  const things = (sensors as unknown[]).flatMap((entry, i) => readSensor(entry, i, reading) ?? []);
  return ok({
    mode: "full",
    scope: part.name,
    version: null,
    publishedAt: typeof publishedAt === "string" ? parseRfc3339(publishedAt) : null,
    entities: newestOfEach(things, ({ sourceId }) =>
      notices.add("${name}-duplicate-id", "warning", () => \`sensor \${quote(sourceId)}: twice; the newest counts\`),
    ),
    observations: [],
    notices: notices.list(),
  });
}

/** One bad entry is a notice and never loses the others. */
function readSensor(entry: unknown, i: number, reading: Reading): EntityOf<"Sensor"> | null {
  const id = isObject(entry) ? entry["id"] : undefined;
  if (!isObject(entry) || typeof id !== "string" || id.trim() === "") {
    reading.notices.add("${name}-no-id", "error", () => \`sensors[\${i}].id: \${quote(id)}, expected a text\`);
    return null;
  }
  const { name, property, value } = entry;
  return {
    id: entityId(reading.feed.id, "Sensor", id),
    kind: "Sensor",
    feedId: reading.feed.id,
    sourceId: id,
    observedAt: readTime(id, entry["at"], reading),
    receivedAt: reading.receivedAt,
    position: readPlace(id, entry, reading),
    quality: "good",
    fields: {
      name: typeof name === "string" ? name : null,
      property: typeof property === "string" ? property : null,
      value: readValue(id, value, reading),
    },
  };
}

function readValue(id: string, value: unknown, { notices }: Reading): number | null {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  notices.add("${name}-bad-value", "error", () => \`sensor \${quote(id)}: value \${quote(value)}, expected a number\`);
  return null;
}

/** The source's own time of the thing: missing or ahead is a notice, never "now". */
function readTime(id: string, text: unknown, { receivedAt, notices }: Reading): number | null {
  const at = typeof text === "string" ? parseRfc3339(text) : null;
  if (at === null)
    notices.add("${name}-no-time", "warning", () => \`sensor \${quote(id)}: at \${quote(text)}, expected RFC 3339\`);
  else if (at > receivedAt + clockSkewMs)
    notices.add("${name}-future", "warning", () => \`sensor \${quote(id)}: at \${isoText(at)}, expected a time that was\`);
  return at;
}

function readPlace(id: string, entry: JsonObject, { feed, notices }: Reading): EntityOf<"Sensor">["position"] {
  const place = judgePlace(entry["lon"], entry["lat"], feed.bounds);
  if (typeof place !== "string") return place;
  notices.add(
    \`${name}-place-\${place}\`,
    "warning",
    () => \`sensor \${quote(id)}: \${quote(entry["lon"])}, \${quote(entry["lat"])}, expected \${placeExpectation(place)}\`,
  );
  return null;
}
`;
}

function rulesSource(name: string): string {
  const rule = (code: string, severity: string, en: string, zh: string, about = ""): string =>
    `{ code: "${name}-${code}", severity: "${severity}", meaning: { en: "${en}", zh: "${zh}" }, basis: "our own: say which section"${about} },`;
  return `import { placeRules } from "../place-rules.ts";
import type { RuleTable } from "../rules.ts";

export const ${identifierOf(name)}Rules: RuleTable = {
  spec: "${name}",
  standard: { title: "${name}", url: null },
  newestVersion: null,
  rules: [
    ${rule("no-id", "error", "A sensor without an id; it is left out.", "传感器没有标识，已略去。")}
    ${rule("duplicate-id", "warning", "An id twice in one body; the newest counts.", "同一正文中标识重复，以最新为准。")}
    ${rule("bad-value", "error", "A value that is no number.", "取值不是数字。")}
    ${rule("no-time", "warning", "No time that can be read.", "没有可读取的时间。", ', about: "time"')}
    ${rule("future", "warning", "A time ahead of our clock.", "时间超前于本机时钟。", ', about: "time"')}
    ...placeRules("${name}", "lon, lat", "warning"),
  ],
};
`;
}

function testSource(name: string): string {
  const own = identifierOf(name);
  return `import { expect, test } from "vitest";
import { listFeedCases } from "../../../../fixtures/feed-cases.ts";
import type { Update } from "../connector.ts";
import { ${own} } from "./decode.ts";

const feed = {
  id: "sensors",
  spec: "${name}",
  zone: "Europe/Lisbon",
  bounds: [-12.16, 43.9, -11.84, 44.1],
  url: null,
  options: {},
} as const;

function decode(bytes: Uint8Array): Update {
  const decoded = ${own}.decode({ name: "body", url: null, bytes }, feed, Date.UTC(2026, 10, 23, 9));
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value;
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

test.each(listFeedCases("${name}"))("reads $name as expected", ({ bytes, expected }) => {
  const { mode, publishedAt, entities, notices } = decode(bytes);
  const values = Object.fromEntries(
    entities.map(({ sourceId, fields }) => [sourceId, "value" in fields ? fields.value : null]),
  );
  const observed = Object.fromEntries(entities.map(({ sourceId, observedAt }) => [sourceId, iso(observedAt)]));
  const found = notices.map(({ code, severity, count }) => ({ code, severity, count }));
  expect({ mode, publishedAt: iso(publishedAt), values, observed, notices: found }).toEqual(expected);
});

test.each([
  ["${name}-no-id", { id: "" }, 1],
  ["${name}-bad-value", { value: "high" }, 2],
  ["${name}-no-time", { at: "yesterday" }, 2],
  ["${name}-future", { at: "2027-01-01T00:00:00Z" }, 2],
  ["${name}-place-swapped", { lon: 44, lat: -12 }, 2],
  ["${name}-duplicate-id", { id: "b" }, 1],
])("%s keeps what it can of the sensor and all the others", (code, change, kept) => {
  const sound = { id: "b", name: "B", property: "p", value: 1, at: "2026-11-23T08:00:00Z", lon: -12, lat: 44 };
  const body = { sensors: [{ ...sound, id: "a", ...change }, sound] };
  const update = decode(new TextEncoder().encode(JSON.stringify(body)));
  expect(update.notices.map((notice) => notice.code)).toEqual([code]);
  expect(update.entities.length).toBe(kept);
});
`;
}

function readme(name: string): string {
  return `# ${name}

Say which versions of which text are read, and what of them is left out on purpose.

| here            | there         |
| --------------- | ------------- |
| \`Sensor.value\`  | \`value\`       |
| \`observedAt\`    | \`at\`          |
| \`publishedAt\`   | \`publishedAt\` |

## Notices

| code | meaning |
| ---- | ------- |
| \`${name}-no-id\` | a sensor without an id; it is left out |
| \`${name}-duplicate-id\` | an id twice in one body; the newest counts |
| \`${name}-bad-value\` | a value that is no number |
| \`${name}-no-time\` | no time that can be read; the sensor has none |
| \`${name}-future\` | a time more than a minute ahead of our clock |
| \`${name}-place-…\` | a place that cannot be believed, and why |
`;
}
