import { describe, expect, it } from "vitest";
import { nearestStop, walked, type Walk } from "./chart-walk.ts";
import { movedBy, zoomedAbout } from "./time-span.ts";

const minute = 60_000;
const hour = 60 * minute;

describe("a stretch of time", () => {
  const span = { fromAt: 10 * hour, toAt: 20 * hour };

  it("is zoomed about an instant, which stays where it is", () => {
    expect(zoomedAbout(span, 0.5, 12 * hour, 99 * hour)).toEqual({ fromAt: 11 * hour, toAt: 16 * hour });
    expect(zoomedAbout(span, 2, 12 * hour, 99 * hour)).toEqual({ fromAt: 8 * hour, toAt: 28 * hour });
  });

  it("keeps its length at the present, which it does not pass", () => {
    expect(zoomedAbout(span, 2, 20 * hour, 20 * hour)).toEqual({ fromAt: 0, toAt: 20 * hour });
    expect(movedBy(span, 5 * hour, 22 * hour)).toEqual({ fromAt: 12 * hour, toAt: 22 * hour });
    expect(movedBy(span, -5 * hour, 22 * hour)).toEqual({ fromAt: 5 * hour, toAt: 15 * hour });
    // Today, whose evening has not come.
    expect(movedBy(span, -hour, 15 * hour)).toEqual({ fromAt: 9 * hour, toAt: 19 * hour });
    expect(movedBy(span, hour, 15 * hour)).toEqual(span);
  });

  it("is never shorter than two minutes", () => {
    const { fromAt, toAt } = zoomedAbout(span, 1e-9, 15 * hour, 99 * hour);
    expect(toAt - fromAt).toBe(2 * minute);
    expect((fromAt + toAt) / 2).toBe(15 * hour);
  });
});

describe("the arrow keys", () => {
  const row: Walk = { stops: 24, from: 23, right: 1, down: 0, place: (at) => ({ at }), words: String };
  const week: Walk = { ...row, stops: 168, right: 1, down: 24 };

  it("walk from stop to stop, and stay at the ends", () => {
    expect(walked(row, 5, "ArrowRight")).toBe(6);
    expect(walked(row, 23, "ArrowRight")).toBe(23);
    expect(walked(row, 5, "PageUp")).toBe(0);
    expect([walked(row, 5, "Home"), walked(row, 5, "End")]).toEqual([0, 23]);
  });

  it("leave to the page what means nothing here", () => {
    expect(walked(row, 5, "ArrowDown")).toBeNull();
    expect(walked(row, 5, "Tab")).toBeNull();
    expect(walked({ ...row, stops: 0 }, 0, "End")).toBeNull();
  });

  it("stay at their instant when the buckets are others", () => {
    const hours: Walk = { ...row, place: (stop) => ({ at: stop * hour }) };
    expect(nearestStop(hours, 5.4 * hour)).toBe(5);
    expect(nearestStop(hours, 99 * hour)).toBe(23);
    expect(nearestStop({ ...row, place: (index) => ({ series: 0, index }) }, 0)).toBeNull();
  });

  it("go up and down a heat map", () => {
    expect(walked(week, 30, "ArrowDown")).toBe(54);
    expect(walked(week, 30, "ArrowUp")).toBe(6);
  });
});
