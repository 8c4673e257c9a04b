/**
 * A real PostgreSQL server for a test: Debian's, in a temporary folder, on a free port of loopback and a Unix socket. It
 * refuses to run as root, so a root's test runs it as `nobody`.
 */

import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, copyFileSync, globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { freePort } from "./free-port.ts";

const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const asWhom = isRoot ? { uid: nobody, gid: nobody } : {};
const certificate = join(import.meta.dirname, "../fixtures/tls/self-signed.pem");

/** The folder of Debian's newest server; `null` where there is none. */
export function findPostgres(): string | null {
  const servers = globSync("/usr/lib/postgresql/*/bin/initdb").map((path) => path.replace(/\/initdb$/, ""));
  return servers.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1) ?? null;
}

export const postgresAdvice =
  "No PostgreSQL server: the tests of sql feeds and records on a real one are skipped (Debian: apt-get install postgresql).";

export interface RunningPostgres {
  /** `postgres://owner:…@127.0.0.1:port/postgres`, for `user` when named. */
  address(user?: string): string;
  /** The same server by its Unix socket. */
  readonly socketAddress: string;
  readonly port: number;
  /** Runs statements as the server's owner. */
  run(sql: string): Promise<readonly Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/** Starts the server of `bin`. Everybody who comes by TCP needs a password, which is `secret` for all. */
export async function startPostgres(bin: string): Promise<RunningPostgres> {
  const folder = mkdtempSync(join(tmpdir(), "citydeck-postgres-"));
  const data = join(folder, "data");
  const pem = join(folder, "server.pem");
  const password = join(folder, "password");
  writeFileSync(password, "secret");
  copyFileSync(certificate, pem);
  if (isRoot) [folder, pem, password].forEach((path) => chownSync(path, nobody, nobody));
  chmodSync(pem, 0o600);
  const initial = [
    "--username=owner",
    `--pwfile=${password}`,
    "--auth-host=scram-sha-256",
    "--auth-local=trust",
  ];
  const how = { ...asWhom, cwd: folder, stdio: "ignore" } as const;
  execFileSync(
    join(bin, "initdb"),
    ["-D", data, "--no-sync", "--encoding=UTF8", "--locale=C", ...initial],
    how,
  );
  const port = await freePort();
  const settings = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: folder,
    fsync: "off",
    timezone: "Asia/Shanghai",
    datestyle: "German",
    ssl: "on",
    ssl_cert_file: pem,
    ssl_key_file: pem,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const server = spawn(join(bin, "postgres"), ["-D", data, ...options], how);
  const address = (user = "owner") => `postgres://${user}:secret@127.0.0.1:${port}/postgres`;
  await ready(address(), server);
  return {
    address,
    port,
    socketAddress: `postgres://owner@localhost:${port}/postgres?host=${encodeURIComponent(folder)}`,
    async run(sql) {
      const client = new Client({ connectionString: address() });
      await client.connect();
      try {
        const results: unknown = await client.query(sql);
        const last = (Array.isArray(results) ? results.at(-1) : results) as {
          readonly rows: readonly Record<string, unknown>[];
        };
        return last.rows;
      } finally {
        await client.end();
      }
    },
    async stop() {
      const ended = once(server, "exit");
      server.kill("SIGINT");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(connectionString: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const client = new Client({ connectionString });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      if (server.exitCode !== null) throw new Error(`PostgreSQL ended with ${server.exitCode}`);
      await new Promise((wait) => setTimeout(wait, 50));
    }
  }
  throw new Error("PostgreSQL does not answer");
}
