import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { StoredDelivery } from "../core/notify/store.ts";
import { Outbox, type Sent } from "./outbox.ts";

function delivery(key: string, contact = "desk"): StoredDelivery {
  return {
    key,
    route: "urgent",
    role: "duty",
    contact,
    stage: "new",
    level: 0,
    alarms: ["bridge#1"],
    subject: key,
    madeAt: 0,
    state: "waiting",
    attempts: 0,
    triedAt: null,
    error: null,
    content: { text: key, payload: {} },
  };
}

const failed: Sent = { ok: false, error: "no", isFinal: false };
let outbox: Outbox | null = null;

afterEach(() => outbox?.stop());

/** An outbox whose attempts are answered by `answer`; `tried` are their keys, `settled` what became of them. */
function started(
  answer: (delivery: StoredDelivery, attempt: number) => Promise<Sent> | Sent,
  attemptsAtMost = 1_000,
) {
  const tried: string[] = [];
  const settled: StoredDelivery[] = [];
  outbox = new Outbox({
    firstRetryMs: 5,
    longestRetryMs: 20,
    attemptsAtMost,
    wallNow: () => performance.now(),
    send: async (one) => {
      tried.push(one.key);
      return answer(one, tried.filter((key) => key === one.key).length);
    },
    onSettled: (one) => settled.push(one),
  });
  return { outbox, tried, settled };
}

