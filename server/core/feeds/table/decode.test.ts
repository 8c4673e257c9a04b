import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { listFeedCases } from "../../../../fixtures/feed-cases.ts";
import type { Entity } from "../../../../shared/entity.ts";
import type { Result } from "../../../../shared/result.ts";
import type { ConnectorFeed, Failure, Update } from "../connector.ts";
import { table } from "./decode.ts";
import type { TableOptions } from "./options.ts";

const receivedAt = Date.UTC(2026, 10, 23);

function feedOf(options: TableOptions): ConnectorFeed<TableOptions> {
  return {
    id: "a-table",
    spec: "table",
    zone: "America/Los_Angeles",
    bounds: [-122.52, 37.7, -122.35, 37.83],
    url: null,
    options,
  };
}

function decode(body: string | Uint8Array, options: TableOptions): Result<Update, Failure> {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return table.decode({ name: "body", url: null, bytes }, feedOf(options), receivedAt);
}

function update(body: string | Uint8Array, options: TableOptions): Update {
  const decoded = decode(body, options);
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value;
}

function failure(body: string | Uint8Array, options: TableOptions): string {
  const decoded = decode(body, options);
  if (decoded.ok) throw new Error("expected a failure");
  return `${decoded.failure.class}: ${decoded.failure.message}`;
}

function codes(found: Update): Record<string, number> {
  return Object.fromEntries(found.notices.map(({ code, count }) => [code, count]));
}

function example(found: Update, code: string): string | undefined {
  return found.notices.find((notice) => notice.code === code)?.example;
}

function byId(entities: readonly Entity[]): Entity[] {
  return [...entities].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function iso(at: number | null | undefined): string | null {
  return typeof at === "number" && Number.isFinite(at) ? new Date(at).toISOString() : null;
}

function summary(found: Update): unknown {
  const kinds = [...new Set(found.entities.map(({ kind }) => kind))];
  const times = found.entities.flatMap(({ observedAt }) => observedAt ?? []);
  return {
    mode: found.mode,
    publishedAt: iso(found.publishedAt),
    entities: Object.fromEntries(
      kinds.map((kind) => [kind, found.entities.filter((entity) => entity.kind === kind).length]),
    ),
    withPosition: found.entities.filter(({ position }) => position !== null).length,
    observedFrom: iso(times.reduce((a, b) => Math.min(a, b), Infinity)),
    observedTo: iso(times.reduce((a, b) => Math.max(a, b), -Infinity)),
    statuses: countBy(found.entities, ({ kind, fields }) =>
      "status" in fields ? `${kind} ${fields.status}` : null,
    ),
    notices: found.notices.map(({ code, severity, count, example }) => ({ code, severity, count, example })),
    first: kinds.map((kind) => {
      const entity = byId(found.entities.filter((one) => one.kind === kind))[0]!;
      const { id, observedAt, position, fields } = entity;
      return { id, observedAt: iso(observedAt), position, fields: readable(fields) };
    }),
  };
}

function readable(fields: Entity["fields"]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      name.endsWith("At") && typeof value === "number" ? iso(value) : value,
    ]),
  );
}

function countBy<T>(things: readonly T[], key: (thing: T) => string | null): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const thing of things) {
    const word = key(thing);
    if (word !== null) counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}

describe("recorded tables", () => {
  it.each(listFeedCases("table"))("$name", ({ bytes, expected, options }) => {
    expect(summary(update(bytes, options as TableOptions))).toEqual(expected);
  });
});

const sensors: TableOptions = {
  entities: [
    {
      kind: "Sensor",
      id: ["id"],
      fields: { name: "name", property: { value: "level" }, value: "value" },
      observedAt: ["at"],
      position: { lon: "lon", lat: "lat" },
    },
  ],
};

const header = "id,name,value,at,lon,lat";
const good = "a,Dock,1.5,2026-11-22T10:00:00Z,-122.4,37.75";

