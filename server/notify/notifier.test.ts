/** What goes with the mail that brings a briefing, from attempt to attempt. */

import { pino } from "pino";
import { expect, onTestFinished, test, vi } from "vitest";
import { sampleBriefing } from "../../test/briefing-sample.ts";
import { startMailServer } from "../../test/mail-server.ts";
import type { IssuedBriefing } from "../../shared/briefing.ts";
import type { MailSettings } from "../core/notify/route.ts";
import type { NotificationStore } from "../core/notify/store.ts";
import type { Attachment } from "./mail.ts";
import { Notifier, type NotifiedCity } from "./notifier.ts";

const issued: IssuedBriefing = { briefing: sampleBriefing, hash: "a", correctedBy: null, edition: null };
const paper: Attachment = {
  filename: "morning.pdf",
  contentType: "application/pdf",
  content: Buffer.from("%PDF"),
};

async function tellLeaders(mail: MailSettings | null, paperOf: () => Promise<readonly Attachment[]>) {
  const city = {
    city: { id: "merrow-bay", title: sampleBriefing.city.title, zone: "Europe/Lisbon" },
    rules: [],
    routes: [],
    roles: [
      {
        id: "leaders",
        title: { en: "Leaders", zh: "领导" },
        language: "en",
        contacts: [{ id: "mayor", email: "mayor@city.example" }],
      },
    ],
    mail,
    outgoing: { insideHosts: [] },
    address: null,
  } as unknown as NotifiedCity;
  const store: NotificationStore = {
    told: async () => [],
    waiting: async () => [],
    write: async () => undefined,
    prune: async () => undefined,
  } as Partial<NotificationStore> as NotificationStore;
  const notifier = await Notifier.open(
    {
      records: async () => store,
      log: pino({ level: "silent" }),
      linkTo: (_, to) => ({ to, untilAt: 0, signature: "x" }),
      paperOf,
      patience: { firstRetryMs: 20, longestRetryMs: 20, attemptsAtMost: 1_000 },
    },
    city,
  );
  onTestFinished(() => notifier.stop());
  await notifier.tellBriefing(issued, ["leaders"], sampleBriefing.issuedAt);
  return notifier;
}

test("a paper that could not be made at first goes with a later attempt", async () => {
  const server = await startMailServer();
  onTestFinished(() => server.stop());
  const state = { isPrinting: false, isUp: false };
  const from = "Citydeck <citydeck@city.example>";
  const address = (): string => {
    if (!state.isUp) throw new Error("no server");
    return `smtp://citydeck:secret@127.0.0.1:${server.port}`;
  };
  const notifier = await tellLeaders({ server: address, from }, async () =>
    state.isPrinting ? [paper] : [],
  );
  await vi.waitFor(() => expect(notifier.unreached).toHaveLength(1));
  state.isPrinting = state.isUp = true;
  await vi.waitFor(() => expect(server.received).toHaveLength(1), { timeout: 5_000 });
  expect(server.received[0]!.attachments).toMatchObject([{ filename: "morning.pdf" }]);
});

test("a city without a mail server has nothing printed", async () => {
  const paperOf = vi.fn<() => Promise<readonly Attachment[]>>(async () => [paper]);
  const notifier = await tellLeaders(null, paperOf);
  await vi.waitFor(() => expect(notifier.unreached).toHaveLength(1));
  expect(paperOf).not.toHaveBeenCalled();
});
