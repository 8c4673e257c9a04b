import { describe, expect, it } from "vitest";
import { pastOf, queryAt } from "./past.ts";

const at = Date.UTC(2026, 10, 26, 17, 3, 5);

describe("the past in an address", () => {
  it("is an instant, a speed and what is known of it", () => {
    expect(pastOf("?at=2026-11-26T17:03:05Z&speed=60&known=now")).toEqual({ at, speed: 60, known: "now" });
    expect(pastOf("?at=2026-11-26T18:03:05%2B01:00")).toEqual({ at, speed: 0, known: "then" });
  });

  it("is now when the address names no instant, and stands still when it names no speed", () => {
    expect(pastOf("?lang=zh")).toBeNull();
    expect(pastOf("?at=yesterday&speed=60")).toBeNull();
    for (const speed of ["", "fast", "-1", "601", "NaN"])
      expect(pastOf(`?at=2026-11-26T17:03:05Z&speed=${speed}`)?.speed).toBe(0);
  });

  it("is written so that a link shows the same, beside what else is in the address", () => {
    const query = queryAt({ at, speed: 60, known: "then" }, "?lang=zh&at=2020-01-01T00:00:00Z&known=now");
    expect(query).toBe("?lang=zh&at=2026-11-26T17:03:05Z&speed=60&known=then");
    expect(pastOf(query)).toEqual({ at, speed: 60, known: "then" });
    expect(queryAt(null, query)).toBe("?lang=zh");
    expect(queryAt(null, "?at=2026-11-26T17:03:05Z")).toBe("");
  });
});
