import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasRecordings, listFeedCases } from "../../../../fixtures/feed-cases.ts";
import type { EntityOf } from "../../../../shared/entity.ts";
import type { Result } from "../../../../shared/result.ts";
import type { ConnectorFeed, Failure, Part, Update } from "../connector.ts";
import { open311 } from "./decode.ts";
import type { Open311Options } from "./options.ts";
import { playRequests } from "./play.ts";

const receivedAt = Date.UTC(2026, 10, 23);

function feedOf(options: Open311Options = {}): ConnectorFeed<Open311Options> {
  return {
    id: "requests",
    spec: "open311",
    zone: "America/Los_Angeles",
    bounds: [-122.52, 37.7, -122.35, 37.83],
    url: "https://city.example/open311/v2/?api_key=k",
    options,
  };
}

type Body = string | object | Uint8Array;

function bytesOf(body: Body): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
}

function decode(body: Body, options: Open311Options = {}, part: Partial<Part> = {}): Result<Update, Failure> {
  return open311.decode(
    { name: "body", url: null, bytes: bytesOf(body), ...part },
    feedOf(options),
    receivedAt,
  );
}

function update(body: Body, options?: Open311Options, part?: Partial<Part>): Update {
  const decoded = decode(body, options, part);
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value;
}

function requests(found: Update): readonly EntityOf<"ServiceRequest">[] {
  return found.entities.flatMap((entity) => (entity.kind === "ServiceRequest" ? [entity] : []));
}

function codes(found: Update): Record<string, number> {
  return Object.fromEntries(found.notices.map(({ code, count }) => [code, count]));
}

const request = {
  service_request_id: 7,
  status: "open",
  service_code: "006",
  service_name: "Sidewalk",
  requested_datetime: "2026-11-20T10:00:00-08:00",
  updated_datetime: "2026-11-21T10:00:00-08:00",
  lat: 37.75,
  long: -122.4,
};

function summary(decoded: Result<Update, Failure>): unknown {
  if (!decoded.ok) return { failure: decoded.failure };
  const found = requests(decoded.value);
  const statuses: Record<string, number> = {};
  for (const { fields } of found)
    statuses[String(fields.status)] = (statuses[String(fields.status)] ?? 0) + 1;
  const times = found.flatMap(({ observedAt }) => observedAt ?? []);
  const [first, last] = [found[0], found.at(-1)];
  return {
    requests: found.length,
    statuses,
    withPosition: found.filter(({ position }) => position !== null).length,
    withUpdate: found.filter(({ fields }) => fields.updatedAt !== null).length,
    withExpected: found.filter(({ fields }) => fields.expectedAt !== null).length,
    observedFrom: times.length > 0 ? new Date(Math.min(...times)).toISOString() : null,
    observedTo: times.length > 0 ? new Date(Math.max(...times)).toISOString() : null,
    notices: decoded.value.notices,
    first: first ? { observedAt: first.observedAt, position: first.position, fields: first.fields } : null,
    last: last ? { observedAt: last.observedAt, position: last.position, fields: last.fields } : null,
  };
}

describe("recorded answers", () => {
  it.each(listFeedCases("open311"))("$name", ({ bytes, expected }) => {
    expect(summary(decode(bytes))).toEqual(expected);
  });
});

