import fc from "fast-check";
import { expect, test } from "vitest";
import { listFeedCases } from "../../../../fixtures/feed-cases.ts";
import type { EntityOf } from "../../../../shared/entity.ts";
import type { Update } from "../connector.ts";
import { probe } from "./decode.ts";
import type { ProbeResult } from "./round.ts";

const probedAt = "2026-11-23T09:00:00.000Z";
const receivedAt = Date.parse(probedAt) + 10_000;
const feed = {
  id: "services",
  spec: "probe",
  zone: "Europe/Lisbon",
  bounds: [-12.16, 43.9, -11.84, 44.1],
  url: null,
  options: {},
} as const;

function decode(body: unknown): Update {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const bytes = new TextEncoder().encode(text);
  const decoded = probe.decode({ name: "body", url: null, bytes }, feed, receivedAt);
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value;
}

const sound: ProbeResult = {
  id: "portal",
  name: { en: "Portal", zh: "门户" },
  url: "https://portal.example/",
  probedAt,
  isAvailable: true,
  reason: null,
  detail: null,
  status: 200,
  responseSeconds: 0.4,
  certificateExpiresAt: null,
};
const round = (...results: readonly unknown[]): object => ({
  startedAt: probedAt,
  endedAt: probedAt,
  results,
});
const services = (update: Update) => update.entities as readonly EntityOf<"PublicService">[];
const codes = (update: Update): string[] => update.notices.map(({ code }) => code);

test.each(listFeedCases("probe"))("reads $name as expected", ({ bytes, expected }) => {
  const decoded = probe.decode({ name: "body", url: null, bytes }, feed, receivedAt);
  expect(decoded.ok && JSON.parse(JSON.stringify(decoded.value))).toEqual(expected);
});

test.each([
  ["probe-bad-result", { id: "" }, 0],
  ["probe-bad-result", { id: 7 }, 0],
  ["probe-bad-value", { isAvailable: "yes" }, 1],
  ["probe-bad-value", { responseSeconds: -1 }, 1],
  ["probe-bad-value", { certificateExpiresAt: "next year" }, 1],
  ["probe-no-time", { probedAt: null }, 1],
  ["probe-future", { probedAt: "2026-11-23T12:00:00Z" }, 1],
  ["probe-unavailable", { isAvailable: false, reason: "status" }, 1],
  ["probe-not-allowed", { isAvailable: null, reason: "not-allowed" }, 1],
])("%s keeps what it can of the result and all the others", (code, more, kept) => {
  const update = decode(round({ ...sound, id: "doubtful", ...more }, sound));
  expect(codes(update)).toEqual([code]);
  expect(update.entities.length).toBe(1 + kept);
  expect(services(update).at(-1)?.fields).toMatchObject({ isAvailable: true, responseSeconds: 0.4 });
});

test("a service twice counts once, the last", () => {
  const update = decode(round(sound, { ...sound, isAvailable: false, reason: "dns" }));
  expect(services(update).map(({ fields }) => fields.isAvailable)).toEqual([false]);
  expect(codes(update)).toContain("probe-duplicate-id");
});

test("our own network is suspected when nobody can be reached, and not before", () => {
  const down = (id: string, reason: string): object => ({ ...sound, id, isAvailable: false, reason });
  const all = [down("a", "dns"), down("b", "timeout"), down("c", "connection")];
  expect(codes(decode(round(...all)))).toContain("probe-none-connected");
  expect(codes(decode(round(...all, down("d", "status"))))).not.toContain("probe-none-connected");
  expect(codes(decode(round(...all.slice(1))))).not.toContain("probe-none-connected");
});

test("what is no round of probes says what it is instead", () => {
  expect(() => decode("<html><title>Log in</title>")).toThrow(/an HTML page titled "Log in"/);
  expect(() => decode({ results: 3 })).toThrow(/expected a list "results"/);
});

test("never throws, whatever stands in its places, and loses no other result", () => {
  const names = Object.keys(sound) as (keyof ProbeResult)[];
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.constantFrom(...names), (any, value, name) => {
      const update = decode(round(any, { ...sound, id: "b", [name]: value }, sound));
      expect(services(update).some(({ sourceId }) => sourceId === "portal")).toBe(true);
    }),
    { seed: 12, numRuns: 300 },
  );
});

test("a body that is cut or changed in one byte is read or refused", () => {
  const bytes = new TextEncoder().encode(JSON.stringify(round(sound, { ...sound, id: "b" })));
  fc.assert(
    fc.property(fc.nat(bytes.length), fc.nat(bytes.length - 1), fc.nat(255), (cut, at, byte) => {
      const changed = bytes.slice(0, cut);
      if (at < cut) changed[at] = byte;
      probe.decode({ name: "body", url: null, bytes: changed }, feed, receivedAt);
    }),
    { seed: 13, numRuns: 300 },
  );
});
