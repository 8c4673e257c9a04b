/**
 * What every connector promises, whatever its standard: one suite, run against each with all its golden cases. A new
 * connector is in it by being in `feeds/index.ts` and having cases in `fixtures/feeds/<spec>`.
 */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { City } from "../../server/core/city/city.ts";
import { emptyBatch } from "../../server/core/city/changes.ts";
import type { Connector, Update } from "../../server/core/feeds/connector.ts";
import { atOtherTimes, doubled, swapped } from "../../server/faults/garble.ts";
import { hasRecordings } from "../../fixtures/feed-cases.ts";
import { plan, plannedFeed } from "../planned-city.ts";
import { entryLists, type EntryList } from "./entries.ts";
import { unsoundness } from "./soundness.ts";
import { connectors, decode, listSpecimens, type Specimen } from "./specimens.ts";

const hourMs = 3_600_000;
/** DATEX II: a broken newest version of a situation brings no older one back. */
const isReplaced = /^a-datex2.*-older$/;
/** Cases up to this size are read again and again. */
const quickBytes = 100_000;

describe.each(connectors.map((connector) => ({ spec: connector.spec, connector })))(
  "$spec",
  ({ connector }) => {
    const specimens = listSpecimens(connector);
    const good = specimens.filter((specimen) => decode(connector, specimen).ok);
    const with_ = (specimen: Specimen, bytes: Uint8Array<ArrayBuffer>): Specimen => ({ ...specimen, bytes });
    const read = (specimen: Specimen, memory?: unknown): Update => {
      const decoded = decode(connector, specimen, memory);
      if (!decoded.ok) throw new Error(`${specimen.name}: ${decoded.failure.message}`);
      return decoded.value;
    };

    const quick = good.filter(({ bytes }) => bytes.length < quickBytes).slice(0, 10);
    const many = good.filter((one) => !quick.includes(one) && read(one).entities.length > 100);
    quick.push(
      ...many.toSorted((a, b) => a.bytes.length - b.bytes.length).slice(0, quick.length > 5 ? 1 : 0),
    );

    test("has a golden case that holds things", () => {
      if (specimens.length === 0 && !hasRecordings) return;
      expect(good.some((specimen) => read(specimen).entities.length > 0)).toBe(true);
    });

    test("gives sound updates of good bodies, and of all they become on a bad day", () => {
      for (const specimen of quick) {
        const { feed, receivedAt, bytes } = specimen;
        const bad = [bytes, bytes.slice(0, bytes.length >> 1), doubled(bytes), swapped(bytes)];
        const times = [hourMs / 1_000, 86_400 * 3_650, -86_400 * 3_650].map((seconds) =>
          atOtherTimes(bytes, seconds),
        );
        for (const body of [...bad, ...times, inMilliseconds(bytes)]) {
          const decoded = decode(connector, with_(specimen, body));
          if (decoded.ok)
            expect(unsoundness(connector, feed, receivedAt, decoded.value), specimen.name).toEqual([]);
          else expect(decoded.failure.message).not.toBe("");
        }
      }
    });

    test("never throws, on any bytes", () => {
      const [specimen] = specimens;
      if (!specimen) return;
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
          decode(connector, with_(specimen, new Uint8Array(bytes)));
        }),
        { seed: 5, numRuns: 300 },
      );
    });

    test("loses no more by a broken entry than by a missing one, and says what it lost", () => {
      for (const specimen of quick) {
        const list = listOfThings(connector, specimen);
        if (!list) continue;
        const all = idsOf(read(specimen));
        for (const i of new Set([0, list.count >> 1, list.count - 1])) {
          const without = read(with_(specimen, list.without(i)));
          for (const body of list.broken(i)) {
            const update = read(with_(specimen, body));
            const ids = idsOf(update);
            expect(
              [...idsOf(without)].filter((id) => !ids.has(id) && !isReplaced.test(id)),
              specimen.name,
            ).toEqual([]);
            if (ids.size < all.size)
              expect(saysMore(update, without), `${specimen.name}: says that an entry was lost`).toBe(true);
          }
        }
      }
    });

    test("gives the same city however often the same body comes, with its memory and without", () => {
      for (const specimen of quick) {
        const city = cityOf(connector, specimen);
        const first = read(specimen);
        tell(city, specimen, first);
        const before = heldBy(city);
        tell(city, specimen, read(specimen, first.memory));
        expect(heldBy(city), specimen.name).toEqual(before);
        tell(city, specimen, read(specimen));
        expect(heldBy(city), specimen.name).toEqual(before);
      }
    });

    test("is full when what is absent is gone, partial when it is not", () => {
      for (const specimen of quick) {
        const list = listOfThings(connector, specimen);
        if (!list) continue;
        const city = cityOf(connector, specimen);
        const whole = read(specimen);
        tell(city, specimen, whole);
        const less = read(with_(specimen, list.without(list.count - 1)), whole.memory);
        tell(city, specimen, less);
        const expected = less.mode === "full" ? idsOf(less) : idsOf(whole);
        expect(new Set(heldBy(city).keys()), `${specimen.name} is ${less.mode}`).toEqual(expected);
      }
    });

    test("takes the time of a thing from its source, never from when the body came", () => {
      for (const specimen of quick) {
        // For devices without a clock, where the feed's own entry says so.
        if (JSON.stringify(specimen.feed.options).includes('"observedAt":"received"')) continue;
        const later = new Map(
          read({ ...specimen, receivedAt: specimen.receivedAt + hourMs }).entities.map((entity) => [
            entity.id,
            entity,
          ]),
        );
        for (const { id, observedAt } of read(specimen).entities) {
          const again = later.get(id)?.observedAt ?? null;
          if (observedAt !== null && again !== null) expect(again, `${specimen.name} ${id}`).toBe(observedAt);
        }
      }
    });

    test("does not mind what it does not know", () => {
      for (const specimen of quick) {
        const more = withUnknown(specimen.bytes);
        if (more)
          expect(read(with_(specimen, more)).entities, specimen.name).toEqual(read(specimen).entities);
      }
    });

    test("holds no more than six times the body", () => {
      const largest = good.toSorted((a, b) => b.bytes.length - a.bytes.length)[0];
      // Below this, what the engine compiles meanwhile is more than what is read.
      if (!largest || largest.bytes.length < 200_000 || largest.bytes[0] === 0x50) return;
      read(largest);
      const before = memoryInUse();
      const update = read(largest);
      const held = memoryInUse() - before;
      expect(update.entities.length).toBeGreaterThan(0);
      expect(held / largest.bytes.length).toBeLessThan(6);
    });
  },
);

