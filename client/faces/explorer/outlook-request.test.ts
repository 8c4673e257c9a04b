import { expect, it } from "vitest";
import { bucketBeside, outlookOf, type Drawn } from "./outlook-request.ts";
import { emptyView, type View } from "./view.ts";

const at = (text: string) => Date.parse(text);
const drawn: Drawn = {
  ids: ["calls"],
  bucket: 300,
  stretch: { fromAt: at("2026-11-26T09:20Z"), toAt: at("2026-11-27T09:20Z") },
  zone: "Europe/Lisbon",
  now: at("2026-11-27T09:20:40Z"),
  isPast: false,
};
const both: View = { ...emptyView, usual: true, ahead: "24-hour" };
const ask = (view: Partial<View>, more: Partial<Drawn> = {}) =>
  outlookOf({ ...both, ...view }, { ...drawn, ...more });

it("asks in whole hours under minutes, so that the question stays for an hour", () => {
  expect(ask({})).toEqual({
    request: {
      ids: ["calls"],
      bucket: "hour",
      usual: { fromAt: at("2026-11-26T09:00Z"), toAt: at("2026-11-27T10:00Z"), asOf: null },
      ahead: 24,
    },
    noUsual: null,
    noForecast: null,
  });
});

it("asks in the city's days under days, and never farther than is foretold", () => {
  const stretch = { fromAt: at("2026-11-01T12:00Z"), toAt: drawn.stretch.toAt };
  expect(ask({ ahead: "6-hour" }, { bucket: "day", stretch }).request).toMatchObject({
    bucket: "day",
    usual: { fromAt: at("2026-11-01T00:00Z"), toAt: at("2026-11-28T00:00Z") },
    ahead: 1,
  });
  expect(ask({ ahead: "60-day" }, { bucket: "hour" }).request).toMatchObject({ ahead: 168 });
});

it("says why there is none", () => {
  const many = { ids: ["a", "b", "c", "d"] };
  expect(ask({ chart: "bars" })).toEqual({ request: null, noUsual: "chart", noForecast: "chart" });
  expect(ask({}, many)).toMatchObject({ noUsual: "crowd", noForecast: "crowd" });
  expect(ask({ chart: "multiples" }, many)).toMatchObject({ noUsual: null, noForecast: null });
  expect(ask({}, { bucket: "week" })).toMatchObject({ noUsual: "bucket", noForecast: "bucket" });
  expect(ask({}, { isPast: true })).toMatchObject({ noUsual: null, noForecast: "past" });
  expect(ask({ asOf: 1_000 })).toMatchObject({
    request: { usual: { asOf: 1_000 }, ahead: null },
    noForecast: "as-of",
  });
  const yesterday = { fromAt: at("2026-11-25T00:00Z"), toAt: at("2026-11-26T00:00Z") };
  expect(ask({}, { stretch: yesterday })).toMatchObject({ noUsual: null, noForecast: "past" });
});

it("does not say why there is none of what nobody wants", () => {
  expect(ask({ usual: false, ahead: null, chart: "bars" })).toEqual({
    request: null,
    noUsual: null,
    noForecast: null,
  });
});

it("takes hours or days where nobody chose what lies between", () => {
  expect(bucketBeside(both, 300)).toBe(300);
  expect(bucketBeside(both, 900)).toBe("hour");
  expect(bucketBeside(both, 7_200)).toBe("hour");
  expect(bucketBeside(both, 6 * 3_600)).toBe("day");
  expect(bucketBeside(both, "month")).toBe("month");
  expect(bucketBeside({ ...both, ahead: "14-day" }, 900)).toBe("day");
  expect(bucketBeside({ ...both, chart: "bars" }, 7_200)).toBe(7_200);
  expect(bucketBeside(emptyView, 7_200)).toBe(7_200);
});
