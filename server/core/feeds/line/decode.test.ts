import fc from "fast-check";
import { expect, test } from "vitest";
import type { EntityOf } from "../../../../shared/entity.ts";
import { listFeedCases } from "../../../../fixtures/feed-cases.ts";
import type { ConnectorFeed, Update } from "../connector.ts";
import { line } from "./decode.ts";
import type { LineOptions, Take } from "./options.ts";

const receivedAt = Date.UTC(2026, 10, 23, 12);
/** A minute earlier, in nanoseconds and a little more. */
const stamp = "1795435140123456789";
const stampAt = 1_795_435_140_123;

const feedWith = (options: LineOptions = {}): ConnectorFeed<LineOptions> => ({
  id: "telegraf",
  spec: "line",
  zone: "Europe/Berlin",
  bounds: [-4.2, 50, -4, 50.5],
  url: null,
  options,
});

function tried(body: string | Uint8Array, options: LineOptions = {}, precision = "ns", memory?: unknown) {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const part = { name: "body", url: `line:?precision=${precision}`, bytes };
  return line.decode(part, feedWith(options), receivedAt, memory);
}

function decode(...args: Parameters<typeof tried>): Update {
  const result = tried(...args);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

const sensors = ({ entities }: Update) => entities as readonly EntityOf<"Sensor">[];
/** `property=value` of each sensor. */
const values = (update: Update) =>
  sensors(update).map(({ fields }) => `${fields.property}=${String(fields.value)}`);
const codes = (update: Update) => update.notices.map(({ code }) => code);
const example = (update: Update, code: string) =>
  update.notices.find((notice) => notice.code === code)?.example;

test.each(listFeedCases("line"))("$name becomes what was expected", ({ bytes, expected, options }) => {
  const update = decode(bytes, options as LineOptions);
  expect(JSON.parse(JSON.stringify({ ...update, memory: undefined }))).toEqual(expected);
});

test("a line without rules: all tags name the thing, every field is a sensor", () => {
  const update = decode(`weather,station=quay,level=2 temp=21.5,wind=3i ${stamp}`);
  expect(update).toMatchObject({ mode: "partial", scope: "body", publishedAt: null, notices: [] });
  expect(sensors(update)[0]).toEqual({
    id: "telegraf/Sensor/quay%7C2%7Cweather.temp",
    kind: "Sensor",
    feedId: "telegraf",
    sourceId: "quay|2|weather.temp",
    observedAt: stampAt,
    receivedAt,
    position: null,
    quality: "good",
    fields: { name: "quay|2", property: "weather.temp", value: 21.5 },
  });
  expect(values(update)).toEqual(["weather.temp=21.5", "weather.wind=3"]);
});

test.each([
  ["1", 1],
  ["-1.50", -1.5],
  ["+2", 2],
  [".5", 0.5],
  ["5.", 5],
  ["1e3", 1000],
  ["-1.25E-2", -0.0125],
  ["98.51851851851852", 98.51851851851852],
  ["0.30000000000000004", 0.30000000000000004],
  ["12345678901234567890.5", 12345678901234567000],
  ["0i", 0],
  ["-42i", -42],
  ["9007199254740993i", 9007199254740992],
  ["9223372036854775807i", 2 ** 63],
  ["-9223372036854775808i", -(2 ** 63)],
  ["18446744073709551615u", 2 ** 64],
  ["t", 1],
  ["T", 1],
  ["true", 1],
  ["True", 1],
  ["TRUE", 1],
  ["f", 0],
  ["F", 0],
  ["false", 0],
  ["False", 0],
  ["FALSE", 0],
])("a field value %s is %d", (text, value) => {
  expect(sensors(decode(`m,t=1 f=${text} ${stamp}`))[0]!.fields.value).toBe(value);
});

test("every number is the double that its text means", () => {
  const numbers = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.integer().map((n) => n / 1000),
  );
  fc.assert(
    fc.property(numbers, (number) => {
      const update = decode(`m,t=1 f=${number} ${stamp}`);
      expect(sensors(update)[0]!.fields.value! + 0).toBe(number + 0);
    }),
    { seed: 4, numRuns: 3_000 },
  );
});

