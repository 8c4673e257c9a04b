import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { sampleBriefing } from "../test/briefing-sample.ts";
import type { IssuedBriefing } from "../shared/briefing.ts";
import type { NotificationWrite } from "./core/notify/store.ts";
import { startNotifying } from "./notifying.ts";

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
  mail: null,
  outgoing: { insideHosts: [] },
  address: null,
  beacon: null,
};

function issue(id: string): IssuedBriefing {
  return { briefing: { ...sampleBriefing, id }, hash: "", correctedBy: null, edition: null };
}

test("briefings that are issued while the notifier begins are told all the same", async () => {
  const written: NotificationWrite[] = [];
  const notifications = {
    told: async () => [],
    waiting: async () => [],
    write: async (change: NotificationWrite) => void written.push(change),
    prune: async () => undefined,
  };
  const notifying = startNotifying({
    current: () => ({ folder }) as never,
    clock: { now: () => sampleBriefing.issuedAt, read: () => ({ kind: "live" }) } as never,
    records: { open: async () => ({ notifications }) as never, close: async () => undefined },
    sinceTickMs: () => 0,
    paperOf: async () => [],
    log: pino({ level: "silent" }),
  });
  onTestFinished(() => notifying.stop());
  await Promise.all(["first", "second"].map((id) => notifying.tellBriefing(issue(id), ["leaders"])));
  const told = written.flatMap(({ deliveries }) => deliveries.map(({ content }) => content.payload));
  expect(told).toMatchObject([{ briefing: "first" }, { briefing: "second" }]);
});
