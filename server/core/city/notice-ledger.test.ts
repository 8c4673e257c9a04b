import fc from "fast-check";
import { expect, test } from "vitest";
import type { Notice } from "../../../shared/notice.ts";
import { NoticeLedger } from "./notice-ledger.ts";

test("after any history, what stands is what counting from nothing says", () => {
  const notice = fc.record({
    code: fc.constantFrom("E026", "W001", "cap-late"),
    severity: fc.constant("warning" as const),
    count: fc.integer({ min: 1, max: 4 }),
    example: fc.string({ maxLength: 3 }),
  });
  const change = fc.tuple(fc.constantFrom("a", "b", "c"), fc.option(fc.array(notice, { maxLength: 4 })));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      const ledger = new NoticeLedger();
      const said = new Map<string, readonly Notice[]>();
      for (const [subject, notices] of changes) {
        ledger.set(subject, notices);
        said.delete(subject);
        if (notices) said.set(subject, notices);
        const all = [...said.values()].flat();
        const counts = new Map<string, number>();
        for (const { code, count } of all) counts.set(code, (counts.get(code) ?? 0) + count);
        expect(new Map(ledger.list().map(({ code, count }) => [code, count]))).toEqual(counts);
        for (const { code, example } of ledger.list())
          expect(all.find((one) => one.code === code)?.example).toBe(example);
      }
    }),
    { seed: 5, numRuns: 300 },
  );
});

test("only what is said more often than before is new", () => {
  const ledger = new NoticeLedger();
  const late = (count: number): Notice => ({ code: "cap-late", severity: "warning", count, example: "" });
  expect([2, 2, 5, 1].map((count) => ledger.set("a", [late(count)]))).toEqual([2, 0, 3, 0]);
});