describe("one bad row", () => {
  it.each([
    ["b,Dock,1.5", "table-short-row", 1],
    ["b,Dock,1.5,2026-11-22T10:00:00Z,-122.4,37.75,x", "table-long-row", 1],
    [",Dock,1.5,2026-11-22T10:00:00Z,-122.4,37.75", "table-no-id", 1],
    ["b,Dock,much,2026-11-22T10:00:00Z,-122.4,37.75", "table-bad-number", 2],
    ["b,Dock,1.5,yesterday,-122.4,37.75", "table-bad-time", 2],
    ["b,Dock,1.5,,-122.4,37.75", "table-no-observed-at", 2],
    ["b,Dock,1.5,2027-01-01T00:00:00Z,-122.4,37.75", "table-future", 2],
    ["b,Dock,1.5,2026-11-22T10:00:00Z,37.75,-122.4", "table-place-swapped", 2],
    ["b,Dock,1.5,2026-11-22T10:00:00Z,122.4,37.75", "table-place-sign", 2],
    ["b,Dock,1.5,2026-11-22T10:00:00Z,-13625634,4548678", "table-place-metres", 2],
    ["b,Dock,1.5,2026-11-22T10:00:00Z,0,0", "table-place-zero", 2],
    ["b,Dock,1.5,2026-11-22T10:00:00Z,13.4,52.5", "table-place-far", 2],
    ["b,Dock,1.5,2026-11-22T10:00:00Z,531000,180000", "table-place-impossible", 2],
    ["b,Dock,1.5,2026-11-22T10:00:00Z,west,37.75", "table-place-unreadable", 2],
    ["b,Dock,1.5,2026-11-22T10:00:00Z,,", "table-place-missing", 2],
    ["a,Dock,1.4,2026-11-22T09:00:00Z,-122.4,37.75", "table-duplicate-id", 1],
  ])("%s is %s", (row, code, entities) => {
    const found = update([header, row, good, ""].join("\n"), sensors);
    expect(codes(found)).toMatchObject({ [code]: 1 });
    expect(found.entities).toHaveLength(entities);
    expect(found.entities.find(({ sourceId }) => sourceId === "a")).toMatchObject({
      observedAt: Date.UTC(2026, 10, 22, 10),
      position: [-122.4, 37.75],
      quality: "good",
      fields: { name: "Dock", property: "level", value: 1.5 },
    });
  });

  it("takes surplus empty cells and skips blank lines", () => {
    const found = update(`\uFEFF${header}\r\n\r\n${good},,\r\n`, sensors);
    expect([found.entities.length, found.notices]).toEqual([1, []]);
  });

  it("keeps the rows before a quote that never closes", () => {
    const found = update(`${header}\n${good}\nb,"Dock,1.5,2026\nc,Dock`, sensors);
    expect(found.entities.map(({ sourceId }) => sourceId)).toEqual(["a"]);
    expect(codes(found)).toEqual({ "table-broken-csv": 1 });
  });

  it("never says where an emergency is more closely than a kilometre", () => {
    const found = update(`${header}\nb,Dock,1,2026-11-22T10:00:00Z,37.751234,-122.401234`, sensors);
    expect(JSON.stringify(found.notices)).not.toContain("37.7512");
  });
});

describe("an unusable body", () => {
  it.each([
    ["", "empty body"],
    ["<!doctype html><title>Maintenance</title>", 'an HTML page titled "Maintenance"'],
    ["{ broken", "broken or cut JSON"],
    ["\n \n", "nothing but blanks"],
  ])("%j is named", (body, named) => {
    expect(failure(body, sensors)).toContain(named);
  });

  it("names the column that a changed header lost, and those there are", () => {
    const renamed = failure(`id,name,value,time,lon,lat\n${good}`, sensors);
    expect(renamed).toBe(
      'unreadable: body: expected a column "at", found the columns "id", "name", "value", "time", "lon", "lat"',
    );
  });

  it("is refused in another form than the declared one", () => {
    expect(failure(`${header}\n${good}`, { ...sensors, format: "json" })).toContain("expected a JSON table");
    expect(failure("[]", { ...sensors, format: "csv" })).toContain("expected a CSV table");
  });

  it("names where the list of rows is not", () => {
    expect(failure('{"items":[],"next":null}', { ...sensors, rows: "data.items" })).toContain(
      'expected a list of rows at "data.items", found the members "items", "next"',
    );
    expect(failure("{}", { ...sensors, rows: "data.items" })).toContain("found no members");
  });

  it("tells what is wrong with the options", () => {
    const options: TableOptions = {
      time: { format: "HH:mm", zone: "Mars/Olympus" },
      entities: [{ kind: "DispatchCall", id: ["id"], fields: { address: "name" } }],
    };
    const message = failure(`${header}\n`, options);
    for (const part of ["time.format", "time.zone", "entities.0.fields.address", "a field of DispatchCall"])
      expect(message).toContain(part);
  });
});

