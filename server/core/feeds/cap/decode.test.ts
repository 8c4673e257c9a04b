import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listFeedCases } from "../../../../fixtures/feed-cases.ts";
import type { Geometry } from "geojson";
import type { ConnectorFeed, Update } from "../connector.ts";
import { cap } from "./decode.ts";
import { inForce, type CapOptions } from "./options.ts";

const receivedAt = Date.UTC(2026, 0, 5, 12);
const url = "https://warn.example/feed.xml";

function feed(options: CapOptions = {}): ConnectorFeed<CapOptions> {
  const bounds = [-122.52, 37.7, -122.35, 37.83] as const;
  return { id: "warnings", spec: "cap", zone: "America/Los_Angeles", bounds, url, options };
}

function decode(body: string | Uint8Array, options: CapOptions = {}, at = receivedAt): Update {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const result = cap.decode({ name: "body", url, bytes }, feed(options), at);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

function failure(body: string): string {
  const result = cap.decode({ name: "body", url, bytes: new TextEncoder().encode(body) }, feed(), receivedAt);
  if (result.ok) throw new Error("decoded");
  expect(result.failure.class).toBe("unreadable");
  return result.failure.message;
}

const square = "37.7,-122.5 37.7,-122.4 37.8,-122.4 37.8,-122.5 37.7,-122.5";

interface Info {
  readonly language?: string;
  readonly event?: string;
  readonly headline?: string;
  readonly severity?: string;
  readonly expires?: string;
  readonly area?: string;
}

function info({
  language,
  event = "Flood",
  headline,
  severity = "Severe",
  expires,
  area,
}: Info = {}): string {
  return `<info>${language ? `<language>${language}</language>` : ""}<category>Met</category><event>${event}</event>
    <urgency>Immediate</urgency><severity>${severity}</severity><certainty>Likely</certainty>
    <expires>${expires ?? "2026-01-06T12:00:00-00:00"}</expires>${headline ? `<headline>${headline}</headline>` : ""}
    ${area ?? `<area><areaDesc>Bay</areaDesc><polygon>${square}</polygon></area>`}</info>`;
}

interface Head {
  readonly id?: string;
  readonly hour?: number;
  readonly status?: string;
  readonly type?: string;
  readonly references?: string;
  readonly infos?: string;
}

function sent(hour: number): string {
  return `2026-01-05T${String(hour).padStart(2, "0")}:00:00-00:00`;
}

function alert({
  id = "A",
  hour = 8,
  status = "Actual",
  type = "Alert",
  references,
  infos = info(),
}: Head = {}): string {
  return `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>${id}</identifier><sender>met@x</sender>
    <sent>${sent(hour)}</sent><status>${status}</status><msgType>${type}</msgType><scope>Public</scope>
    ${references === undefined ? "" : `<references>${references}</references>`}${infos}</alert>`;
}

function atom(...alerts: string[]): string {
  const entries = alerts.map((one) => `<entry><content type="text/xml">${one}</content></entry>`).join("");
  return `<feed xmlns="http://www.w3.org/2005/Atom"><updated>2026-01-05T11:59:00Z</updated>${entries}</feed>`;
}

const idsOf = (update: Update): string[] => update.entities.map((entity) => entity.sourceId);
const codesOf = (update: Update): string[] => update.notices.map((notice) => notice.code);
const area = (inner: string): string =>
  alert({ infos: info({ area: `<area><areaDesc>Bay</areaDesc>${inner}</area>` }) });
const keyOf = (id: string, hour: number): string =>
  `met@x,${id},2026-01-05T${String(hour).padStart(2, "0")}:00:00.000Z`;
const tripleOf = (id: string, hour: number): string => `met@x,${id},${sent(hour)}`;

describe("recorded alerts", () => {
  test.each(listFeedCases("cap"))("$name", ({ bytes, expected }) => {
    const result = cap.decode(
      { name: "body", url, bytes },
      { ...feed(), bounds: [-180, -90, 180, 90] },
      receivedAt,
    );
    if (!result.ok) throw new Error(result.failure.message);
    const { entities, notices, mode, version, follow = [], removed = [] } = result.value;
    const shapes = entities.map(({ geometry, position }) => geometry?.type ?? (position ? "Point" : null));
    const found = notices.map(({ code, severity, count }) => ({ code, severity, count }));
    const warnings = entities.map(({ fields }) => fields);
    expect({
      mode,
      version,
      warnings,
      shapes,
      follow: follow.length,
      removed: removed.length,
      notices: found,
    }).toEqual(expected);
  });
});

test("a bare alert is news about itself alone", () => {
  const update = decode(alert());
  expect(update).toMatchObject({ mode: "partial", scope: "body", version: "1.2", removed: [], notices: [] });
  expect(update.entities).toEqual([
    {
      id: "warnings/CapAlert/met%40x%2CA%2C2026-01-05T08%3A00%3A00.000Z",
      kind: "CapAlert",
      feedId: "warnings",
      sourceId: keyOf("A", 8),
      observedAt: Date.UTC(2026, 0, 5, 8),
      receivedAt,
      position: null,
      quality: "good",
      geometry: {
        type: "Polygon",
        coordinates: [
          [
            [-122.5, 37.7],
            [-122.4, 37.7],
            [-122.4, 37.8],
            [-122.5, 37.8],
            [-122.5, 37.7],
          ],
        ],
      },
      fields: {
        identifier: "A",
        sender: "met@x",
        status: "Actual",
        msgType: "Alert",
        scope: "Public",
        sentAt: Date.UTC(2026, 0, 5, 8),
        categories: ["Met"],
        event: "Flood",
        urgency: "Immediate",
        severity: "Severe",
        certainty: "Likely",
        headline: null,
        language: "en-US",
        effectiveAt: null,
        onsetAt: null,
        expiresAt: Date.UTC(2026, 0, 6, 12),
        areaDesc: "Bay",
        geocodes: [],
      },
    },
  ]);
});

describe("chains of messages", () => {
  const update = alert({ id: "B", hour: 9, type: "Update", references: tripleOf("A", 8) });
  const cancel = alert({
    id: "C",
    hour: 10,
    type: "Cancel",
    references: `${tripleOf("A", 8)}\n ${tripleOf("B", 9)}`,
    infos: "",
  });

  test("an update takes the place of what it refers to, in whatever order they come", () => {
    expect(idsOf(decode(atom(alert(), update)))).toEqual([keyOf("B", 9)]);
    expect(idsOf(decode(atom(update, alert())))).toEqual([keyOf("B", 9)]);
  });

  test("a cancel ends all that it refers to and is no warning itself", () => {
    expect(idsOf(decode(atom(cancel, alert(), update)))).toEqual([]);
  });

  test("what was said in earlier bodies is removed by id, each of its warnings", () => {
    const { removed, entities } = decode(cancel);
    expect(entities).toEqual([]);
    const [first] = decode(alert()).entities;
    const second = decode(alert({ infos: info() + info({ event: "Storm" }) })).entities[1];
    expect(removed).toContain(first?.id);
    expect(removed).toContain(second?.id);
    expect(decode(atom(update)).removed).toBeUndefined();
  });

  test("a reference holds in any spelling of the same instant, and under the sender's other name", () => {
    const spelled = alert({
      id: "B",
      hour: 9,
      type: "Update",
      references: "office,A,2026-01-05T10:00:00+02:00",
    });
    expect(idsOf(decode(atom(alert(), spelled)))).toEqual([keyOf("B", 9)]);
  });

  test("a cancelled exercise leaves the real warning alone", () => {
    const drill = alert({
      id: "C",
      hour: 9,
      status: "Exercise",
      type: "Cancel",
      references: tripleOf("A", 8),
    });
    expect(idsOf(decode(atom(alert(), drill)))).toEqual([keyOf("A", 8)]);
    expect(decode(drill).removed).not.toContain(decode(alert()).entities[0]?.id);
    const test = alert({ status: "Exercise" });
    expect(idsOf(decode(atom(test, drill)))).toEqual([]);
  });

  test("references that cannot be right are notices and end nothing", () => {
    const self = alert({ type: "Update", references: tripleOf("A", 8) });
    const later = alert({ id: "D", hour: 7, type: "Cancel", references: `${tripleOf("A", 8)} nonsense` });
    const missing = alert({ id: "E", type: "Update" });
    const decoded = decode(atom(self, later, missing));
    expect(idsOf(decoded)).toEqual([keyOf("A", 8), keyOf("E", 8)]);
    expect(codesOf(decoded)).toEqual(["cap-reference-to-later", "cap-bad-reference", "cap-no-references"]);
  });

  test("acknowledgements and errors are no warnings", () => {
    expect(idsOf(decode(atom(alert({ type: "Ack" }), alert({ id: "B", type: "Error" }))))).toEqual([]);
  });
});

describe("blocks", () => {
  const en = info({ language: "en-CA", event: "thunderstorm", headline: "storm" });
  const fr = info({ language: "fr-CA", event: "orage", headline: "orage" });

  test("one warning in two languages is one, in the wanted language", () => {
    const languageOf = (options: CapOptions): unknown[] =>
      decode(alert({ infos: fr + en }), options).entities.map(({ fields }) =>
        "language" in fields ? fields.language : null,
      );
    expect(languageOf({})).toEqual(["en-CA"]);
    expect(languageOf({ languages: ["de", "fr"] })).toEqual(["fr-CA"]);
    expect(languageOf({ languages: ["de"] })).toEqual(["fr-CA"]);
  });

  test("a warning read in English keeps its Chinese headline, or its event", () => {
    const zh = info({ language: "zh-CN", event: "雷暴", headline: "雷暴黄色预警" });
    const wordsOf = (infos: string): unknown[] =>
      decode(alert({ infos })).entities.map(({ fields }) =>
        "headlineZh" in fields ? [fields.headline, fields.headlineZh] : null,
      );
    expect(wordsOf(zh + en)).toEqual([["storm", "雷暴黄色预警"]]);
    expect(wordsOf(fr + en)).toEqual([null]);
  });

  test("several events are several warnings, each in one language", () => {
    const rain = info({ language: "en-CA", event: "rain", severity: "Minor" });
    const pluie = info({ language: "fr-CA", event: "pluie", severity: "Minor" });
    const { entities } = decode(alert({ infos: en + rain + fr + pluie }));
    expect(entities.map((one) => ("event" in one.fields ? one.fields.event : null))).toEqual([
      "thunderstorm",
      "rain",
    ]);
    expect(new Set(entities.map((one) => one.id)).size).toBe(2);
  });

  test("a second block of the same warning adds its areas", () => {
    const more = info({
      area: `<area><areaDesc>Hills</areaDesc><geocode><valueName>UGC</valueName><value>CAZ508</value></geocode></area>`,
    });
    const [entity, ...rest] = decode(alert({ infos: info() + more })).entities;
    expect(rest).toEqual([]);
    expect(entity?.fields).toMatchObject({ areaDesc: "Bay; Hills", geocodes: ["UGC:CAZ508"] });
    expect(entity?.geometry?.type).toBe("Polygon");
  });

  test("an alert without a block is still a warning", () => {
    const [entity] = decode(alert({ infos: "" })).entities;
    expect(entity?.fields).toMatchObject({ identifier: "A", areaDesc: null });
    expect(entity?.fields).not.toHaveProperty("severity");
  });

  test("more blocks than anyone needs are cut, with a notice", () => {
    const infos = Array.from({ length: 5000 }, (_, at) => info({ event: `event ${at}` })).join("");
    const update = decode(alert({ infos }));
    expect(update.entities).toHaveLength(32);
    expect(codesOf(update)).toContain("cap-too-many-infos");
  });
});

describe("areas", () => {
  const shapeOf = (body: string): Geometry | undefined => decode(body).entities[0]?.geometry;

  test("several areas, polygons and circles are one geometry", () => {
    const two = `<polygon>${square}</polygon></area><area><areaDesc>Sea</areaDesc><circle>37.75,-122.6 5</circle>`;
    const [entity] = decode(area(two)).entities;
    expect(entity?.geometry?.type).toBe("MultiPolygon");
    expect(entity?.fields).toMatchObject({ areaDesc: "Bay; Sea" });
    expect(entity?.position).toBeNull();
  });

  test("a circle is a ring of 64 points at its radius around its centre", () => {
    const [entity] = decode(area("<circle> 37.75,-122.4  11.12 </circle>")).entities;
    expect(entity?.position).toEqual([-122.4, 37.75]);
    const [ring] = (entity!.geometry as { coordinates: number[][][] }).coordinates;
    expect(ring).toHaveLength(65);
    expect(ring?.at(-1)).toEqual(ring?.[0]);
    expect(Math.max(...ring!.map((point) => point[1]!))).toBeCloseTo(37.85, 3);
    expect(Math.max(...ring!.map((point) => point[0]!))).toBeCloseTo(
      -122.4 + 0.1 / Math.cos((37.75 * Math.PI) / 180),
      3,
    );
  });

  test("a circle without extent is a place", () => {
    const [entity] = decode(area("<circle>37.75,-122.4 0.0</circle>")).entities;
    expect([entity?.position, entity?.geometry]).toEqual([[-122.4, 37.75], undefined]);
  });

  test("an open polygon is closed, one that turns right is turned", () => {
    const open = decode(area("<polygon>37.8,-122.5 37.8,-122.4 37.7,-122.4</polygon>"));
    expect(codesOf(open)).toEqual(["cap-polygon-open"]);
    expect(open.entities[0]?.geometry).toMatchObject({
      coordinates: [
        [
          [-122.5, 37.8],
          [-122.4, 37.7],
          [-122.4, 37.8],
          [-122.5, 37.8],
        ],
      ],
    });
  });

  test("polygons that cross themselves or have no inside are named", () => {
    const bow = decode(
      area("<polygon>37.7,-122.5 37.8,-122.4 37.8,-122.5 37.7,-122.4 37.7,-122.5</polygon>"),
    );
    expect(codesOf(bow)).toEqual(["cap-polygon-crossing"]);
    const line = decode(area("<polygon>37.7,-122.5 37.8,-122.4 37.7,-122.5</polygon>"));
    expect([codesOf(line), line.entities[0]?.geometry]).toEqual([
      ["cap-polygon-points", "cap-no-area"],
      undefined,
    ]);
  });

  test("geocodes alone leave the warning without a shape", () => {
    const update = decode(area("<geocode><valueName>EMMA_ID</valueName><value> DE051 </value></geocode>"));
    expect(update.entities[0]).toMatchObject({ position: null, fields: { geocodes: ["EMMA_ID:DE051"] } });
    expect(update.entities[0]?.geometry).toBeUndefined();
    expect(codesOf(update)).toEqual(["cap-geocodes-only"]);
  });

  test.each([
    ["zh-CN", "洪水预警", "Flood warning", false],
    ["zh-CN", "Flood warning", undefined, true],
    [undefined, "洪水蓝色预警信号", undefined, true],
    ["en-GB", "Typhoon 颱風", undefined, false],
    ["ja", "こうずいけいほう", undefined, false],
    ["ru-RU", "Flood warning", undefined, true],
    ["el", "Πλημμύρα", undefined, false],
    ["x-klingon", "Flood warning", undefined, false],
    ["zh-CN", "SOS", undefined, false],
  ])("language %s with event %s and headline %s: noticed %s", (language, event, headline, isNoticed) => {
    const block = info({ event, ...(language && { language }), ...(headline && { headline }) });
    expect(codesOf(decode(alert({ infos: block }))).includes("cap-language")).toBe(isNoticed);
  });

  test("longitude before latitude, metres and nonsense are refused; another state is not", () => {
    const swapped = square.replace(/(\S+),(\S+)/g, "$2,$1");
    expect(codesOf(decode(area(`<polygon>${swapped}</polygon>`)))).toContain("cap-place-swapped");
    expect(codesOf(decode(area("<circle>4548678,-13625634 3</circle>")))).toContain("cap-place-metres");
    expect(codesOf(decode(area("<circle>37.7,-122.4 -3</circle>")))).toContain("cap-bad-circle");
    expect(codesOf(decode(area("<polygon>37.7;-122.4 x</polygon>")))).toContain("cap-bad-pair");
    expect(codesOf(decode(area("<circle>46.6,-112.0 3</circle>")))).toEqual([]);
    expect(shapeOf(area("<circle>46.6,-112.0 3</circle>"))?.type).toBe("Polygon");
  });
});

describe("words and times", () => {
  test("white space and line breaks inside values do not count", () => {
    const body = alert()
      .replace("<status>Actual", "<status>\n  Actual\n ")
      .replace("Flood", "\n Flash\n   Flood ");
    expect(decode(body).entities[0]?.fields).toMatchObject({ status: "Actual", event: "Flash Flood" });
  });

  test("a prefix is only a name for the namespace; elements of others are not read", () => {
    const body = alert()
      .replaceAll(/<(\/?)(\w)/g, "<$1q:$2")
      .replace("xmlns=", "xmlns:q=")
      .replace(
        "<q:identifier>",
        '<identifier>no</identifier><x:identifier xmlns:x="urn:x">no</x:identifier><q:identifier>',
      );
    expect(idsOf(decode(body))).toEqual([keyOf("A", 8)]);
  });

  test("words of no list are no words", () => {
    const update = decode(alert({ infos: info({ severity: "Foobar" }), status: "actual" }));
    expect(update.entities[0]?.fields).toMatchObject({ severity: null, status: "Actual" });
    expect(codesOf(update)).toEqual(["cap-bad-word"]);
  });

  test("a time without zone is the city's, an impossible one is none", () => {
    const update = decode(alert({ infos: info({ expires: "2026-01-06T12:00:00" }) }));
    expect(update.entities[0]?.fields).toMatchObject({ expiresAt: Date.UTC(2026, 0, 6, 20) });
    expect(codesOf(update)).toEqual(["cap-time-without-zone"]);
    const impossible = decode(alert({ infos: info({ expires: "2026-02-30T12:00:00-00:00" }) }));
    expect(impossible.entities[0]?.fields).toMatchObject({ expiresAt: null });
    expect(codesOf(impossible)).toEqual(["cap-bad-time"]);
  });

  test("sent in the future says nothing about now", () => {
    const update = decode(alert({ hour: 20 }));
    expect(update.entities[0]?.observedAt).toBeNull();
    expect(codesOf(update)).toEqual(["cap-time-in-future"]);
  });

  test("a body whose warnings are all over says so", () => {
    const over = alert({ infos: info({ expires: "2026-01-05T11:00:00-00:00" }) });
    expect(codesOf(decode(over))).toEqual(["cap-all-expired"]);
    expect(codesOf(decode(atom(over, alert({ id: "B" }))))).toEqual([]);
  });

  test("exercises are kept as what they are, and only real warnings in force count", () => {
    const statuses = ["Actual", "Exercise", "System", "Test", "Draft"];
    const { entities } = decode(atom(...statuses.map((status, at) => alert({ id: String(at), status }))));
    const counted = entities.filter(
      ({ fields }) => "status" in fields && fields.status === inForce["status"],
    );
    expect([entities.length, counted.length]).toEqual([5, 1]);
    expect(inForce).toEqual({ status: "Actual", expiresAt: { past: false } });
  });
});

describe("what alerts come in", () => {
  test("links of an Atom feed are followed, oldest first, the alert before its page", () => {
    const body = `<feed xmlns="http://www.w3.org/2005/Atom">
      <entry><updated>2026-01-05T10:00:00Z</updated><link rel="alternate" type="text/html" href="/page"/>
        <link rel="alternate" type="application/cap+xml" href="/b.cap"/></entry>
      <entry><updated>2026-01-05T09:00:00Z</updated><link href="a.cap"/></entry>
      <entry><link href="javascript:x"/></entry></feed>`;
    const update = decode(body);
    expect(update.follow).toEqual([
      { name: "https://warn.example/a.cap", url: "https://warn.example/a.cap" },
      { name: "https://warn.example/b.cap", url: "https://warn.example/b.cap" },
    ]);
    expect([update.mode, codesOf(update)]).toEqual(["full", ["cap-bad-link"]]);
    // That it was read does not mean that its messages were; when it names none, there are none.
    expect(update.speaksOf).toEqual([]);
    expect(decode('<feed xmlns="http://www.w3.org/2005/Atom"></feed>').speaksOf).toEqual(["CapAlert"]);
  });

  test("items of an RSS feed are followed", () => {
    const item = (link: string, date: string) =>
      `<item><link>${link}</link><pubDate>${date}</pubDate></item>`;
    const body = `<rss version="2.0"><channel><lastBuildDate>Mon, 05 Jan 2026 11:00:00 GMT</lastBuildDate>
      ${item("https://x.example/2", "Mon, 05 Jan 2026 10:00:00 +0000")}${item("https://x.example/1", "Mon, 05 Jan 2026 09:00:00 GMT")}
      ${item("https://warn.example/feed.xml", "")}</channel></rss>`;
    const update = decode(body);
    expect(update.follow?.map((one) => one.url)).toEqual(["https://x.example/1", "https://x.example/2"]);
    expect([update.publishedAt, codesOf(update)]).toEqual([Date.UTC(2026, 0, 5, 11), ["cap-bad-link"]]);
  });

  test("a feed whose date moves only with its content is as new as its answer, if it is said to be such", () => {
    const body = `<feed xmlns="http://www.w3.org/2005/Atom"><updated>2025-12-01T00:00:00Z</updated></feed>`;
    expect(decode(body).publishedAt).toBe(Date.UTC(2025, 11, 1));
    expect(decode(body, { date: "changed" }).publishedAt).toBeNull();
  });

  test("an envelope sent as an exercise makes an exercise of what is in it", () => {
    const envelope = (status: string) =>
      `<e:EDXLDistribution xmlns:e="urn:oasis:names:tc:emergency:EDXL:DE:1.0"><e:dateTimeSent>2026-01-05T11:00:00Z</e:dateTimeSent>
      <e:distributionStatus>${status}</e:distributionStatus><e:contentObject><e:xmlContent><e:embeddedXMLContent>${alert()}
      </e:embeddedXMLContent></e:xmlContent></e:contentObject><e:contentObject/></e:EDXLDistribution>`;
    expect(decode(envelope("Actual")).entities[0]?.fields).toMatchObject({ status: "Actual" });
    const drill = decode(envelope("Exercise"));
    expect(drill.entities[0]?.fields).toMatchObject({ status: "Exercise" });
    expect(codesOf(drill)).toEqual(["cap-edxl-no-alert", "cap-envelope-status"]);
  });

  test("a message that comes twice counts once", () => {
    const update = decode(atom(alert(), alert()));
    expect([update.entities.length, codesOf(update)]).toEqual([1, ["cap-duplicate"]]);
  });

  test("what holds no alerts fails by its name", () => {
    expect(failure("<html><body>404</body></html>")).toContain("<html>");
    expect(failure("404 Not Found")).toContain('text starting with "404 Not Found"');
    expect(failure(alert().slice(0, 200))).toContain("well-formed XML");
    expect(failure("")).toContain("an empty body");
  });
});

describe("hostile input", () => {
  test("damaged documents never throw, and an entry that is wrong leaves its neighbours alone", () => {
    const values = fc.oneof(
      fc.string(),
      fc.constantFrom("", "NaN", "1e999", "-1", "2026-13-45T99:99:99Z", "a,b,c", ",,,", "&lol;"),
    );
    const elements = fc.constantFrom(
      "identifier",
      "sender",
      "sent",
      "status",
      "msgType",
      "scope",
      "event",
      "severity",
      "expires",
      "polygon",
    );
    fc.assert(
      fc.property(elements, values, fc.nat(4), (element, value, copies) => {
        const text = value.replace(/[<&>]/g, "");
        const broken = alert({ id: "X" }).replace(
          new RegExp(`<${element}>[^<]*</${element}>`),
          `<${element}>${text}</${element}>`.repeat(copies),
        );
        const result = cap.decode(
          { name: "body", url, bytes: new TextEncoder().encode(atom(alert(), broken, alert({ id: "B" }))) },
          feed(),
          receivedAt,
        );
        // A character that XML forbids makes the document no XML, which is a failure of the body.
        if (result.ok)
          expect(idsOf(result.value)).toEqual(expect.arrayContaining([keyOf("A", 8), keyOf("B", 8)]));
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  test("cut and flipped bytes never throw", () => {
    const sound = new TextEncoder().encode(
      atom(alert(), alert({ id: "B", type: "Update", references: tripleOf("A", 8) })),
    );
    fc.assert(
      fc.property(fc.nat(sound.length), fc.nat(sound.length - 1), fc.nat(255), (cut, at, byte) => {
        const bytes = sound.slice(0, cut);
        if (at < bytes.length) bytes[at] = byte;
        cap.decode({ name: "body", url: null, bytes }, feed(), receivedAt);
      }),
      { seed: 8, numRuns: 500 },
    );
  });

  test("huge polygons, many references and bombs cost little", () => {
    const points = Array.from(
      { length: 100_000 },
      (_, at) => `${37 + (at % 1000) / 1000},-122.${at % 997}`,
    ).join(" ");
    const references = Array.from({ length: 20_000 }, (_, at) => tripleOf(`R${at}`, 1)).join(" ");
    const laughs = `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "${"&a;".repeat(1000)}">]>`;
    const body =
      laughs +
      alert({
        type: "Update",
        references,
        infos: info({
          headline: "&b;".repeat(1000),
          area: `<area><areaDesc>x</areaDesc><polygon>${points}</polygon></area>`,
        }),
      });
    const startedAt = performance.now();
    const update = decode(body);
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(update.entities[0]?.fields).toMatchObject({ headline: null });
    expect(update.removed?.length).toBeLessThan(10_000);
  });
});
