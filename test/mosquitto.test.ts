/** The transport `subscribe` and the spec `mqtt` against a real broker, Debian's Mosquitto. */

import { setTimeout as pause } from "node:timers/promises";
import { connectAsync } from "mqtt";
import { describe, expect, onTestFinished, test } from "vitest";
import type { FeedError } from "../shared/feed.ts";
import { City } from "../server/core/city/city.ts";
import { MissingSecret, type FeedEntry } from "../server/core/feeds/feed-entry.ts";
import type { Connector } from "../server/core/feeds/connector.ts";
import { sensorthings } from "../server/core/feeds/sensorthings/decode.ts";
import { mqtt } from "../server/core/feeds/mqtt/decode.ts";
import type { MqttOptions } from "../server/core/feeds/mqtt/options.ts";
import { startFeed, type RunningFeed } from "../server/ingest/intake.ts";
import type { SubscribeTransport } from "../server/ingest/broker-connection.ts";
import { Inbox } from "../server/live/inbox.ts";
import { eventually, rig, temporaryFolder, type Rig } from "./feed-rig.ts";
import {
  granting,
  guarded,
  hasMosquitto,
  mosquitto,
  noMosquitto,
  secured,
  type Broker,
} from "./mosquitto.ts";
import { plan } from "./planned-city.ts";

const isSkipped = !hasMosquitto && !process.env["CI"];
if (isSkipped) console.warn(`mosquitto: its tests are skipped, ${noMosquitto}`);

const options: MqttOptions = {
  topics: [
    {
      topic: "sensors/{station}/{property}",
      entities: [
        {
          kind: "Sensor",
          id: ["{station}", "{property}"],
          fields: { property: "{property}", value: "value" },
          observedAt: ["at"],
        },
      ],
    },
    {
      topic: "plain/{station}",
      entities: [
        {
          kind: "Sensor",
          id: ["{station}"],
          fields: { property: { value: "level" }, value: "{payload}" },
          observedAt: "received",
        },
      ],
    },
  ],
};

interface Listening extends Rig {
  readonly feed: RunningFeed;
  readonly city: City;
  /** The feed as the live city shows it now. */
  status(): ReturnType<City["feedStatus"]>;
  values(): Record<string, number>;
  errors(): (FeedError | null)[];
}

interface Wanted {
  /** Default: `mqtt` with the options above. */
  readonly connector?: Connector;
  readonly transport?: Partial<SubscribeTransport>;
  readonly entry?: Partial<FeedEntry>;
  readonly dataFolder?: string;
}

async function listening(broker: Pick<Broker, "port">, wanted: Wanted = {}): Promise<Listening> {
  const made = await rig(
    {
      type: "subscribe",
      url: `mqtt://127.0.0.1:${broker.port}`,
      topics: ["sensors/#", "plain/#"],
      qos: 1,
      protocolVersion: "5.0",
      username: null,
      password: null,
      ca: null,
      cert: null,
      key: null,
      clientId: null,
      sessionExpirySeconds: 0,
      timeoutSeconds: 2,
      maxBytes: 10_000,
      isSimulated: false,
      outgoing: { allowHosts: ["127.0.0.1", "localhost"], userAgent: "Citydeck/test" },
      ...wanted.transport,
    },
    {
      connector: wanted.connector ?? mqtt,
      random: () => 0,
      entry: { spec: "mqtt", options, staleAfterSeconds: 60, ...wanted.entry },
      ...(wanted.dataFolder === undefined ? {} : { dataFolder: wanted.dataFolder }),
    },
  );
  const { wiring } = made;
  const inbox = new Inbox();
  const city = new City(plan({ feeds: [{ ...wiring.entry, gives: ["Sensor"] }] }));
  const feed = startFeed({
    ...wiring,
    deliver(update, delivery) {
      wiring.deliver(update, delivery);
      inbox.put({ ...delivery, update });
    },
    report(feedId, word) {
      wiring.report(feedId, word);
      inbox.putReport({ feedId, part: word.part, goodAt: word.good, error: word.error });
    },
    drop(feedId, count) {
      wiring.drop?.(feedId, count);
      inbox.putDropped(feedId, count);
    },
  });
  onTestFinished(() => feed.stop());
  await feed.ready;
  return {
    ...made,
    feed,
    city,
    status() {
      city.advance(inbox.drain({}), wiring.now());
      return city.feedStatus(wiring.entry.id, wiring.now());
    },
    values: () =>
      Object.fromEntries(
        Array.from(city.table("Sensor").entries(), ([, { entity }]) => [
          entity.sourceId,
          (entity.fields as { value: number }).value,
        ]),
      ),
    errors: () => made.words.map(({ error }) => error),
  };
}

