import { expect, test } from "vitest";
import { rig, type Rig } from "../../test/feed-rig.ts";
import type { BodyKeeper } from "./body-keeper.ts";
import { createFold } from "./fold.ts";
import { createMessages, type Messages } from "./messages.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function taking(): Promise<Rig & { readonly messages: Messages; readonly kept: string[] }> {
  const kept: string[] = [];
  const city = await rig({ type: "file", files: [], maxBytes: 100 });
  const keeper: Pick<BodyKeeper, "keep"> = {
    keep(part) {
      kept.push(part.name);
      return Promise.resolve(true);
    },
  };
  const messages = createMessages(
    city.wiring,
    { maxBytes: 100 },
    createFold(city.wiring),
    keeper as BodyKeeper,
  );
  messages.begin();
  return { ...city, messages, kept };
}

test("the last message of a topic is kept, but not what the broker keeps itself", async () => {
  const { messages, kept, delivered } = await taking();
  void messages.take("a", bytes("sensor a 1"), false, false);
  void messages.take("b", bytes("sensor b 1"), true, false);
  void messages.take("c", bytes(""), false, false);
  expect(delivered.map(({ update }) => update.scope)).toEqual(["a", "b"]);
  expect(kept).toEqual(["a"]);
});

test("a retained message after a live one of the same connection is older; on the next it may be news", async () => {
  const { messages, readings } = await taking();
  void messages.take("a", bytes("sensor a 1"), false, false);
  void messages.take("a", bytes("sensor a 2 5"), true, false);
  expect(readings()).toEqual(["a=1"]);
  messages.begin();
  void messages.take("a", bytes("sensor a 3 5"), true, false);
  expect(readings()).toEqual(["a=1", "a=3"]);
});

test("large messages and endless topics are refused, counted and named", async () => {
  const city = await taking();
  void city.messages.take("a", bytes("x".repeat(101)), false, false);
  void city.messages.take("b".repeat(1_025), bytes("sensor a 1"), false, false);
  expect(city.dropped()).toBe(2);
  expect(city.delivered).toEqual([]);
  expect(city.words.map(({ part, error }) => [part, error?.class, error?.message])).toEqual([
    ["a", "too-large", "a: 101 bytes, at most 100 are accepted"],
    ["sensors", "too-large", "a topic of 1025 characters, at most 1024 are accepted"],
  ]);
});

test("ever new topics fill no memory: a silent one makes room, else the new one is refused", async () => {
  const city = await taking();
  city.setNow(1_000);
  for (let n = 0; n < 20_000; n++) void city.messages.take(`t/${n}`, bytes("sensor a 1"), false, false);
  void city.messages.take("new", bytes("sensor a 1"), false, false);
  expect(city.dropped()).toBe(1);
  expect(city.words.at(-1)!.error!.message).toBe("more than 20000 topics in 3600 s; others are left out");
  city.setNow(3_602_000);
  void city.messages.take("t/0", bytes("sensor a 2"), false, false);
  void city.messages.take("new", bytes("sensor a 2"), false, false);
  expect(city.dropped()).toBe(1);
  expect(city.delivered).toHaveLength(20_002);
});