const idsOf = ({ entities, unchanged = [] }: Update): Set<string> =>
  new Set([...entities.map(({ id }) => id), ...unchanged]);
function saysMore(update: Update, than: Update): boolean {
  const counts = new Map(than.notices.map(({ code, count }) => [code, count]));
  return update.notices.some(({ code, count }) => count > (counts.get(code) ?? 0));
}

/** The list whose entries are the things: without its last one there are fewer, but some. */
function listOfThings(connector: Connector, specimen: Specimen): EntryList | undefined {
  const whole = decode(connector, specimen);
  const size = whole.ok ? idsOf(whole.value).size : 0;
  if (size < 2) return undefined;
  return entryLists(specimen.bytes).find((list) => {
    const less = decode(connector, { ...specimen, bytes: list.without(list.count - 1) });
    return less.ok && idsOf(less.value).size < size && idsOf(less.value).size > 0;
  });
}

function cityOf(connector: Connector, { feed, spec }: Specimen): City {
  const gives = connector.gives(feed.options);
  return new City(
    plan({ feeds: [plannedFeed({ id: feed.id, spec, options: feed.options, gives, keepSeconds: 1e9 })] }),
  );
}

function tell(city: City, { feed, receivedAt }: Specimen, update: Update): void {
  const word = { feedId: feed.id, receivedAt, shiftMs: 0, restored: false, update };
  city.advance({ ...emptyBatch, words: [word] }, receivedAt);
}

function heldBy(city: City): Map<string, unknown> {
  return new Map(
    [...city.tables.values()].flatMap((table) =>
      Array.from(table.entries(), ([, { entity }]) => [entity.id, entity] as const),
    ),
  );
}

/** Epoch seconds written as milliseconds, as some clocks do; only where a body is text. */
function inMilliseconds(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const text = new TextDecoder().decode(bytes);
  return text.includes("\uFFFD")
    ? bytes
    : new TextEncoder().encode(text.replace(/(?<![\d.])1\d{9}(?![\d.])/g, "$&000"));
}

/** The body with members or elements that no standard has; `null` for a form in which that cannot be said simply. */
function withUnknown(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  const text = new TextDecoder().decode(bytes);
  if (text.includes("\uFFFD")) return null;
  if (/^\s*</.test(text)) {
    const unknown = '<x:unknown xmlns:x="urn:x-unknown">1</x:unknown>';
    return new TextEncoder().encode(text.replace(/<\/[^>]*>\s*$/, `${unknown}$&`));
  }
  try {
    return new TextEncoder().encode(JSON.stringify(addUnknown(JSON.parse(text))));
  } catch {
    return null;
  }
}

function addUnknown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(addUnknown);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, addUnknown(member)] as const);
  return { ...Object.fromEntries(members), "x-unknown": [1, { a: null }] };
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function memoryInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