describe("ZIP", () => {
  const csv = (rows: string): Uint8Array => new TextEncoder().encode(`${header}\n${rows}\n`);

  it("reads all its tables, and only those", () => {
    const zip = zipSync({
      "readme.txt": csv("x"),
      "north.csv": csv(good),
      "south.csv": new TextEncoder().encode(
        "lat,lon,at,value,name,id\n37.75,-122.4,2026-11-22T10:00:00Z,2,Pier,b",
      ),
    });
    expect(update(zip, sensors).entities.map(({ sourceId }) => sourceId)).toEqual(["a", "b"]);
    expect(update(zip, { ...sensors, files: "n*.csv" }).entities).toHaveLength(1);
    expect(failure(zip, { ...sensors, files: "*.tsv" })).toContain("readme.txt, north.csv, south.csv");
  });

  it("says how old a publication is by the name of its file", () => {
    const forecast: TableOptions = {
      publishedIn: { fileName: "*_{YYYYMMDD_HH_mm_ss}_v*.csv", zone: "GMT" },
      entities: [{ ...sensors.entities[0]!, observedAt: "published" }],
    };
    const found = update(zipSync({ "2026_FCST_20261121_01_09_58_v1.csv": csv(good) }), forecast);
    expect(iso(found.publishedAt)).toBe("2026-11-21T01:09:58.000Z");
    expect(found.entities[0]?.observedAt).toBe(found.publishedAt);
    expect(codes(update(csv(good), forecast))).toEqual({ "table-no-observed-at": 1 });
  });

  it("refuses a bomb before inflating it, and cuts a file that lies about its size", () => {
    const bomb = zipSync({ "bomb.csv": csv(good) });
    setDeclaredSize(bomb, 129 << 20);
    expect(failure(bomb, sensors)).toContain("too-large: body: bomb.csv makes 135266304 bytes");
    const liar = zipSync({ "liar.csv": csv(`${good}\n`.repeat(50_000)) });
    setDeclaredSize(liar, 100);
    expect(update(liar, sensors).entities).toHaveLength(1);
  });

  it("is broken without a directory", () => {
    expect(failure(zipSync({ "a.csv": csv(good) }).subarray(0, 60), sensors)).toContain("a broken one");
  });
});

/** Overwrites the size before compression in the ZIP's directory (APPNOTE 4.3.12). */
function setDeclaredSize(zip: Uint8Array, size: number): void {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  for (let at = 0; at < zip.length - 4; at++)
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, size, true);
}

describe("cells", () => {
  const one = (
    row: string,
    fields: TableOptions["entities"][number]["fields"],
    more: Partial<TableOptions> = {},
  ) => update(`id,a,b\n${row}`, { ...more, entities: [{ kind: "ServiceCounter", id: ["id"], fields }] });

  it.each([
    ["x,12,", { waiting: "a" }, { waiting: 12 }],
    ["x,+5.5,", { waiting: "a" }, { waiting: 5.5 }],
    ["x,,", { waiting: "a" }, { waiting: null }],
    ["x,n/a,", { waiting: { column: "a", absent: ["n/a"] } }, { waiting: null }],
    ["x,2,", { waitSeconds: { column: "a", times: 60 } }, { waitSeconds: 120 }],
    ["x,Yes,", { isOpen: "a" }, { isOpen: true }],
    ["x,zu,", { isOpen: { column: "a", map: { auf: true, zu: false } } }, { isOpen: false }],
    ["x,Town,Hall", { name: { columns: ["a", "b"] } }, { name: "Town Hall" }],
    ["x, 窗口 ,", { name: "a", service: { value: "permits" } }, { name: "窗口", service: "permits" }],
  ])("%s with %j", (row, fields, expected) => {
    const found = one(row, fields);
    expect(found.entities[0]?.fields).toEqual(expected);
    expect(Object.keys(codes(found))).toEqual(["table-no-observed-at"]);
  });

  it("keeps and notices a word that the map does not list", () => {
    const found = one("x,open,", { service: { column: "a", map: { shut: "closed" } } });
    expect(found.entities[0]?.fields).toEqual({ service: "open" });
    expect(example(found, "table-unmapped")).toBe('body row 1, a "open": expected one of shut');
  });

  it("suspects milliseconds where seconds belong", () => {
    const found = update("id,at\nx,1700000000000", {
      time: { format: "epoch-seconds" },
      entities: [{ kind: "Sensor", id: ["id"], fields: {}, observedAt: ["at"] }],
    });
    expect(example(found, "table-bad-time")).toContain("looks like milliseconds");
  });

  it("keeps only the rows that pass the filters", () => {
    const rows = "id,a,b\n1,x,\n2,y,z\n3,,z\n";
    const ids = (where: TableOptions["where"]): string[] =>
      update(rows, { where, entities: [{ kind: "Sensor", id: ["id"], fields: {} }] }).entities.map(
        ({ sourceId }) => sourceId,
      );
    expect(ids({ a: "x" })).toEqual(["1"]);
    expect(ids({ a: { in: ["x", "y"] } })).toEqual(["1", "2"]);
    expect(ids({ a: { notIn: ["x"] } })).toEqual(["2", "3"]);
    expect(ids({ b: { exists: true } })).toEqual(["2", "3"]);
    expect(ids({ a: { exists: true }, b: { exists: false } })).toEqual(["1"]);
  });

  it("reads Windows-1252 with a notice", () => {
    const found = update(Uint8Array.from([...new TextEncoder().encode("id,a\nx,Stra"), 0xdf, 0x65]), {
      entities: [{ kind: "Sensor", id: ["id"], fields: { name: "a" } }],
    });
    expect(found.entities[0]?.fields).toEqual({ name: "Straße" });
    expect(codes(found)).toMatchObject({ "table-encoding": 1 });
  });
});

