import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { sampleBriefing } from "../test/briefing-sample.ts";
import type { IssuedBriefing } from "../shared/briefing.ts";
import type { NotificationWrite, StoredDelivery } from "./core/notify/store.ts";
import { startNotifying, type NotifyingOptions } from "./notifying.ts";

const folder = {
  settings: { id: "merrow-bay", title: sampleBriefing.city.title, zone: "Europe/Lisbon" },
  rules: [],
  indicators: [],
  departments: [],
  routes: [],
  briefings: [{ recipients: ["leaders"] }],
  roles: [
    {
      id: "leaders",
      title: { en: "Leaders", zh: "领导" },
      language: "en",
      contacts: [{ id: "mayor", email: "mayor@city.example" }],
    },
  ],
  outgoing: { insideHosts: [] },
  address: null,
  beacon: null,
};

function issue(id: string): IssuedBriefing {
  return { briefing: { ...sampleBriefing, id }, hash: "", correctedBy: null, edition: null };
}

/** Its mail server is not there. */
const mail = {
  server: () => {
    throw new Error("no server");
  },
  from: "Citydeck <citydeck@city.example>",
};

/** Tells the leaders of a city whom no mail reaches. */
function startTelling(
  written: NotificationWrite[],
  paperOf: NotifyingOptions["paperOf"] = async () => [],
  waiting: readonly StoredDelivery[] = [],
) {
  const notifications = {
    told: async () => [],
    waiting: async () => waiting,
    write: async (change: NotificationWrite) => void written.push(change),
    prune: async () => undefined,
  };
  const live = {
    broadcast: { epoch: "", findStream: () => undefined },
    city: { alarms: { list: () => [] } },
  };
  let changes = 0;
  const notifying = startNotifying({
    current: () => ({ folder: { ...folder, mail }, live }) as never,
    clock: { now: () => sampleBriefing.issuedAt, read: () => ({ kind: "live" }) } as never,
    records: { open: async () => ({ notifications }) as never, close: async () => undefined },
    sinceTickMs: () => 0,
    linkTo: (_, to) => ({ to, untilAt: sampleBriefing.issuedAt, signature: "x" }),
    paperOf,
    onUnreached: () => changes++,
    log: pino({ level: "silent" }),
  });
  onTestFinished(() => notifying.stop());
  return { notifying, changes: () => changes };
}

test("briefings that are issued while the notifier begins are told all the same", async () => {
  const written: NotificationWrite[] = [];
  const { notifying } = startTelling(written);
  await Promise.all(["first", "second"].map((id) => notifying.tellBriefing(issue(id), ["leaders"])));
  const told = written.flatMap(({ deliveries }) => deliveries.map(({ content }) => content.payload));
  expect(told).toMatchObject([{ briefing: "first" }, { briefing: "second" }]);
});

test("whom messages do not reach is said by title, with the message and since when, once it is so", async () => {
  const { notifying, changes } = startTelling([]);
  expect(notifying.unreached()).toEqual([]);
  await notifying.tellBriefing(issue("first"), ["leaders"]);
  await expect
    .poll(() => notifying.unreached(), { timeout: 10_000 })
    .toMatchObject([
      {
        role: { en: "Leaders", zh: "领导" },
        contact: "mayor",
        since: sampleBriefing.issuedAt,
        alarm: null,
        waiting: 1,
      },
    ]);
  expect(changes()).toBe(1);
});

test("a message about alarms that reaches nobody is said with the first of them", async () => {
  const written: NotificationWrite[] = [];
  await startTelling(written).notifying.tellBriefing(issue("first"), ["leaders"]);
  const [delivery] = written.flatMap(({ deliveries }) => deliveries);
  const alarms = ["security.cut{thing:line #7}#3", "security.cut{thing:line #8}#1"];
  const { notifying } = startTelling([], undefined, [{ ...delivery!, stage: "new", alarms }]);
  await expect
    .poll(() => notifying.unreached().map(({ alarm }) => alarm), { timeout: 10_000 })
    .toEqual(["security.cut{thing:line #7}"]);
});

test("a briefing whose paper is still being printed keeps no other message to its contact waiting", async () => {
  const printed = Promise.withResolvers<[]>();
  const { notifying } = startTelling([], (id) => (id === "slow" ? printed.promise : Promise.resolve([])));
  await notifying.tellBriefing(issue("slow"), ["leaders"]);
  await notifying.tellBriefing(issue("quick"), ["leaders"]);
  const waiting = () => notifying.unreached().map((one) => one.waiting);
  await expect.poll(waiting, { timeout: 10_000 }).toEqual([1]);
  printed.resolve([]);
  await expect.poll(waiting, { timeout: 10_000 }).toEqual([2]);
});

test("what was sent before a kill and is told again by the next start is the same message", async () => {
  const runs: NotificationWrite[][] = [[], []];
  for (const written of runs) await startTelling(written).notifying.tellBriefing(issue("first"), ["leaders"]);
  const [sent, again] = runs.map((written) =>
    written.flatMap(({ deliveries }) =>
      deliveries.map(({ key, subject, content }) => ({ key, subject, content })),
    ),
  );
  expect(sent).toHaveLength(1);
  expect(again).toEqual(sent);
});