describe("an outbox", () => {
  it("counts by role what was tried and not accepted, until it is", async () => {
    let isUp = false;
    const { outbox: its } = started(() => (isUp ? { ok: true } : failed));
    its.add(delivery("a"));
    its.add({ ...delivery("b", "phone"), role: "officer" });
    await vi.waitFor(() =>
      expect(its.failing).toEqual(
        new Map([
          ["duty", 1],
          ["officer", 1],
        ]),
      ),
    );
    isUp = true;
    await vi.waitFor(() => expect(its.failing).toEqual(new Map()));
  });

  it("says whom messages do not reach, since which one and how many wait, also while it is tried again", async () => {
    const asked = Promise.withResolvers<Sent>();
    const { outbox: its, tried } = started(({ contact }, attempt) =>
      contact === "desk" && attempt === 1 ? failed : asked.promise,
    );
    its.add({ ...delivery("b"), madeAt: 200 });
    its.add({ ...delivery("a"), madeAt: 100 });
    its.add(delivery("untried", "phone"));
    expect(its.unreached).toEqual([]);
    await vi.waitFor(() => expect(tried).toHaveLength(4));
    expect(its.unreached).toMatchObject([
      { role: "duty", contact: "desk", delivery: { key: "a" }, waiting: 2 },
    ]);
    asked.resolve({ ok: true });
    await vi.waitFor(() => expect(its.unreached).toEqual([]));
  });

  it("says whom a message does not reach that is refused for good, until another one is accepted", async () => {
    const { outbox: its } = started(({ key }) =>
      key === "a" ? { ok: false, error: "no such mailbox", isFinal: true } : { ok: true },
    );
    its.add(delivery("a"));
    await vi.waitFor(() => expect(its.unreached).toMatchObject([{ delivery: { key: "a" }, waiting: 0 }]));
    its.add(delivery("b"));
    await vi.waitFor(() => expect(its.unreached).toEqual([]));
  });

  it("says whom an alarm did not reach that is over meanwhile, until a message is accepted", async () => {
    let isBack = false;
    const { outbox: its } = started(() => (isBack ? { ok: true } : failed));
    its.add(delivery("new"));
    await vi.waitFor(() => expect(its.unreached).toHaveLength(1));
    its.add({ ...delivery("over"), stage: "over" });
    await vi.waitFor(() => expect(its.waiting).toBe(0));
    expect(its.unreached).toMatchObject([{ contact: "desk", delivery: { key: "new" }, waiting: 0 }]);
    isBack = true;
    its.add({ ...delivery("next"), alarms: ["tunnel#1"] });
    await vi.waitFor(() => expect(its.unreached).toEqual([]));
  });

  it("lets an alarm go before the briefings that wait", async () => {
    const first = Promise.withResolvers<Sent>();
    const { outbox: its, tried } = started(({ key }) => (key === "first" ? first.promise : { ok: true }));
    its.add(delivery("first"));
    its.add({ ...delivery("briefing"), stage: "briefing", alarms: [] });
    its.add(delivery("alarm"));
    first.resolve({ ok: true });
    await vi.waitFor(() => expect(tried).toEqual(["first", "alarm", "briefing"]));
  });

  it("sends until it is accepted, with the same key, and tells of each attempt", async () => {
    const { settled, ...its } = started((_one, attempt) => (attempt < 3 ? failed : { ok: true }));
    its.outbox.add(delivery("a"));
    await vi.waitFor(() => expect(settled.at(-1)).toMatchObject({ state: "sent", attempts: 3, error: null }));
    expect(settled.map(({ state, error }) => [state, error])).toEqual([
      ["waiting", "no"],
      ["waiting", "no"],
      ["sent", null],
    ]);
    expect(its.tried).toEqual(["a", "a", "a"]);
    expect(its.outbox.waiting).toBe(0);
  });

  it("a contact who hangs or fails delays no other", async () => {
    const { settled, ...its } = started((one) =>
      one.contact === "desk"
        ? { ok: true }
        : one.contact === "hangs"
          ? new Promise<Sent>(() => undefined)
          : failed,
    );
    its.outbox.add(delivery("a", "hangs"));
    its.outbox.add(delivery("b", "fails"));
    for (const key of ["c", "d", "e"]) its.outbox.add(delivery(key));
    await vi.waitFor(() => {
      const sent = settled.filter(({ state }) => state === "sent").map(({ key }) => key);
      expect(sent).toEqual(["c", "d", "e"]);
    });
  });

  it("a message that one contact refuses lets those behind it pass", async () => {
    const { settled, ...its } = started((one) => (one.key === "poison" ? failed : { ok: true }));
    its.outbox.add(delivery("poison"));
    its.outbox.add(delivery("b"));
    await vi.waitFor(() =>
      expect(settled.some(({ key, state }) => key === "b" && state === "sent")).toBe(true),
    );
  });

  it("a new message does not wait for those that have failed", async () => {
    const { settled, ...its } = started((one) => (one.key === "urgent" ? { ok: true } : failed));
    its.outbox.add(delivery("a"));
    await vi.waitFor(() => expect(settled.length).toBeGreaterThan(2));
    its.outbox.add(delivery("urgent"));
    await vi.waitFor(() =>
      expect(settled.find(({ key }) => key === "urgent")).toMatchObject({ state: "sent", attempts: 1 }),
    );
  });

  it("an end never overtakes its beginning, and takes back what nobody has accepted", async () => {
    let isBack = false;
    const { settled, tried, ...its } = started(() => (isBack ? { ok: true } : failed));
    its.outbox.add({ ...delivery("new"), alarms: ["bridge#1"] });
    its.outbox.add({ ...delivery("both"), alarms: ["bridge#1", "tunnel#1"] });
    await vi.waitFor(() => expect(tried).toContain("both"));
    its.outbox.add({ ...delivery("over"), stage: "over", alarms: ["bridge#1"] });
    await vi.waitFor(() =>
      expect(settled.filter(({ state }) => state === "given-up").map(({ key }) => key)).toEqual([
        "new",
        "over",
      ]),
    );
    its.outbox.add({ ...delivery("over tunnel"), stage: "over", alarms: ["tunnel#1"] });
    isBack = true;
    await vi.waitFor(() => expect(settled.at(-1)).toMatchObject({ key: "over tunnel", state: "sent" }));
    const sent = settled.filter(({ state }) => state === "sent").map(({ key }) => key);
    expect(sent).toEqual(["both", "over tunnel"]);
  });

  it("gives up what is refused for good at once, and the rest after its time, and says so", async () => {
    const { settled, ...its } = started((one) => ({ ...failed, isFinal: one.key === "final" }), 3);
    its.outbox.add(delivery("final"));
    its.outbox.add(delivery("late"));
    await vi.waitFor(() =>
      expect(settled.filter(({ state }) => state === "given-up").map(({ key }) => key)).toEqual([
        "final",
        "late",
      ]),
    );
    expect(its.outbox.waiting).toBe(0);
  });

  it("does nothing any more once it is stopped", async () => {
    const { tried, ...its } = started(() => failed);
    its.outbox.add(delivery("a"));
    await vi.waitFor(() => expect(tried).toHaveLength(1));
    its.outbox.stop();
    await sleep(40);
    expect(tried).toHaveLength(1);
  });
});