describe("JSON", () => {
  it("reads GeoJSON features by dotted columns", () => {
    const body = JSON.stringify({
      type: "FeatureCollection",
      features: [
        {
          type: "Feature",
          properties: { id: 7, level: "3.5", at: 1_700_000_000 },
          geometry: { type: "Point", coordinates: [-122.4, 37.75] },
        },
        { type: "Feature", properties: { id: 8, level: null, at: 1_700_000_000 }, geometry: null },
        "junk",
      ],
    });
    const found = update(body, {
      rows: "features",
      time: { format: "epoch-seconds" },
      entities: [
        {
          kind: "Sensor",
          id: ["properties.id"],
          fields: { value: "properties.level", name: "properties.label" },
          observedAt: ["properties.at"],
          position: { geojson: "geometry" },
        },
      ],
    });
    expect(found.entities.map(({ sourceId, position, fields }) => [sourceId, position, fields])).toEqual([
      ["7", [-122.4, 37.75], { value: 3.5, name: null }],
      ["8", null, { value: null, name: null }],
    ]);
    expect(codes(found)).toEqual({ "table-bad-row": 1, "table-missing-column": 1, "table-place-missing": 1 });
  });

  it("tells the same of numbers and of the texts that write them", () => {
    const options: TableOptions = {
      time: { format: "epoch-seconds" },
      absent: ["-999", "9.0"],
      where: { use: { notIn: ["7"] } },
      entities: [
        {
          kind: "Sensor",
          id: ["id", "use"],
          fields: {
            name: "name",
            property: { column: "level", map: { "1": "one", "46.5": "half" } },
            value: { column: "value", absent: ["-1"], times: 2 },
          },
          observedAt: ["at"],
          position: { lon: "lon", lat: "lat" },
        },
      ],
    };
    const number = fc.constantFrom(0, 1, -1, 7, 9, -999, 46.5, -122.4, 37.8, 1e21, 1e-7, 1_795_420_800);
    const members = ["id", "use", "name", "level", "value", "at", "lon", "lat"];
    const row = fc.record(Object.fromEntries(members.map((name) => [name, number])));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 6 }), (rows) => {
        const texts = JSON.stringify(rows, (_, value: unknown) =>
          typeof value === "number" ? String(value) : value,
        );
        expect(update(JSON.stringify(rows), options)).toEqual(update(texts, options));
      }),
      { seed: 7 },
    );
  });

  it("reads a body that is one row itself", () => {
    const options: TableOptions = {
      rows: ".",
      time: { format: "ISO" },
      entities: [
        { kind: "Sensor", id: ["properties.id"], fields: { value: "properties.level" }, observedAt: ["at"] },
      ],
    };
    const body = { type: "Feature", at: "2026-01-05T11:00:00Z", properties: { id: 7, level: 3 } };
    expect(update(JSON.stringify(body), options).entities).toMatchObject([
      { sourceId: "7", fields: { value: 3 } },
    ]);
    expect(update("{}", options).entities).toEqual([]);
    expect(failure("[]", options)).toContain('a list of rows at "."');
  });
});