describe("what hurts consumers of GeoReport v2", () => {
  it("speaks XML and JSON, which say the same", () => {
    const members = Object.entries(request).map(([name, value]) => `<${name}>${value}</${name}>`);
    const xml = `<?xml version="1.0"?><service_requests><request>${members.join("\n")}</request></service_requests>`;
    const both = [update(xml), update([request]), update({ requests: [request] }), update(request)];
    for (const found of both) expect(found).toEqual(both[0]);
    expect(requests(both[0]!)[0]).toMatchObject({
      sourceId: "7",
      observedAt: Date.UTC(2026, 10, 21, 18),
      position: [-122.4, 37.75],
      fields: { status: "open", serviceCode: "006", closedAt: null },
    });
  });

  it("needs nothing but the id", () => {
    const found = update([{ service_request_id: "7" }]);
    expect(requests(found)[0]).toMatchObject({ observedAt: null, position: null, fields: { status: null } });
    expect(codes(found)).toEqual({
      "open311-no-observed-at": 1,
      "open311-place-missing": 1,
      "open311-status": 1,
    });
  });

  it("reads address_string for address, and lon and lng for long", () => {
    const { long: lon, ...rest } = request;
    const found = requests(
      update([
        { ...rest, lon, address_string: "1  Main St" },
        { ...rest, service_request_id: 8, lng: lon, address: "2 Main St" },
      ]),
    );
    expect(found.map(({ position, fields }) => [position, fields.address])).toEqual([
      [[-122.4, 37.75], "1 Main St"],
      [[-122.4, 37.75], "2 Main St"],
    ]);
  });

  it("finds no place in an address_id alone, nor in a national grid", () => {
    const { lat: _lat, long: _long, ...rest } = request;
    const found = update([
      { ...rest, address_id: 545_483 },
      { ...rest, service_request_id: 8, lat: 180_000, long: 531_000 },
    ]);
    expect(requests(found).map(({ position }) => position)).toEqual([null, null]);
    expect(codes(found)).toEqual({ "open311-place-missing": 1, "open311-place-impossible": 1 });
  });

  it.each([
    [undefined, "requests.json?api_key=k&start_date"],
    ["", "requests.json?api_key=k&jurisdiction_id=&start_date"],
    ["city.example", "requests.json?api_key=k&jurisdiction_id=city.example&start_date"],
  ])("sends jurisdiction_id %j as the endpoint wants it", (jurisdictionId, expected) => {
    const [fetch] = open311.next(feedOf({ jurisdictionId }), null, receivedAt);
    expect(fetch?.url).toContain(`https://city.example/open311/v2/${expected}`);
  });

  it("bears an empty service list, also as null", () => {
    for (const body of ["null", "[]", "<services/>"])
      expect(codes(update(body, {}, { name: "services" }))).toEqual({ "open311-no-services": 1 });
  });

  it("remembers a token, asks for it each round, and then for its request", () => {
    const waiting = update([{ token: "abc" }]);
    expect(waiting.cursor).toEqual({ "token:abc": receivedAt });
    const [, asked] = open311.next(feedOf(), waiting.cursor ?? null, receivedAt + 60_000);
    expect(asked).toEqual({
      name: "token:abc",
      url: "https://city.example/open311/v2/tokens/abc.json?api_key=k",
    });
    const stillWaiting = update([{ token: "abc" }], {}, { name: "token:abc" });
    expect([stillWaiting.cursor, stillWaiting.follow]).toEqual([{}, []]);
    const known = update([{ token: "abc", service_request_id: "7" }], {}, { name: "token:abc" });
    expect(known.cursor).toEqual({ "token:abc": "" });
    expect(known.follow?.map(({ url }) => url)).toEqual([
      "https://city.example/open311/v2/requests/7.json?api_key=k",
    ]);
    expect(open311.next(feedOf(), waiting.cursor ?? null, receivedAt + 31 * 86_400_000)).toHaveLength(1);
  });

  it("ignores extensions, and what is not for the public", () => {
    const found = update([
      {
        ...request,
        media_url: "http://x/1.jpg",
        extended_attributes: { a: [1] },
        description: "call Ann, 555",
      },
      { ...request, service_request_id: 8, non_public: 1 },
    ]);
    expect(requests(found).map(({ sourceId }) => sourceId)).toEqual(["7"]);
    expect(JSON.stringify(found)).not.toMatch(/jpg|Ann/);
    expect(codes(found)).toEqual({ "open311-not-public": 1 });
  });

  it("takes the newest of repeated requests, whatever their order", () => {
    const closed = { ...request, status: "closed", updated_datetime: "2026-11-22T10:00:00-08:00" };
    for (const body of [
      [request, closed, request],
      [closed, request, request],
    ]) {
      const found = update(body);
      expect(requests(found).map(({ fields }) => fields.status)).toEqual(["closed"]);
      expect(codes(found)).toEqual({ "open311-duplicate-id": 2 });
    }
  });

  it("notices times that cannot be, and keeps the request", () => {
    const found = update([
      { ...request, updated_datetime: "yesterday" },
      { ...request, service_request_id: 8, updated_datetime: "2027-01-01T00:00:00Z" },
      { ...request, service_request_id: 9, status: "closed", updated_datetime: "2026-11-01T00:00:00Z" },
    ]);
    expect(requests(found).map(({ fields }) => fields.daysToCloseSeconds)).toEqual([null, null, null]);
    expect(codes(found)).toEqual({ "open311-bad-time": 1, "open311-future": 1, "open311-time-order": 1 });
  });

  it("reads times without a zone in the city's", () => {
    const found = update([{ ...request, updated_datetime: "2026-11-21 10:00:00.0" }]);
    expect(requests(found)[0]?.observedAt).toBe(Date.UTC(2026, 10, 21, 18));
  });

  it("keeps a status of the endpoint's own, with a notice", () => {
    const found = update([{ ...request, status: "In Progress" }]);
    expect(requests(found)[0]?.fields.status).toBe("in progress");
    expect(codes(found)).toEqual({ "open311-status": 1 });
  });

  it("takes the value that is a time of a name that JSON repeats, not the flag after it", () => {
    const found = update(
      '[{"service_request_id":1,"status":"open","lat":37.75,"long":-122.4,"requested_datetime":"2026-11-20","updated_datetime":"2026-11-21","a \\"} b":"{","updated_datetime":"null"},' +
        '{"service_request_id":2,"status":"open","lat":37.75,"long":-122.4,"requested_datetime":"2026-11-20","address":":","a":":\\":","updated_datetime":"null","updated_datetime":"true"}]',
    );
    expect(requests(found).map(({ fields }) => fields.updatedAt)).toEqual([Date.UTC(2026, 10, 21, 8), null]);
    expect(codes(found)).toEqual({ "open311-repeated-name": 2 });
  });

  it("caps how many requests a body may hold", () => {
    const decoded = decode(Array.from({ length: 50_001 }, (_, i) => ({ service_request_id: i })));
    expect(decoded).toMatchObject({ ok: false, failure: { class: "too-large" } });
  });

  it("says what the endpoint said was wrong, also with status 200", () => {
    const xml =
      "<errors><error><code>400</code><description>jurisdiction_id was not provided</description></error></errors>";
    for (const body of [xml, [{ code: 400, description: "jurisdiction_id was not provided" }]])
      expect(decode(body)).toMatchObject({
        ok: false,
        failure: { message: expect.stringContaining("400: jurisdiction_id was not provided") as string },
      });
  });

  it("reads no entities of a document's own", () => {
    const bomb = `<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "${"&a;".repeat(1000)}"><!ENTITY f SYSTEM "file:///etc/passwd">]>
      <service_requests><request><service_request_id>7</service_request_id><address>&b;&f;</address></request></service_requests>`;
    expect(requests(update(bomb))[0]?.fields.address).toBeNull();
  });
});

