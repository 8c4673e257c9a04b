import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasRecordings, listFeedCases, readRecording } from "../../../../fixtures/feed-cases.ts";
import type { EntityOf } from "../../../../shared/entity.ts";
import type { ConnectorFeed, Update } from "../connector.ts";
import { datex2 } from "./decode.ts";
import type { Datex2Options } from "./options.ts";
import { compareVersions } from "./situation.ts";

const receivedAt = Date.UTC(2026, 0, 5, 12);
const url = "https://roads.example/situations.xml";

function feed(options: Datex2Options = {}): ConnectorFeed<Datex2Options> {
  return {
    id: "roads",
    spec: "datex2",
    zone: "Europe/Berlin",
    bounds: [9.7, 53.3, 10.4, 53.8],
    url,
    options,
  };
}

function decode(body: string | Uint8Array, options: Datex2Options = {}): Update {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const result = datex2.decode({ name: "body", url, bytes }, feed(options), receivedAt);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

/** Attributes and contents of a record; everything has its place in the namespace of 2.x. */
interface RecordXml {
  readonly id?: string | null;
  readonly version?: string;
  readonly type?: string;
  readonly at?: string;
  readonly inner?: string;
  readonly place?: string;
}

const point = (lat: number | string, lon: number | string): string =>
  `<pointByCoordinates><pointCoordinates><latitude>${lat}</latitude><longitude>${lon}</longitude></pointCoordinates></pointByCoordinates>`;
const here = point(53.5, 10);

function record({
  id = "R1",
  version = "1",
  type = "Accident",
  at = "2026-01-05T11:00:00Z",
  inner = "",
  place = here,
}: RecordXml = {}): string {
  const named = id === null ? "" : ` id="${id}"`;
  return `<situationRecord xsi:type="${type}"${named} version="${version}"><situationRecordVersionTime>${at}</situationRecordVersionTime>${inner}<groupOfLocations xsi:type="Point">${place}</groupOfLocations></situationRecord>`;
}

const situation = (records: string, id = "S1", version = "1", head = ""): string =>
  `<situation id="${id}" version="${version}">${head}${records}</situation>`;

function model(situations: string, exchange = ""): string {
  return `<?xml version="1.0" encoding="UTF-8"?><d2LogicalModel xmlns="http://datex2.eu/schema/2/2_0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" modelBaseVersion="2">
    <exchange>${exchange}</exchange><payloadPublication xsi:type="SituationPublication" lang="en"><publicationTime>2026-01-05T11:59:00Z</publicationTime>${situations}</payloadPublication></d2LogicalModel>`;
}

const situationsOf = (update: Update): EntityOf<"Situation">[] =>
  update.entities.flatMap((entity) => (entity.kind === "Situation" ? [entity] : []));
const only = (update: Update): EntityOf<"Situation"> => situationsOf(update)[0]!;
const codes = (update: Update): string[] => update.notices.map(({ code }) => code);
const one = (more: RecordXml): Update => decode(model(situation(record(more))));

describe("recorded and hand-made publications", () => {
  test.each(listFeedCases("datex2"))("$name", ({ bytes, expected }) => {
    const world: ConnectorFeed<Datex2Options> = { ...feed(), bounds: [-180, -90, 180, 90] };
    const part = { name: "body", url, bytes };
    const first = datex2.decode(part, world, receivedAt);
    if (!first.ok) throw new Error(first.failure.message);
    const decoded = datex2.decode(part, world, first.value.publishedAt!);
    if (!decoded.ok) throw new Error(decoded.failure.message);
    const { mode, version, publishedAt, removed = [], notices } = decoded.value;
    expect({
      mode,
      version,
      publishedAt: new Date(publishedAt!).toISOString(),
      removed,
      situations: situationsOf(decoded.value).map(
        ({ sourceId, observedAt, position, quality, geometry, validity, alertC, fields }) => ({
          id: sourceId,
          observedAt: observedAt === null ? null : new Date(observedAt).toISOString(),
          position,
          quality,
          ...(geometry ? { geometry } : {}),
          ...(validity ? { validity } : {}),
          ...(alertC ? { alertC } : {}),
          fields,
        }),
      ),
      notices: notices.map(({ code, severity, count }) => ({ code, severity, count })),
    }).toEqual(expected);
  });
});

describe("versions", () => {
  test("numbers are compared as numbers, times as times, and nothing else", () => {
    expect(compareVersions("9", "10")).toBeLessThan(0);
    expect(compareVersions("2026-01-05T12:00:00+01:00", "2026-01-05T11:00:00Z")).toBe(0);
    expect(compareVersions("2026-01-05T11:30:00Z", "2026-01-05T12:00:00+01:00")).toBeGreaterThan(0);
    expect([
      compareVersions("a", "b"),
      compareVersions(null, "1"),
      compareVersions("1", "2026-01-05T11:00:00Z"),
    ]).toEqual([0, 0, 0]);
  });

  test("a situation's newest version is the whole of it, wherever it stands", () => {
    const old = situation(record({ id: "gone" }) + record({ id: "kept" }), "S1", "9");
    const young = situation(record({ id: "kept", version: "2" }), "S1", "10");
    for (const body of [model(old + young), model(young + old)]) {
      const update = decode(body, { mode: "partial" });
      expect(situationsOf(update).map(({ sourceId, fields }) => [sourceId, fields.version])).toEqual([
        ["kept", "2"],
      ]);
      expect(update.removed).toEqual(["roads/Situation/gone"]);
      expect(update.notices.find(({ code }) => code === "datex2-replaced")?.count).toBe(2);
    }
  });

  test("unless only what changed of it is sent", () => {
    const old = situation(record({ id: "kept" }) + record({ id: "changed" }), "S1", "9");
    const young = situation(record({ id: "changed", version: "2" }), "S1", "10");
    const exchange = "<subscription><updateMethod>singleElementUpdate</updateMethod></subscription>";
    const update = decode(model(old + young, exchange));
    const versions = situationsOf(update).map(({ sourceId, fields }) => [sourceId, fields.version]);
    expect([versions, update.removed]).toEqual([
      [
        ["kept", "1"],
        ["changed", "2"],
      ],
      [],
    ]);
  });

  test("of one record the highest version counts, of equal ones the later", () => {
    const told = [
      record({ version: "1", at: "2026-01-05T11:30:00Z", type: "Accident" }),
      record({ version: "2", at: "2026-01-05T11:00:00Z", type: "AbnormalTraffic" }),
      record({ version: "2", at: "2026-01-05T11:20:00Z", type: "GeneralObstruction" }),
    ];
    expect(only(decode(model(situation(told.join(""))))).fields.recordType).toBe("GeneralObstruction");
    expect(only(decode(model(situation(told.toReversed().join(""))))).fields.recordType).toBe(
      "GeneralObstruction",
    );
  });

  test("two recordings of one record with the same version number: its time says which is newer", () => {
    if (!hasRecordings) return;
    const path = "finland-roads/datex2-v2/Datex2_2017-08-10-";
    const [before, after] = ["15-59-34-896", "16-10-01-680"].map((name) =>
      decode(readRecording(`${path}${name}.xml`), { mode: "partial" }),
    );
    expect(only(before!).fields).toMatchObject({
      situationId: "GUID50013339",
      version: "1",
      validityStatus: "active",
    });
    expect([after!.entities, after!.removed]).toEqual([[], ["roads/Situation/GUID5001357701"]]);
  });
});

describe("what an update says of what it does not name", () => {
  test.each([
    ["", "full"],
    ["<subscription><updateMethod>snapshot</updateMethod></subscription>", "full"],
    ["<subscription><updateMethod>allElementUpdate</updateMethod></subscription>", "partial"],
    ["<subscription><updateMethod>singleElementUpdate</updateMethod></subscription>", "partial"],
  ])("exchange %s: %s", (exchange, mode) => {
    expect(decode(model(situation(record()), exchange)).mode).toBe(mode);
    expect(decode(model(situation(record()), exchange), { mode: "partial" }).mode).toBe("partial");
    expect(decode(model(situation(record()), exchange), { mode: "full" }).mode).toBe("full");
  });

  test.each([
    ["snapshotPull", "full"],
    ["deltaPush", "partial"],
    ["simplePush", "full"],
  ])("codedExchangeProtocol %s: %s", (protocol, mode) => {
    const body = `<c:messageContainer modelBaseVersion="3" xmlns:c="http://datex2.eu/schema/3/messageContainer" xmlns:e="http://datex2.eu/schema/3/exchangeInformation" xmlns:s="http://datex2.eu/schema/3/situation" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
      <c:payload xsi:type="s:SituationPublication"/><c:exchangeInformation><e:exchangeContext><e:codedExchangeProtocol>${protocol}</e:codedExchangeProtocol></e:exchangeContext></c:exchangeInformation></c:messageContainer>`;
    expect(decode(body)).toMatchObject({ mode, version: "3", entities: [] });
  });

  test.each(["full", undefined] as const)("a break and a sign of life take nothing away, mode %s", (mode) => {
    const broken = decode(model("", "<deliveryBreak>true</deliveryBreak>"), { mode });
    expect([broken.mode, codes(broken)]).toEqual(["partial", ["datex2-delivery-break"]]);
    const alive = `<d2LogicalModel xmlns="http://datex2.eu/schema/2/2_0" modelBaseVersion="2"><exchange><keepAlive>true</keepAlive></exchange></d2LogicalModel>`;
    expect(decode(alive, { mode })).toMatchObject({ mode: "partial", entities: [], removed: [] });
  });

  test.each([
    "lifeCycleManagement><end",
    "lifeCycleManagement><cancel",
    "filterExitManagement><filterEnd",
    "filterExitManagement><filterOutOfRange",
  ])("a record is over by %s", (path) => {
    const [group, flag] = path.split("><");
    const inner = `<management><${group}><${flag}>true</${flag}></${group}></management>`;
    const body = model(situation(record({ inner }) + record({ id: "R2" })));
    expect(decode(body).entities.map(({ sourceId }) => sourceId)).toEqual(["R2"]);
    expect(decode(body, { mode: "partial" }).removed).toEqual(["roads/Situation/R1"]);
    expect(codes(decode(body))).toEqual(["datex2-ended"]);
  });

  test("informationManagement closes what it names", () => {
    const body = `<c:messageContainer modelBaseVersion="3" xmlns:c="http://datex2.eu/schema/3/messageContainer" xmlns:i="http://datex2.eu/schema/3/informationManagement">
      <c:informationManagement><i:informationManagedResourceList>
        <i:elementReference><i:managementStatus>closed</i:managementStatus><i:versionedReference id="R9" version="2"/></i:elementReference>
        <i:elementReference><i:managementStatus>open</i:managementStatus><i:reference id="R8"/></i:elementReference>
      </i:informationManagedResourceList></c:informationManagement></c:messageContainer>`;
    expect(decode(body)).toMatchObject({ mode: "partial", removed: ["roads/Situation/R9"] });
  });
});

describe("what publications come in", () => {
  test("SOAP envelopes and platform containers, by whatever prefix", () => {
    const bare = model(situation(record())).replace(/^<\?xml[^>]*\?>/, "");
    const soap = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>${bare}</s:Body></s:Envelope>`;
    const container = `<container xmlns="http://ws.bast.de/container/TrafficDataService"><header><Identifier/></header><body><xml schema="x">${bare}</xml><binary id="1" type="base64Binary">AA==</binary></body></container>`;
    expect(decode(soap).entities).toEqual(decode(bare).entities);
    expect(decode(container).entities).toEqual(decode(bare).entities);
    expect(codes(decode(container))).toEqual(["datex2-binary"]);
  });

  test("what is none says what it is instead", () => {
    expect(() => decode("<html><title>Roads</title></html>")).toThrow(/expected DATEX II.*found <html>/);
    expect(() => decode("{}")).toThrow(/expected XML/);
    expect(() => decode(model("").slice(0, 300))).toThrow(/expected/);
    const fault = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultstring>no subscription</faultstring></s:Fault></s:Body></s:Envelope>`;
    expect(() => decode(fault)).toThrow(/a SOAP fault: "no subscription"/);
  });

  test("a document type and its entities are not read", () => {
    const body = model(
      situation(record({ inner: "<generalPublicComment><comment>&x;</comment></generalPublicComment>" })),
    );
    const bomb = body.replace("?>", `?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>`);
    const update = decode(bomb);
    expect([codes(update), only(update).fields.name]).toEqual([["datex2-document-type"], null]);
  });

  test("the first wanted language that is there, one line of it, and nobody's number", () => {
    const comment = (...values: string[]): string =>
      `<generalPublicComment><comment><values>${values.join("")}</values></comment></generalPublicComment>`;
    const inner = comment(
      `<value lang="fi">Tietyö.\nPuh: 0206373330</value>`,
      `<value lang="sv-FI">Vägarbete.</value>`,
    );
    expect(only(one({ inner })).fields.name).toBe("Tietyö.");
    expect(only(decode(model(situation(record({ inner }))), { languages: ["sv"] })).fields.name).toBe(
      "Vägarbete.",
    );
    for (const text of ["Ask 0206 373 330", "Ask a@b.example"])
      expect(only(one({ inner: comment(`<value lang="en">${text}</value>`) })).fields.name).toBeNull();
    expect(
      only(one({ inner: comment(`<value lang="en">${"x".repeat(300)}</value>`) })).fields.name,
    ).toHaveLength(120);
  });
});

describe("places", () => {
  const list = (places: string, attributes = ""): RecordXml => ({
    place: `<gmlLineString ${attributes}><posList ${attributes}>${places}</posList></gmlLineString>`,
  });

  test("latitude comes first, unless only the other way round lies in the region", () => {
    const lines = [one(list("53.5 10 53.6 10.1")), one(list("10 53.5 10.1 53.6"))];
    for (const update of lines)
      expect(only(update).geometry).toEqual({
        type: "LineString",
        coordinates: [
          [10, 53.5],
          [10.1, 53.6],
        ],
      });
    expect(lines.map(codes)).toEqual([[], ["datex2-longitude-first"]]);
    expect(only(one(list("53.5 10 4 53.6 10.1 5", 'srsDimension="3"'))).geometry).toEqual(
      only(lines[0]!).geometry,
    );
  });

  test("a place far from the city is where it is", () => {
    const far = one({ place: point(65, 25) });
    expect([only(far).position, codes(far)]).toEqual([[25, 65], []]);
  });

  test("a record with an empty reference is where its situation is, one with OpenLR is not", () => {
    const openLr = "<linearExtension><openlrExtendedLinear/></linearExtension>";
    const records = [record(), record({ id: "R2", place: "" }), record({ id: "R3", place: openLr })].join("");
    const update = decode(model(situation(records) + situation(record({ id: "R4", place: "" }), "S2")));
    expect(situationsOf(update).map(({ position, quality }) => [position, quality])).toEqual([
      [[10, 53.5], "good"],
      [[10, 53.5], "estimated"],
      [null, "good"],
      [null, "good"],
    ]);
    expect(codes(update)).toEqual(["datex2-openlr", "datex2-place-of-situation"]);
  });

  test("a group by reference is named, and kept without a place", () => {
    const update = one({ place: `<predefinedLocationReference id="L1" version="1"/>` });
    expect([only(update).position, codes(update)]).toEqual([null, ["datex2-reference"]]);
  });

  test("Alert-C: point, line and area by their codes", () => {
    const table =
      "<alertCLocationCountryCode>6</alertCLocationCountryCode><alertCLocationTableNumber>17</alertCLocationTableNumber>";
    const location = (code: string): string =>
      `<alertCLocation><specificLocation>${code}</specificLocation></alertCLocation>`;
    const of = (place: string): unknown => only(one({ place })).alertC;
    expect(
      of(
        `<alertCPoint>${table}<alertCMethod2PrimaryPointLocation>${location("992")}</alertCMethod2PrimaryPointLocation></alertCPoint>`,
      ),
    ).toEqual([{ tableNumber: 17, type: "point", primary: { code: 992, offsetMetres: 0 }, secondary: null }]);
    expect(
      of(
        `<alertCLinear>${table}<locationCodeForLinearLocation><specificLocation>494</specificLocation></locationCodeForLinearLocation></alertCLinear>`,
      ),
    ).toMatchObject([{ type: "line", primary: { code: 494 } }]);
    expect(
      of(
        `<alertCArea>${table}<areaLocation><specificLocation>316</specificLocation></areaLocation></alertCArea>`,
      ),
    ).toMatchObject([{ type: "area", primary: { code: 316 } }]);
    const bad = one({
      place: `<alertCPoint>${table}<alertCMethod2PrimaryPointLocation>${location("99999")}</alertCMethod2PrimaryPointLocation></alertCPoint>`,
    });
    expect(codes(bad)).toContain("datex2-bad-code");
  });
});

test.each<[string, RecordXml, number]>([
  ["datex2-no-id", { id: null }, 0],
  ["datex2-bad-time", { at: "yesterday" }, 1],
  ["datex2-time-without-zone", { at: "2026-01-05T11:00:00" }, 1],
  ["datex2-future", { at: "2026-01-06T11:00:00Z" }, 1],
  [
    "datex2-time-order",
    {
      inner:
        "<validity><validityTimeSpecification><overallStartTime>2026-01-05T11:00:00Z</overallStartTime><overallEndTime>2026-01-04T11:00:00Z</overallEndTime></validityTimeSpecification></validity>",
    },
    1,
  ],
  [
    "datex2-recurrence",
    {
      inner:
        "<validity><validityTimeSpecification><validPeriod><recurringDayWeekMonthPeriod><applicableWeek>firstWeekOfMonth</applicableWeek></recurringDayWeekMonthPeriod></validPeriod></validityTimeSpecification></validity>",
    },
    1,
  ],
  ["datex2-place-swapped", { place: point(10, 53.5) }, 1],
  ["datex2-place-zero", { place: point(0, 0) }, 1],
  ["datex2-place-missing", { place: point("x", 10) }, 1],
  ["datex2-place-impossible", { place: point(153, 10) }, 1],
  ["datex2-bad-line", { place: "<gmlLineString><posList>53.5 10 53.6</posList></gmlLineString>" }, 1],
  [
    "datex2-openlr",
    {
      place:
        "<openlrExtendedLinear><openlrCoordinate><latitude>53.5</latitude></openlrCoordinate></openlrExtendedLinear>",
    },
    1,
  ],
])("%s keeps what it can of the record and the rest of the publication", (code, more, kept) => {
  const update = decode(model(situation(record(more) + record({ id: "sound" }))));
  expect(new Set(codes(update)).has(code)).toBe(true);
  expect(update.entities.length).toBe(1 + kept);
});

describe("whatever stands in its places", () => {
  const words = fc.oneof(
    fc.string(),
    fc.constantFrom("1", "-1", "NaN", "1e999", "53.5 10", "true", "2026-01-05T11:00:00Z"),
  );
  const escaped = words.map((text) => text.replace(/[&<>"\p{C}]/gu, ""));

  test("a bad record never loses another", () => {
    const names = [
      "situationRecordVersionTime",
      "validity",
      "management",
      "impact",
      "cause",
      "generalPublicComment",
      "posList",
      "latitude",
      "alertCPoint",
      "groupOfLocations",
    ];
    const tree = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        escaped,
        fc
          .tuple(fc.constantFrom(...names), fc.array(tie("node"), { maxLength: 3 }))
          .map(([name, inner]) => `<${name}>${inner.join("")}</${name}>`),
      ),
    })).node;
    fc.assert(
      fc.property(escaped, escaped, tree, tree, (id, version, inner, place) => {
        const bad = record({ id, version, inner, place });
        const ids = decode(model(situation(bad) + situation(record({ id: "sound" }), "S2"))).entities.map(
          ({ sourceId }) => sourceId,
        );
        expect(ids).toContain("sound");
      }),
      { seed: 11, numRuns: 400 },
    );
  });

  test("cut and changed bytes are a failure or an update, never a throw", () => {
    const good = new TextEncoder().encode(
      model(
        situation(
          record() +
            record({
              id: "R2",
              place: "<gmlLineString><posList>53.5 10 53.6 10.1</posList></gmlLineString>",
            }),
        ),
      ),
    );
    fc.assert(
      fc.property(
        fc.nat(good.length),
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 }),
        (length, changes) => {
          const bytes = good.slice(0, length < good.length / 4 ? good.length : length);
          for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
          const result = datex2.decode({ name: "body", url, bytes }, feed(), receivedAt);
          expect(typeof result.ok).toBe("boolean");
        },
      ),
      { seed: 12, numRuns: 400 },
    );
  });
});