const secondsAgo = (seconds: number): string => new Date(Date.now() - seconds * 1_000).toISOString();
const measured = (value: number, at = secondsAgo(0)): string => JSON.stringify({ value, at });

/** Publishes until the feed has heard: from then on nothing is missed. */
async function heard(city: Listening, broker: Broker): Promise<void> {
  await expect
    .poll(
      async () => {
        await broker.publish("sensors/first/level", measured(0));
        return city.delivered.length;
      },
      { timeout: 8_000 },
    )
    .toBeGreaterThan(0);
}

const containing = (text: string): unknown => expect.stringContaining(text);
const versions = ["3.1.1", "5.0"] as const;

describe.skipIf(isSkipped)("mosquitto", () => {
  test.each(versions)("%s: messages become things, and keep the feed fresh", async (protocolVersion) => {
    const broker = await mosquitto();
    const city = await listening(broker, { transport: { protocolVersion } });
    expect(city.status().status).toBe("waiting");
    await heard(city, broker);
    await broker.publish("sensors/dock/level", measured(1.5));
    await broker.publish("plain/quay", "2.5");
    await broker.publish("elsewhere/dock/level", measured(9));
    await eventually(() => expect(city.delivered.map(({ text }) => text)).toContain("quay=2.5"));
    const status = city.status();
    expect(status).toMatchObject({ status: "fresh", entities: 3, error: null, dropped: 0 });
    expect(city.values()).toEqual({ "first|level": 0, "dock|level": 1.5, quay: 2.5 });
  });

  test.each(versions)("%s: a retained message never makes the feed fresh", async (protocolVersion) => {
    const broker = await mosquitto();
    await broker.publish("sensors/old/level", measured(1, secondsAgo(30)), { retain: true });
    await broker.publish("sensors/lies/level", measured(2, secondsAgo(-600)), { retain: true });
    await broker.publish("plain/unknown", "3", { retain: true });
    const city = await listening(broker, { transport: { protocolVersion } });
    await eventually(() => expect(city.delivered).toHaveLength(3));
    const status = city.status();
    // The last known value, with its own age and no good word.
    expect(city.values()).toEqual({ "old|level": 1 });
    expect(status.status).toBe("stale");
    expect(Date.now() - status.lastGoodAt!).toBeGreaterThan(29_000);
    expect(Date.now() - status.observedAt!).toBeGreaterThan(29_000);
    expect(status.notices).toContainEqual({
      code: "subscribe-retained-undated",
      severity: "info",
      count: 2,
      example: containing("a retained message without a time of its own"),
    });
    expect(city.words.filter(({ good }) => good !== null)).toEqual([]);
    // The same topic, now live.
    await broker.publish("plain/unknown", "4", { retain: true });
    await eventually(() => expect(city.delivered).toHaveLength(4));
    expect(city.status().status).toBe("fresh");
    expect(city.values()).toEqual({ "old|level": 1, unknown: 4 });
  });

  test("an older retained value never wins over a newer one, whatever the order", async () => {
    const broker = await mosquitto();
    const city = await listening(broker);
    await heard(city, broker);
    await broker.publish("sensors/dock/level", measured(2));
    await eventually(() => expect(city.readings()).toContain("dock|level=2"));
    await broker.kill();
    await broker.start();
    await broker.publish("sensors/dock/level", measured(1, secondsAgo(30)), { retain: true });
    await eventually(() => expect(city.readings()).toContain("dock|level=1"));
    const { status } = city.status();
    expect(city.values()["dock|level"]).toBe(2);
    expect(status).toBe("fresh");
  });

  test("a broker that dies: the feed says why, goes stale by silence, and recovers", async () => {
    const broker = await mosquitto();
    const city = await listening(broker, { entry: { staleAfterSeconds: 1 } });
    await heard(city, broker);
    expect(city.status()).toMatchObject({ status: "fresh", error: null });
    await broker.kill();
    await eventually(() => expect(city.status().error).toMatchObject({ class: "connection" }));
    expect(city.status().error!.message).toContain(`mqtt://127.0.0.1:${broker.port}: `);
    await pause(1_100);
    expect(city.status().status).toBe("down");
    await broker.start();
    // Connected again, and nothing heard yet: nothing stands in the way, and the age goes on.
    await eventually(() => expect(city.status().error).toBeNull());
    expect(city.status().status).toBe("stale");
    await broker.publish("sensors/dock/level", measured(3));
    await eventually(() => expect(city.status().status).toBe("fresh"));
    expect(city.values()["dock|level"]).toBe(3);
  });

  test.each([0, 1, 2] as const)("QoS %i: the same message again changes nothing", async (qos) => {
    const broker = await mosquitto();
    const city = await listening(broker, { transport: { qos } });
    await heard(city, broker);
    const message = measured(5);
    for (const dup of [false, true, false]) await broker.publish("sensors/dock/level", message, { qos, dup });
    await eventually(() => expect(city.readings().filter((text) => text === "dock|level=5")).toHaveLength(3));
    expect(city.status()).toMatchObject({ entities: 2, status: "fresh" });
  });

  test("a session keeps what comes while we are away", async () => {
    const broker = await mosquitto();
    const transport = { clientId: "citydeck-test", sessionExpirySeconds: 60 } as const;
    const first = await listening(broker, { transport });
    await heard(first, broker);
    await first.feed.stop();
    await broker.publish("sensors/dock/level", measured(7, secondsAgo(1)));
    const second = await listening(broker, { transport });
    await eventually(() => expect(second.readings()).toContain("dock|level=7"));
  });

  test("what is too large is refused, counted and named, and the rest goes on", async () => {
    const broker = await mosquitto();
    const city = await listening(broker);
    await heard(city, broker);
    await broker.publish("sensors/camera/image", Buffer.alloc(20_000, 0x7b));
    await broker.publish("sensors/dock/level", measured(1));
    await eventually(() => expect(city.readings()).toContain("dock|level=1"));
    expect(city.status()).toMatchObject({
      status: "fresh",
      dropped: 1,
      error: { class: "too-large", message: "sensors/camera/image: 20000 bytes, at most 10000 are accepted" },
    });
  });

  test("a bad payload is a notice with its topic, no good word and no lost value", async () => {
    const broker = await mosquitto();
    const city = await listening(broker, { entry: { staleAfterSeconds: 1 } });
    await heard(city, broker);
    await pause(1_100);
    await broker.publish("sensors/first/level", '{"value": 1, "at":');
    await eventually(() => expect(city.delivered.at(-1)!.update.tellsNothing).toBe(true));
    const { status, notices } = city.status();
    expect(status).toBe("stale");
    expect(city.values()).toEqual({ "first|level": 0 });
    expect(notices).toMatchObject([
      { code: "mqtt-broken-json", example: containing("sensors/first/level: expected JSON as UTF-8") },
    ]);
  });

  test("after a restart the last message of each topic is there, stale", async () => {
    const broker = await mosquitto();
    const dataFolder = await temporaryFolder();
    const first = await listening(broker, { dataFolder });
    await heard(first, broker);
    for (const value of [1, 2, 3]) await broker.publish("sensors/dock/level", measured(value));
    await broker.publish("plain/quay", "4");
    await eventually(() => expect(first.readings()).toContain("quay=4"));
    await first.feed.stop();
    await broker.kill();
    const second = await listening(broker, { dataFolder });
    const { status } = second.status();
    expect(second.values()).toEqual({ "first|level": 0, "dock|level": 3, quay: 4 });
    expect(status).toBe("stale");
    // One body for each topic.
    expect(second.readings().filter((text) => text.startsWith("dock"))).toEqual(["dock|level=3"]);
  });

  test.each(versions)(
    "%s: who may not connect is told so, and no secret is logged",
    async (protocolVersion) => {
      const city = await listening(await guarded(), {
        transport: { protocolVersion, username: "city", password: () => "wrong secret" },
      });
      await eventually(() => expect(city.words.length).toBeGreaterThan(0));
      expect(city.errors()[0]).toMatchObject({
        class: "unauthorized",
        message: containing("the broker refused the connection: not authorized"),
      });
      expect(JSON.stringify(city.logged)).not.toContain("wrong secret");
    },
  );

  test.each(versions)("%s: user and password", async (protocolVersion) => {
    const broker = await guarded();
    const city = await listening(broker, {
      transport: { protocolVersion, username: () => "city", password: () => "secret" },
    });
    await heard(city, broker);
    expect(city.status().status).toBe("fresh");
  });

  test("a secret that is not set is a broken setting", async () => {
    const city = await listening(await mosquitto(), {
      transport: {
        username: "city",
        password() {
          throw new MissingSecret("the environment variable MQTT_PASSWORD is not set");
        },
      },
    });
    await eventually(() =>
      expect(city.errors()[0]).toMatchObject({
        class: "settings",
        message: containing("MQTT_PASSWORD is not set"),
      }),
    );
  });

  test.each(versions)(
    "%s: a subscription that is refused is named, the others go on",
    async (protocolVersion) => {
      const broker = await granting("sensors/#");
      const city = await listening(broker, { transport: { protocolVersion } });
      await eventually(() =>
        expect(city.errors()).toContainEqual(
          expect.objectContaining({
            class: "unauthorized",
            message: containing('the broker refused the subscription to "plain/#"'),
          }),
        ),
      );
      await heard(city, broker);
      expect(city.status()).toMatchObject({ status: "fresh", error: { class: "unauthorized" } });
    },
  );

  test("TLS: nobody is trusted who cannot prove it; a client shows its own certificate", async () => {
    const broker = await secured();
    const url = `mqtts://127.0.0.1:${broker.port}`;
    const pem = broker.path("server.pem");
    const untrusted = await listening(broker, { transport: { url } });
    await eventually(() =>
      expect(untrusted.errors()[0]).toMatchObject({
        class: "tls",
        message: containing("DEPTH_ZERO_SELF_SIGNED_CERT"),
      }),
    );
    const otherName = await listening(broker, {
      transport: { url: url.replace("127.0.0.1", "localhost"), ca: pem },
    });
    await eventually(() =>
      expect(otherName.errors()[0]).toMatchObject({
        class: "tls",
        message: containing("ERR_TLS_CERT_ALTNAME_INVALID"),
      }),
    );
    const nobody = await listening(broker, { transport: { url, ca: pem } });
    await eventually(() =>
      expect(nobody.errors()[0]).toMatchObject({ class: expect.stringMatching(/tls|connection/) }),
    );
    const missing = await listening(broker, { transport: { url, ca: `${pem}.gone` } });
    await eventually(() =>
      expect(missing.errors()[0]).toMatchObject({ class: "missing", message: containing("ca: ") }),
    );
    const trusted = await listening(broker, { transport: { url, ca: pem, cert: pem, key: pem } });
    await heard(trusted, broker);
    expect(trusted.status()).toMatchObject({ status: "fresh", error: null });
  });

  test("SensorThings: a stream that is known takes its new observations from its topic", async () => {
    const broker = await mosquitto();
    const city = await listening(broker, {
      connector: sensorthings,
      transport: { topics: ["v1.1/#"] },
      entry: { spec: "sensorthings", options: {} },
    });
    const observation = (result: number, seconds: number) => ({
      "@iot.id": result,
      result,
      phenomenonTime: secondsAgo(seconds),
      resultTime: null,
    });
    const stream = {
      "@iot.id": 7,
      name: "Level",
      unitOfMeasurement: { name: "metre", symbol: "m", definition: null },
      ObservedProperty: { name: "level" },
      Observations: [observation(1, 20)],
    };
    // Until we listen.
    await expect
      .poll(
        async () => {
          await broker.publish("v1.1/Datastreams(7)", JSON.stringify(stream));
          city.status();
          return city.values();
        },
        { timeout: 8_000 },
      )
      .toEqual({ "7": 1 });
    const topic = "v1.1/Datastreams(7)/Observations";
    await broker.publish(topic, JSON.stringify(observation(3, 5)));
    // A late one does not win.
    await broker.publish(topic, JSON.stringify(observation(2, 10)));
    await eventually(() => {
      expect(city.status()).toMatchObject({ status: "fresh", error: null });
      expect(city.values()).toEqual({ "7": 3 });
    });
  });

  test("over WebSocket", async () => {
    const broker = await mosquitto({
      lines: ["allow_anonymous true", "listener WEB 127.0.0.1", "protocol websockets"],
    });
    const city = await listening(broker, { transport: { url: `ws://127.0.0.1:${broker.webPort}/mqtt` } });
    await heard(city, broker);
    expect(city.status().status).toBe("fresh");
  });

  test("a burst: the newest word of each thing", async () => {
    const broker = await mosquitto({
      lines: ["allow_anonymous true", "max_queued_messages 0", "max_inflight_messages 0"],
    });
    const city = await listening(broker);
    await heard(city, broker);
    const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`);
    const [things, rounds] = [200, 50];
    for (let round = 1; round <= rounds; round++)
      for (let thing = 0; thing < things; thing++)
        client.publish(`plain/${thing}`, String(round), { qos: 1 });
    await eventually(() => expect(city.delivered.length).toBeGreaterThan(things * rounds));
    await client.endAsync();
    expect(city.status()).toMatchObject({ entities: things + 1, status: "fresh", error: null });
    expect(new Set(Object.values(city.values()))).toEqual(new Set([0, rounds]));
  });
});