describe("pages", () => {
  const first = (options: Open311Options, cursor: Update["cursor"] = {}): Pick<Part, "name" | "url"> => {
    const [fetch] = open311.next(feedOf(options), cursor, receivedAt);
    return { name: fetch!.name, url: fetch!.url };
  };
  const at = (id: number, time: string): object => ({
    ...request,
    service_request_id: id,
    requested_datetime: time,
    updated_datetime: time,
  });
  const asked = (found: Update): readonly (string | null)[] => {
    const url = new URL(found.follow?.[0]?.url ?? "none:");
    return ["start_date", "end_date", "updated_after", "updated_before", "page"].map((name) =>
      url.searchParams.get(name),
    );
  };

  it("asks for the last days by the time of the request", () => {
    expect(first({ windowDays: 2 }).url).toBe(
      "https://city.example/open311/v2/requests.json?api_key=k&start_date=2026-11-21T00%3A00%3A00Z&end_date=2026-11-23T00%3A00%3A00Z",
    );
  });

  it("asks from the newest update on, with an overlap for late ones", () => {
    const part = first({ ask: "updated", overlapSeconds: 600 });
    const found = update(
      [at(2, "2026-11-22T10:00:00Z"), at(1, "2026-11-22T09:00:00Z")],
      { ask: "updated" },
      part,
    );
    expect(found.cursor).toEqual({ updatedAt: Date.UTC(2026, 10, 22, 10) });
    expect(first({ ask: "updated", overlapSeconds: 600 }, found.cursor).url).toContain(
      "updated_after=2026-11-22T09%3A50%3A00Z&updated_before=2026-11-23T00%3A00%3A00Z",
    );
  });

  it("ends the next page where a full one ended, newest first", () => {
    const options: Open311Options = { pageSize: 2 };
    const found = update(
      [at(2, "2026-11-22T10:00:00Z"), at(1, "2026-11-22T09:00:00.5Z")],
      options,
      first(options),
    );
    expect(found.follow?.[0]?.name).toBe("requests page 2");
    expect(asked(found).slice(0, 2)).toEqual(["2026-11-16T00:00:00Z", "2026-11-22T09:00:01Z"]);
    const part = { name: "requests page 2", url: found.follow![0]!.url };
    const next = update([at(1, "2026-11-22T09:00:00.5Z"), at(0, "2026-11-20T09:00:00Z")], options, part);
    expect(asked(next)[1]).toBe("2026-11-20T09:00:00Z");
    expect(next.cursor).toEqual({});
    expect(update([at(0, "2026-11-20T09:00:00Z")], options, part).follow).toEqual([]);
  });

  it("starts the next page where a full one ended, oldest first", () => {
    const options: Open311Options = { pageSize: 2, ask: "updated" };
    const found = update(
      [at(1, "2026-11-22T09:00:00Z"), at(2, "2026-11-22T10:00:00Z")],
      options,
      first(options),
    );
    expect(asked(found).slice(2, 4)).toEqual(["2026-11-22T10:00:00Z", "2026-11-23T00:00:00Z"]);
  });

  it("does not ask for the same second for ever", () => {
    const options: Open311Options = { pageSize: 2 };
    const same = [at(1, "2026-11-22T09:00:00Z"), at(2, "2026-11-22T09:00:00Z")];
    let found = update(same, options, first(options));
    const ends = new Set<string | null>();
    for (let page = 0; page < 3; page++) {
      ends.add(asked(found)[1] ?? null);
      found = update(same, options, { name: found.follow![0]!.name, url: found.follow![0]!.url });
    }
    expect(ends.size).toBe(3);
  });

  it("counts pages where the endpoint does", () => {
    const options: Open311Options = { pageSize: 1, paging: "page" };
    expect(asked(update([at(1, "2026-11-22T09:00:00Z")], options, first(options)))[4]).toBe("2");
  });

  it("notices a full page that no time leads on from", () => {
    const options: Open311Options = { pageSize: 1 };
    const found = update([{ service_request_id: 1 }], options, first(options));
    expect(found.follow).toEqual([]);
    expect(codes(found)).toMatchObject({ "open311-page-cut": 1 });
  });
});

