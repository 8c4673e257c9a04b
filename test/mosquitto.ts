/** Debian's Mosquitto for tests: a broker of its own on a free port of loopback, with a configuration of its own. */

import { spawn, type ChildProcess } from "node:child_process";
import { pbkdf2Sync } from "node:crypto";
import { once } from "node:events";
import { existsSync, globSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { connect as connectTcp } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connectAsync, type IClientOptions, type IClientPublishOptions } from "mqtt";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./feed-rig.ts";
import { freePort } from "./free-port.ts";

/** Where Debian and others put it; most people's PATH has no sbin. */
const program = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/usr/bin/mosquitto"].find(existsSync);

/** Without it the tests that need it are skipped, but never in CI. */
export const hasMosquitto = program !== undefined;
export const noMosquitto = "there is no Mosquitto here (Debian's package mosquitto)";

export interface Broker {
  readonly port: number;
  /** For a listener of its own that the settings ask for with `WEB`. */
  readonly webPort: number;
  /** A file in its folder. */
  path(name: string): string;
  publish(topic: string, payload: string | Buffer, how?: IClientPublishOptions): Promise<void>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

interface BrokerSettings {
  /** Lines of mosquitto.conf beside the listener; `DIR` stands for its folder, `WEB` for another free port. */
  readonly lines?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  /** How the tests publish, where not everybody may. */
  readonly publisher?: IClientOptions;
}

/** A running broker that ends with the test. */
export async function mosquitto(settings: BrokerSettings = {}): Promise<Broker> {
  if (program === undefined) throw new Error(noMosquitto);
  const folder = await temporaryFolder();
  const [port, webPort] = [await freePort(), await freePort()];
  for (const [name, text] of Object.entries(settings.files ?? {})) await writeFile(join(folder, name), text);
  const { lines = ["allow_anonymous true"] } = settings;
  const own = lines.map((line) => line.replaceAll("DIR", folder).replace("WEB", String(webPort)));
  // "user" is for a root that runs the tests: Mosquitto would become somebody who may not read the folder.
  const config = [`listener ${port} 127.0.0.1`, "user root", "log_dest none", ...own, ""];
  await writeFile(join(folder, "mosquitto.conf"), config.join("\n"));
  let running: ChildProcess | null = null;

  const kill = async (): Promise<void> => {
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, "exit");
    running.kill("SIGKILL");
    await exited;
  };
  const start = async (): Promise<void> => {
    running = spawn(program, ["-c", join(folder, "mosquitto.conf")], { stdio: "ignore" });
    await listening(port, running);
  };
  onTestFinished(kill);
  await start();
  return {
    port,
    webPort,
    kill,
    start,
    path: (name) => join(folder, name),
    async publish(topic, payload, how = {}) {
      const client = await connectAsync(`mqtt://127.0.0.1:${port}`, settings.publisher ?? {});
      await client.publishAsync(topic, payload, { qos: 1, ...how });
      await client.endAsync();
    },
  };
}

/** A broker that knows one user, `city` with the password `secret`. */
export function guarded(): Promise<Broker> {
  const salt = Buffer.alloc(12, 7);
  const hash = pbkdf2Sync("secret", salt, 101, 64, "sha512");
  return mosquitto({
    lines: ["allow_anonymous false", "password_file DIR/users"],
    files: { users: `city:$7$101$${salt.toString("base64")}$${hash.toString("base64")}\n` },
    publisher: { username: "city", password: "secret" },
  });
}

/** A broker that grants subscriptions to what `filter` covers, and to nothing else. */
export function granting(filter: string): Promise<Broker> {
  const allowed = { acltype: "subscribePattern", topic: filter, priority: 0, allow: true };
  const security = {
    defaultACLAccess: {
      publishClientSend: true,
      publishClientReceive: true,
      subscribe: false,
      unsubscribe: true,
    },
    anonymousGroup: "everybody",
    clients: [],
    groups: [{ groupname: "everybody", roles: [{ rolename: "reader" }] }],
    roles: [{ rolename: "reader", acls: [allowed] }],
  };
  const plugin = globSync("/usr/{lib,local/lib}/**/mosquitto_dynamic_security.so")[0];
  return mosquitto({
    lines: ["allow_anonymous true", `plugin ${plugin}`, "plugin_opt_config_file DIR/security.json"],
    files: { "security.json": JSON.stringify(security) },
  });
}

/** A broker that speaks TLS, and only with those who show the certificate that it shows itself. */
export async function secured(): Promise<Broker> {
  const pem = await readFile(new URL("../fixtures/tls/self-signed.pem", import.meta.url), "utf8");
  return mosquitto({
    lines: [
      "allow_anonymous true",
      ...["cafile", "certfile", "keyfile"].map((file) => `${file} DIR/server.pem`),
      "require_certificate true",
    ],
    files: { "server.pem": pem },
    publisher: { protocol: "mqtts", ca: pem, cert: pem, key: pem },
  });
}

async function listening(port: number, broker: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (broker.exitCode !== null) throw new Error(`mosquitto ended with ${broker.exitCode}`);
    const answered = await new Promise<boolean>((answer) => {
      const socket = connectTcp(port, "127.0.0.1")
        .once("connect", () => answer(true))
        .once("error", () => answer(false));
      socket.once("connect", () => socket.destroy());
    });
    if (answered) return;
    await pause(25);
  }
  throw new Error("mosquitto does not listen");
}
