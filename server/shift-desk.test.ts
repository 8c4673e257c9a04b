import { expect, test } from "vitest";
import { shiftDeskOf } from "./shift-desk.ts";

const by = { position: "Transport desk", shift: "Night", account: null };
const handover = (id: string) => ({ id, at: 1, by, text: "", content: {}, acknowledged: null });

test("an older answer of what waits does not take the place of a newer one", async () => {
  const answers: PromiseWithResolvers<readonly unknown[]>[] = [];
  const shifts = {
    waiting() {
      const answer = Promise.withResolvers<readonly unknown[]>();
      answers.push(answer);
      return answer.promise;
    },
  };
  let told = 0;
  const desk = shiftDeskOf({
    epochs: {} as never,
    records: { open: async () => ({ shifts }) as never, close: async () => undefined },
    alarms: () => [],
    notes: {} as never,
    now: () => 1,
    tell: () => told++,
  });
  const [older, newer] = [desk.restore(), desk.restore()];
  await expect.poll(() => answers.length).toBe(2);
  answers[1]!.resolve([handover("a"), handover("b")]);
  await newer;
  answers[0]!.resolve([handover("a")]);
  await older;
  expect(desk.body).toEqual({
    waiting: [handover("a"), handover("b")].map(({ id, at }) => ({ id, at, by })),
    changes: 1,
  });
  expect(told).toBe(1);
});
