import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { alarm, noon } from "../../test/alarm-samples.ts";
import type { NotificationDecision } from "../../shared/notification.ts";
import type { Told } from "../core/notify/decider.ts";
import type { NotificationWrite, StoredDelivery } from "../core/notify/store.ts";
import { Records } from "./records.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";

let folder: string;
let records: Records;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "citydeck-notified-"));
  records = await Records.open(sqliteDialect(join(folder, "records.sqlite")));
});

afterEach(async () => {
  await records.close();
  await rm(folder, { recursive: true });
});

const nothing: NotificationWrite = { deliveries: [], told: [], ended: [], decisions: [], settled: [] };

function delivery(key: string, madeAt = noon, alarms = ["bridge#1"]): StoredDelivery {
  return {
    key,
    route: "urgent",
    role: "duty",
    contact: "desk",
    stage: "new",
    level: 0,
    alarms,
    subject: "桥梁 '",
    madeAt,
    state: "waiting",
    attempts: 0,
    triedAt: null,
    error: null,
    content: { text: "text", payload: { a: [1] } },
  };
}

const decision: NotificationDecision = {
  at: noon,
  route: "urgent",
  alarm: "bridge",
  occurrence: 1,
  stage: "new",
  level: 0,
  decision: "settling",
  role: "duty",
  until: noon + 1,
  because: null,
};

test("a message waits until it is settled, and is there once however often it is written", async () => {
  const { notifications } = records;
  const one = delivery("a");
  await notifications.write({ ...nothing, deliveries: [one, delivery("b", noon + 1)] });
  await notifications.write({ ...nothing, deliveries: [one] });
  expect((await notifications.waiting()).map(({ key }) => key)).toEqual(["a", "b"]);
  expect((await notifications.waiting())[0]).toEqual(one);
  await notifications.write({
    ...nothing,
    settled: [{ ...one, state: "sent", attempts: 2, triedAt: 5, error: null }],
  });
  expect((await notifications.waiting()).map(({ key }) => key)).toEqual(["b"]);
  const { content: _content, ...told } = one;
  expect((await notifications.deliveries("bridge", 9)).map(({ key }) => key)).toEqual(["b", "a"]);
  expect((await notifications.deliveries(null, 9))[1]).toEqual({
    ...told,
    state: "sent",
    attempts: 2,
    triedAt: 5,
  });
});

test("messages are found by each alarm in them, whatever its id looks like", async () => {
  const { notifications } = records;
  const odd = `t.x{route:50%_'"#1}`;
  await notifications.write({ ...nothing, deliveries: [delivery("a", noon, [`${odd}#12`, "bridge#3"])] });
  expect(await notifications.deliveries(odd, 9)).toHaveLength(1);
  expect(await notifications.deliveries("bridge", 9)).toHaveLength(1);
  expect(await notifications.deliveries("bridg_", 9)).toHaveLength(0);
});

test("whom somebody was told of is remembered until its end", async () => {
  const { notifications } = records;
  const told: Told = {
    route: "urgent",
    alarm: alarm(),
    levels: [0],
    firstAt: noon,
    hidden: 0,
    contacts: [{ role: "duty", contact: "desk" }],
  };
  await notifications.write({ ...nothing, told: [told] });
  await notifications.write({ ...nothing, told: [{ ...told, levels: [0, 1] }] });
  expect(await notifications.told()).toEqual([{ ...told, levels: [0, 1] }]);
  await notifications.write({ ...nothing, ended: [told] });
  expect(await notifications.told()).toEqual([]);
});

test("decisions are a log, of which old lines go and what still waits does not", async () => {
  const { notifications } = records;
  const later = { ...decision, at: noon + 9, decision: "told" as const };
  await notifications.write({
    ...nothing,
    deliveries: [delivery("old"), delivery("new", noon + 9)],
    decisions: [decision, later],
  });
  expect(await notifications.decisions("bridge", 9)).toEqual([later, decision]);
  expect(await notifications.decisions("bridge", 1)).toEqual([later]);
  await notifications.prune(noon + 9);
  expect(await notifications.decisions(null, 9)).toEqual([later]);
  expect(await notifications.deliveries("bridge", 9)).toHaveLength(2);
  await notifications.write({ ...nothing, settled: [{ ...delivery("old"), state: "given-up" }] });
  await notifications.prune(noon + 9);
  expect((await notifications.deliveries("bridge", 9)).map(({ key }) => key)).toEqual(["new"]);
});