test.each([
  ["m", "missing fields"],
  ["m,t=1", "missing fields"],
  ["m,t=1 ", "missing fields"],
  [",t=1 f=1", "missing measurement"],
  ["m,=1 f=1", "missing tag key"],
  ["m, f=1", "missing tag key"],
  ["m,t= f=1", "missing tag value"],
  ["m,t f=1", "missing tag value"],
  ["m,t=1=2 f=1", "missing tag value"],
  ["m,t=1,t=2 f=1", "duplicate tags"],
  ["m f", "invalid field format"],
  ["m =1", "missing field key"],
  ["m f=1,", "missing field key"],
  ["m f=1,,g=2", "missing field key"],
  ["m f=", "missing field value"],
  ["m f=,g=1", "missing field value"],
  ['m f="open', "unbalanced quotes"],
  ['m f="a"b', "invalid field format"],
  ["m f=1x", "invalid field format"],
  ["m f=1.5i", "invalid number"],
  ["m f=-1u", "invalid number"],
  ["m f=-", "invalid number"],
  ["m f=1e", "invalid number"],
  ["m f=9223372036854775808i", "out of range"],
  ["m f=18446744073709551616u", "out of range"],
  ["m f=1e999", "out of range"],
  ["m f=nan", "invalid boolean"],
  ["m f=tRUE", "invalid boolean"],
  ["m f=1 12x", "bad timestamp"],
  ["m f=1 1.5", "bad timestamp"],
  ["m f=1 -", "bad timestamp"],
  ["m f=1 10000000000000000000", "bad timestamp"],
  ["m f=1 1 2", "bad timestamp"],
])("%s: %s, and the lines around it are kept", (bad, fault) => {
  const update = decode(`a,t=1 f=1 ${stamp}\n${bad}\nb,t=1 f=2 ${stamp}\n`);
  expect(values(update)).toEqual(["a.f=1", "b.f=2"]);
  expect(update.refused).toMatchObject({ count: 1, line: 2 });
  expect(update.refused!.reason).toMatch(new RegExp(`: ${fault}$`));
  expect(example(update, "line-syntax")).toMatch(/^body line 2: unable to parse /);
  expect(codes(update)).toEqual(["line-syntax"]);
});

test("escapes in measurement, tags and field keys; a backslash before anything else is itself", () => {
  const update = decode(String.raw`a\,b\ c\=d,ta\ g\==va\,l\ u\e f\=i\,e\ ld\x=1 ` + stamp);
  expect(sensors(update)[0]!.fields).toEqual({
    name: String.raw`va,l u\e`,
    property: String.raw`a,b c\=d.f=i,e ld\x`,
    value: 1,
  });
});

test("a string may hold quotes, commas, equals signs, spaces and line feeds; what is behind it is still read", () => {
  const options = { measurements: [{ measurement: "m", id: ["t"], fields: { g: "g" } }] };
  const update = decode(
    `m,t=1 f="a \\"b\\", c=d\n# no comment\\\\",g=2 ${stamp}\nm,t=2 g=bad\nm,t=3 g=4 ${stamp}`,
    options,
  );
  expect(values(update)).toEqual(["g=2", "g=4"]);
  expect(update.refused).toMatchObject({ count: 1, line: 3 });
});

test("without rules nothing was declared to be a number: texts are only counted", () => {
  expect(decode(`m,t=1 f="text",g=1 ${stamp}`)).toMatchObject({
    entities: [{ fields: { property: "m.g" } }],
    notices: [{ code: "line-unmapped", severity: "info", count: 1 }],
  });
});

test("a text where a number was declared is left out, and the notice does not quote it", () => {
  const options = { measurements: [{ measurement: "m", id: ["t"], fields: { f: "f", g: "g" } }] };
  const update = decode(`m,t=1 f="Jane Doe",g=1 ${stamp}`, options);
  expect(values(update)).toEqual(["g=1"]);
  expect(update.notices).toEqual([
    {
      code: "line-not-number",
      severity: "error",
      count: 1,
      example: 'body line 1: field "f" of "m": a text, expected a number',
    },
  ]);
});

test("values that together are beyond all numbers are left out, the others stay", () => {
  const options = {
    measurements: [
      { measurement: "m", id: ["t"], fields: { f: { property: "f", take: "mean" as const }, g: "g" } },
    ],
  };
  const update = decode(`m,t=1 f=-1e308,g=1 ${stamp}\nm,t=1 f=-1e308 ${stamp}`, options);
  expect(values(update)).toEqual(["g=1"]);
  expect(update.notices).toMatchObject([{ code: "line-overflow", severity: "error", count: 1 }]);
});

test("comments, blank lines, CRLF, leading and surplus blanks, a byte order mark", () => {
  const body = `\uFEFF# made by hand\r\n\r\n  a,t=1   f=1   ${stamp}  \r\n\t# more "quotes\nb,t=1 f=2 \t${stamp}\r\n#`;
  expect(values(decode(body))).toEqual(["a.f=1", "b.f=2"]);
});