describe("whatever comes", () => {
  it("never throws", () => {
    const names = fc.constantFrom(
      "service_request_id",
      "status",
      "requested_datetime",
      "lat",
      "long",
      "token",
      "code",
    );
    const entry = fc.dictionary(names, fc.oneof(fc.string(), fc.integer(), fc.jsonValue()));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.json(),
          fc.array(entry),
          fc.string().map((text) => `<${text}`),
        ),
        fc.constantFrom("requests", "services", "body", "token:a"),
        (body, name) => {
          const part = { name, url: "https://city.example/requests.json?start_date=x" };
          expect(() => decode(body, { pageSize: 1 }, part)).not.toThrow();
        },
      ),
      { seed: 9, numRuns: 500 },
    );
  });

  it("tells the same of the same requests, in any order and again", () => {
    const some = fc.array(
      fc.record({
        service_request_id: fc.constantFrom("1", "2", "3"),
        status: fc.constantFrom("open", "closed", "null"),
        requested_datetime: fc.constantFrom("2026-11-20T10:00:00Z", "2026-11-21T10:00:00Z", ":27.7"),
        service_name: fc.string(),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(
        some.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([list, shuffled]) => {
          const sorted = (found: Update): unknown =>
            [...requests(found)].sort((a, b) => (a.id < b.id ? -1 : 1));
          expect(update(list)).toEqual(update(list));
          expect(sorted(update(shuffled))).toEqual(sorted(update(list)));
        },
      ),
      { seed: 10 },
    );
  });
});

describe.runIf(hasRecordings)("playing the recorded requests", () => {
  it("opens and closes them as it happened and ends as recorded", () => {
    const recorded = listFeedCases("open311").find(({ name }) => name === "requests-2010-11")!.bytes;
    const played = playRequests({ name: "body", url: null, bytes: recorded }, feedOf());
    if (!played.ok) throw new Error(played.failure.message);
    const playback = played.value;
    const { fromAt, toAt } = playback.span!;
    expect(new Date(fromAt).toISOString()).toBe("2010-11-11T14:47:50.237Z");
    const openAt = (at: number): readonly number[] => {
      const found = requests(update(playback.stepAt(at).bytes));
      return [found.length, found.filter(({ fields }) => fields.status === "open").length];
    };
    expect([openAt(fromAt), openAt(toAt)]).toEqual([
      [1, 1],
      [1000, 673],
    ]);
    const state = new Map(
      requests(update(playback.stepAt(fromAt).bytes)).map((each) => [each.id, each] as const),
    );
    for (const { bytes, mode } of playback.stepsBetween(fromAt, toAt)) {
      expect(mode).toBe("partial");
      for (const each of requests(update(bytes))) state.set(each.id, each);
    }
    const byId = (list: Iterable<EntityOf<"ServiceRequest">>): unknown =>
      [...list].sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(byId(state.values())).toEqual(byId(requests(update(recorded))));
  });
});