describe("several rows of one call", () => {
  const calls: TableOptions = {
    time: { format: "ISO" },
    entities: [
      {
        kind: "DispatchCall",
        from: "rows",
        id: ["call"],
        fields: {
          callType: "type",
          callAt: { column: "received", pick: "min" },
          dispatchedAt: { column: "dispatched", pick: "min" },
          closedAt: { column: "available", pick: "max-of-all" },
          units: { count: "dispatched" },
        },
        observedAt: ["received", "dispatched", "available"],
        position: { text: "place", order: "lat,lon" },
        durations: { callToDispatchSeconds: { from: "callAt", to: "dispatchedAt" } },
        status: { by: [{ present: "closedAt", status: "closed" }], otherwise: "open" },
      },
    ],
  };
  const rows = [
    'c1,fire,2026-11-01T10:00:00Z,2026-11-01T10:03:00Z,2026-11-01T11:00:00Z,"(37.75011, -122.40011)"',
    'c1,fire,2026-11-01T10:00:00Z,2026-11-01T10:02:00Z,,"(37.75011, -122.40011)"',
    "c1,fire,2026-11-01T10:00:00Z,,,",
    "c2,medical,2026-11-01T12:00:00Z,2026-11-01T11:00:00Z,2026-11-01T12:30:00Z,",
  ];
  const body = (lines: readonly string[]): string =>
    ["call,type,received,dispatched,available,place", ...lines].join("\n");

  it("are one call, open until its last unit is available", () => {
    const [first, second] = update(body(rows), calls).entities;
    expect(first).toMatchObject({
      sourceId: "c1",
      observedAt: Date.UTC(2026, 10, 1, 11),
      fields: { units: 2, status: "open", closedAt: null, callToDispatchSeconds: 120 },
    });
    expect(second).toMatchObject({ fields: { status: "closed", callToDispatchSeconds: null } });
  });

  it("lie on a grid of 100 m", () => {
    expect(update(body(rows), calls).entities[0]?.position).not.toEqual([-122.40011, 37.75011]);
  });

  it("give no duration when time runs backwards", () => {
    expect(codes(update(body(rows), calls))).toMatchObject({ "table-time-order": 1 });
  });

  it("tell the same in any order", () => {
    const expected = byId(update(body(rows), calls).entities);
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
        expect(byId(update(body(shuffled), calls).entities)).toEqual(expected);
      }),
      { seed: 4 },
    );
  });
});

describe("whatever comes", () => {
  const cell = fc.oneof(
    fc.constantFrom(
      "",
      "0",
      "-1",
      "37.75",
      "-122.4",
      "a",
      "b",
      "true",
      "2026-11-22T10:00:00Z",
      "null",
      '"',
      "1e999",
    ),
    fc.string(),
  );

  it("never throws on bytes", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom("", "PK\u0003\u0004", "[", "{", header),
        (bytes, start) => {
          const body = Uint8Array.from([...new TextEncoder().encode(start), ...bytes]);
          expect(() => decode(body, sensors)).not.toThrow();
        },
      ),
      { seed: 5, numRuns: 500 },
    );
  });

  it("never throws on JSON", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom("", "a", "a.b.c"), (body, rows) => {
        expect(() => decode(body, { ...sensors, rows })).not.toThrow();
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it("bears JSON nested deeper than the stack", () => {
    const deep = `[{"id":"a","name":${"[".repeat(200_000)}${"]".repeat(200_000)}}]`;
    expect(() => decode(deep, sensors)).not.toThrow();
  });

  it("tells the same of the same rows, in any order and again", () => {
    const table = fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), cell, cell, cell, cell, cell), {
      maxLength: 12,
    });
    const quoted = (rows: readonly (readonly string[])[]): string =>
      [header, ...rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(","))].join(
        "\n",
      );
    fc.assert(
      fc.property(
        table.chain((rows) =>
          fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
        ),
        ([rows, shuffled]) => {
          const first = decode(quoted(rows), sensors);
          expect(decode(quoted(rows), sensors)).toEqual(first);
          const again = decode(quoted(shuffled), sensors);
          expect(again.ok && byId(again.value.entities)).toEqual(first.ok && byId(first.value.entities));
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });
});