test.each([
  ["ns", stamp, stampAt],
  ["n", stamp, stampAt],
  ["us", "1795435140123999", stampAt],
  ["u", "1795435140123000", stampAt],
  ["ms", "1795435140123", stampAt],
  ["s", "1795435140", 1_795_435_140_000],
  ["m", "29923919", 1_795_435_140_000],
  ["h", "498731", 1_795_431_600_000],
])("precision %s: %s", (precision, text, at) => {
  expect(sensors(decode(`m,t=1 f=1 ${text}`, {}, precision))[0]!.observedAt).toBe(at);
});

test("nanoseconds that no double holds keep their millisecond and their order", () => {
  const [early, late] = ["1795435140999999998", "1795435140999999999"];
  const update = decode(`m,t=1 f=2 ${late}\nm,t=1 f=1 ${early}`);
  expect(sensors(update)).toMatchObject([{ observedAt: 1_795_435_140_999, fields: { value: 2 } }]);
});

test("the precision of the feed holds where the request says none", () => {
  const bytes = new TextEncoder().encode("m,t=1 f=1 1795435140");
  const update = line.decode({ name: "body", url: null, bytes }, feedWith({ precision: "s" }), receivedAt);
  expect(update).toMatchObject({ value: { entities: [{ observedAt: 1_795_435_140_000 }] } });
});

test("a missing timestamp is never silently now: the age is not known, and a notice says so", () => {
  const update = decode("m,t=1 f=1");
  expect(sensors(update)[0]).toMatchObject({ observedAt: null, fields: { value: 1 } });
  expect(update.notices).toMatchObject([{ code: "line-no-time", severity: "warning", count: 1 }]);
});

test.each([
  ["1795435140", "line-early", /1970-01-01T00:00:01\.795Z, expected after 2000; perhaps the precision/],
  ["-1", "line-early", /1969-12-31T23:59:59\.999Z/],
  ["1795439999000000000", "line-future", /expected not after it was received, 2026-11-23T12:00:00\.000Z/],
])("a time that cannot be believed, %s, is not", (text, code, words) => {
  const update = decode(`m,t=1 f=1 ${text}\nm,t=1 f=2 ${stamp}\nm,t=1 f=3 ${text}`);
  expect(sensors(update)).toMatchObject([{ observedAt: stampAt, fields: { value: 2 } }]);
  expect(example(update, code)).toMatch(words);
  expect(sensors(decode(`m,t=1 f=1 ${text}`))[0]!.observedAt).toBeNull();
});

test("the newest sample of a body counts, whatever the order; of one instant the last", () => {
  const at = (seconds: number) => `${1_795_435_000 + seconds}000000000`;
  const update = decode(`m,t=1 f=1 ${at(1)}\nm,t=1 f=3 ${at(3)}\nm,t=1 f=2 ${at(2)}\nm,t=1 f=4 ${at(3)}`);
  expect(sensors(update)).toMatchObject([{ observedAt: 1_795_435_003_000, fields: { value: 4 } }]);
});

test.each<[Take, number]>([
  ["newest", 51],
  ["mean", 48],
  ["min", 41],
  ["max", 52],
  ["sum", 142],
  ["count", 3],
])("take %s of 20, 25.5 and 25, doubled and 1 more", (take, value) => {
  const fields = { f: { property: "p", times: 2, plus: 1, take } };
  const options = { measurements: [{ measurement: "m", id: ["t"], fields }] };
  const body = ["20 1795435001000", "25.5 1795435002000", "25 1795435003000"];
  const update = decode(body.map((text) => `m,t=1 f=${text}`).join("\n"), options, "ms");
  expect(sensors(update)).toMatchObject([{ observedAt: 1_795_435_003_000, fields: { value } }]);
});

const air: LineOptions = {
  measurements: [
    {
      measurement: "air",
      where: { network: "city" },
      id: ["station"],
      name: "street",
      position: { lon: "lon", lat: "lat" },
      fields: { pm25: "pm2.5", temp_f: { property: "temperature", times: 5 / 9, plus: -160 / 9 } },
    },
  ],
  places: { b: [-4.1, 50.2] },
};

