import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Frame, Topic } from "../../shared/protocol.ts";
import { Sequence } from "./sequence.ts";

type Head = Pick<Frame, "topic" | "mode" | "epoch" | "seq">;

function frame(mode: Frame["mode"], seq: number, epoch = "a", topic: Topic = "indicators"): Head {
  return { topic, mode, epoch, seq };
}

describe("Sequence", () => {
  it("applies a snapshot and the deltas that follow it", () => {
    const sequence = new Sequence();
    expect(sequence.accept(frame("snapshot", 7))).toBe("apply");
    expect(sequence.accept(frame("delta", 8))).toBe("apply");
    expect(sequence.have(["indicators"])).toEqual({ epoch: "a", seq: { indicators: 8 } });
  });

  it("drops a delta it already has", () => {
    const sequence = new Sequence();
    sequence.accept(frame("snapshot", 7));
    expect(sequence.accept(frame("delta", 7))).toBe("drop");
  });

  it("asks once for a gap and drops deltas until the snapshot comes", () => {
    const sequence = new Sequence();
    sequence.accept(frame("snapshot", 1));
    expect(sequence.accept(frame("delta", 3))).toBe("ask");
    expect(sequence.have(["indicators"])).toEqual({ epoch: "a", seq: {} });
    expect(sequence.accept(frame("delta", 4))).toBe("drop");
    expect(sequence.accept(frame("snapshot", 4))).toBe("apply");
    expect(sequence.accept(frame("delta", 5))).toBe("apply");
  });

  it("asks for every topic at once when a delta of another epoch comes", () => {
    const sequence = new Sequence();
    sequence.accept(frame("snapshot", 1, "a", "indicators"));
    sequence.accept(frame("snapshot", 1, "a", "feeds"));
    expect(sequence.accept(frame("delta", 2, "b", "indicators"))).toBe("ask");
    expect(sequence.accept(frame("delta", 2, "b", "feeds"))).toBe("drop");
    expect(sequence.have(["indicators", "feeds"]).seq).toEqual({});
  });

  it("forgets topics that are no longer wanted, so that they start with a snapshot", () => {
    const sequence = new Sequence();
    sequence.accept(frame("snapshot", 5, "a", "entities/Vehicle"));
    expect(sequence.have(["city"]).seq).toEqual({});
    expect(sequence.accept(frame("delta", 6, "a", "entities/Vehicle"))).toBe("ask");
  });

  it("believes a pulse that is ahead only the second time", () => {
    const sequence = new Sequence();
    sequence.accept(frame("snapshot", 1));
    const pulse = { epoch: "a", seq: { indicators: 2 } };
    expect(sequence.isBehind(pulse, ["indicators"])).toBe(false);
    expect(sequence.isBehind(pulse, ["indicators"])).toBe(true);
    expect(sequence.isBehind({ epoch: "a", seq: { indicators: 1 } }, [])).toBe(false);
  });

  it("believes no pulse while something large is still arriving", () => {
    const sequence = new Sequence();
    sequence.accept(frame("snapshot", 1));
    const pulse = { epoch: "a", seq: { indicators: 1, feeds: 3 } };
    for (let i = 0; i < 5; i++) {
      expect(sequence.isBehind(pulse, ["indicators", "feeds"])).toBe(false);
      sequence.isArriving();
    }
    expect(sequence.isBehind(pulse, ["indicators", "feeds"])).toBe(false);
    expect(sequence.isBehind(pulse, ["indicators", "feeds"])).toBe(true);
  });

  it("notices another epoch by the pulse alone", () => {
    const sequence = new Sequence();
    sequence.accept(frame("snapshot", 9));
    const pulse = { epoch: "b", seq: { indicators: 1 } };
    expect([sequence.isBehind(pulse, ["indicators"]), sequence.isBehind(pulse, ["indicators"])]).toEqual([
      false,
      true,
    ]);
  });

  it("ends with the server's state after any loss, repetition and restart", () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.constant("delivered" as const) },
      fc.constant("lost" as const),
      fc.constant("repeated" as const),
      fc.constant("restart" as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const sequence = new Sequence();
        const server = { epoch: 0, seq: 1, sum: 0 };
        let seen = 0;
        const deliver = (mode: Frame["mode"], sum: number): void => {
          const verdict = sequence.accept(frame(mode, server.seq, `e${server.epoch}`));
          // A delta adds 1 to what is known; a snapshot says it all.
          if (verdict === "apply") seen = mode === "snapshot" ? sum : seen + 1;
          if (verdict === "ask") deliver("snapshot", server.sum);
        };
        deliver("snapshot", 0);
        for (const what of steps) {
          if (what === "restart") {
            server.epoch++;
            server.seq = 0;
          }
          server.seq++;
          server.sum++;
          if (what !== "lost") deliver("delta", server.sum);
          if (what === "repeated") deliver("delta", server.sum);
        }
        const pulse = { epoch: `e${server.epoch}`, seq: { indicators: server.seq } };
        sequence.isBehind(pulse, ["indicators"]);
        if (sequence.isBehind(pulse, ["indicators"])) deliver("snapshot", server.sum);
        expect(seen).toBe(server.sum);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