test("rules say what is read: thing, name, property, unit", () => {
  const update = decode(
    `air,network=city,station=a,street=Quay\\ 1 pm25=7,temp_f=212,humidity=40 ${stamp}\n` +
      `air,network=other,station=a pm25=9 ${stamp}\ncpu,host=x usage=1 ${stamp}\nair,network=city pm25=3 ${stamp}`,
    air,
  );
  expect(sensors(update).map(({ sourceId, fields }) => [sourceId, fields.name])).toEqual([
    ["a|pm2.5", "Quay 1"],
    ["a|temperature", "Quay 1"],
  ]);
  expect(sensors(update)[1]!.fields.value).toBeCloseTo(100, 9);
  expect(update.notices.filter(({ code }) => !code.startsWith("line-place"))).toEqual([
    {
      code: "line-unmapped",
      severity: "info",
      count: 3,
      example: 'body line 1: field "humidity" of "air": no rule names it',
    },
    {
      code: "line-no-id",
      severity: "error",
      count: 1,
      example: 'body line 4: field "pm25" of "air": expected the tags station',
    },
  ]);
});

test("places from tags, from fields, and declared; one that cannot be believed is named and left out", () => {
  const key = (station: string) => `air,network=city,station=${station}`;
  const places = (body: string) => sensors(decode(body, air)).map(({ position }) => position);
  expect(places(`${key("a")},lat=50.1,lon=-4.15 pm25=1 ${stamp}`)).toEqual([[-4.15, 50.1]]);
  expect(places(`${key("a")} lon=-4.15,pm25=1,lat=50.1 ${stamp}`)).toEqual([[-4.15, 50.1]]);
  expect(places(`${key("b")} pm25=1 ${stamp}`)).toEqual([[-4.1, 50.2]]);
  expect(places(`${key("a")} pm25=1 ${stamp}`)).toEqual([null]);
  const swapped = decode(`${key("a")},lat=-4.15,lon=50.1 pm25=1 ${stamp}`, air);
  expect(sensors(swapped)[0]!.position).toBeNull();
  expect(codes(swapped)).toEqual(["line-place-swapped"]);
});

test("what an earlier body left behind saves work and changes nothing", () => {
  const bodies = [1, 2, 3].map(
    (n) => `m,t=${n % 2} f=${n},g=${n}i ${1_795_435_000 + n}000000000\nm,t=x g=1,f=2 ${stamp}\nbad line`,
  );
  let memory: unknown;
  for (const body of bodies) {
    const { memory: left, ...update } = decode(body, {}, "ns", memory);
    const { memory: _, ...fresh } = decode(body);
    expect(update).toEqual(fresh);
    memory = left;
  }
});

test("so many series that the memory is given up between bodies, and none is lost", () => {
  const body = (from: number) =>
    Array.from({ length: 60_000 }, (_, i) => `m,t=${from + i} f=${i} ${stamp}`).join("\n");
  const first = decode(body(0));
  expect(first.entities.length).toBe(60_000);
  expect(decode(body(30_000), {}, "ns", first.memory).entities.length).toBe(60_000);
});

test.each(['{"a": 1}', "temperature 21", new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0])])(
  "a body of which no line holds is unreadable: %s",
  (body) => {
    expect(tried(body)).toMatchObject({ ok: false, failure: { class: "unreadable" } });
  },
);

test("a body of comments alone says nothing, which is no fault", () => {
  expect(decode("# started\n")).toMatchObject({ entities: [], notices: [] });
});

test("bodies cut and broken anywhere never throw, and lose no line that stands before the damage", () => {
  const good = Array.from({ length: 20 }, (_, i) => `m,host=h${i} f=${i}.5,s="a, \\"b\\" = c",b=t ${stamp}`);
  const body = new TextEncoder().encode(good.join("\n"));
  fc.assert(
    fc.property(
      fc.nat(body.length - 1),
      fc.nat(255),
      fc.boolean(),
      fc.array(fc.tuple(fc.nat(body.length - 1), fc.nat(255)), { maxLength: 4 }),
      (at, byte, isCut, more) => {
        const broken = isCut ? body.slice(0, at) : body.slice();
        if (!isCut) broken[at] = byte;
        const whole = body.subarray(0, Math.min(at, ...more.map(([place]) => place)));
        for (const [place, other] of more) if (place < broken.length) broken[place] = other;
        const result = tried(broken);
        const before = whole.filter((one) => one === 0x0a).length;
        if (result.ok) expect(result.value.entities.length).toBeGreaterThanOrEqual(2 * before);
        else expect(broken.includes(0) || before === 0).toBe(true);
      },
    ),
    { seed: 7, numRuns: 1_500 },
  );
});

test("any bytes at all are read in bounded time", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      tried(bytes);
    }),
    { seed: 9, numRuns: 2_000 },
  );
  const quotes = 'm f="\n'.repeat(50_000);
  const startedAt = performance.now();
  tried(quotes);
  tried(`m f=${"1".repeat(1_000_000)}\nm f=${"1".repeat(100_000)}i\n`);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
