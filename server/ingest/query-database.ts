/**
 * One statement on a PostgreSQL server: a connection of its own, a transaction that can only read, bounded in time, rows
 * and bytes. Every way it can fail is a value that names it; passwords and parameters are in no message.
 */

import { connect, Socket, type LookupFunction } from "node:net";
import { Client, DatabaseError, Query, type QueryArrayConfig } from "pg";
import type { QueryColumn } from "../core/feeds/sql/result.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import { withinTime } from "./deadline.ts";
import { faultOf } from "./http-get.ts";
import { openReach, type Reach } from "../outside.ts";
import type { PartFault } from "./part-decoder.ts";

export interface DatabaseQuery {
  /** `postgres://user:password@host:port/database?sslmode=verify-full`; `?host=/folder` for a Unix socket. */
  readonly address: string;
  readonly sql: string;
  /** `$1`, or none. */
  readonly values: readonly (string | null)[];
  /** For everything together. */
  readonly timeoutMs: number;
  readonly maxRows: number;
  readonly maxBytes: number;
  readonly applicationName: string;
  readonly signal: AbortSignal;
  readonly reach: Reach;
}

export interface Rows {
  readonly columns: readonly QueryColumn[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** The rows of the statement, with every cell as the text that PostgreSQL writes. */
export async function queryDatabase(asked: DatabaseQuery): Promise<Result<Rows, PartFault>> {
  const { timeoutMs, maxBytes, sql } = asked;
  const target = parseAddress(asked.address);
  if (!target.ok) return target;
  return withinTime(timeoutMs, asked.signal, async (deadline) => {
    try {
      return ok(await askOnce(target.value, { ...asked, signal: deadline.signal }));
    } catch (error) {
      const { host, port } = target.value;
      const where = host.startsWith("/") ? host : `${host}:${port}`;
      const fault = deadline.isOver
        ? { class: "timeout" as const, message: `no result within ${timeoutMs / 1_000} s` }
        : faultOfQuery(error, sql, maxBytes);
      return fail({ ...fault, message: `${where}: ${fault.message}` });
    }
  });
}

/** Where a database is and how it is spoken to. */
interface Target {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly ssl: false | { readonly rejectUnauthorized: boolean };
}

const sslModes: Readonly<Record<string, Target["ssl"]>> = {
  disable: false,
  require: { rejectUnauthorized: false },
  "verify-full": { rejectUnauthorized: true },
};

/** The parts of libpq's address that are known here; anything else is refused rather than silently left out. */
function parseAddress(address: string): Result<Target, PartFault> {
  try {
    return readAddress(address);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return badAddress("% only before two hexadecimal digits");
  }
}

function badAddress(expected: string): { readonly ok: false; readonly failure: PartFault } {
  return fail({ class: "settings", message: `the address of the database: expected ${expected}` });
}

function readAddress(address: string): Result<Target, PartFault> {
  const url = URL.parse(address);
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol))
    return badAddress("postgres://user:password@host:port/database");
  const { host: folder, sslmode = "disable", ...others } = Object.fromEntries(url.searchParams);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return badAddress(`no parameter but host and sslmode, found "${unknown}"`);
  const ssl = Object.hasOwn(sslModes, sslmode) ? sslModes[sslmode] : undefined;
  if (ssl === undefined) return badAddress(`sslmode as one of ${Object.keys(sslModes).join(", ")}`);
  const host = folder ?? decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, "$1");
  const database = decodeURIComponent(url.pathname.slice(1));
  if (host === "" || url.username === "" || database === "")
    return badAddress("a user, a host and a database");
  return ok({
    host,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database,
    ssl,
  });
}

async function askOnce(target: Target, asked: DatabaseQuery): Promise<Rows> {
  const { signal, sql, timeoutMs, values } = asked;
  const isLocal = target.host.startsWith("/");
  const lookup = isLocal ? undefined : openReach(asked.reach).lookupFor(target.host, target.port);
  const client = new Client({
    ...target,
    // As a function it is used as it is, and looked for nowhere else.
    password: () => target.password,
    stream: () => new ReachingSocket(lookup),
    application_name: asked.applicationName,
    options: sessionOptions(timeoutMs),
  });
  // What goes wrong is told by the call that waits for it.
  client.on("error", () => undefined);
  const giveUp = (): void => {
    void cancelQuery(client, target, lookup).finally(() => socketOf(client).destroy());
  };
  signal.throwIfAborted();
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    await client.connect();
    await client.query("BEGIN READ ONLY");
    // After a first statement nothing can make the transaction one that writes.
    await client.query("SELECT 1");
    const { fields, rows } = await readRows(client, sql, values, asked, giveUp);
    if (fields.length === 0)
      throw new QueryFault("query", "the statement gives no columns, expected a SELECT");
    return { columns: await withTypes(client, fields), rows };
  } finally {
    signal.removeEventListener("abort", giveUp);
    void client.end().catch(() => undefined);
  }
}

/** Read-only by default, ended by the server itself when we do not, and with texts of one form. */
function sessionOptions(timeoutMs: number): string {
  const settings = {
    default_transaction_read_only: "on",
    statement_timeout: String(Math.ceil(timeoutMs)),
    idle_in_transaction_session_timeout: String(Math.ceil(timeoutMs)),
    timezone: "UTC",
    datestyle: "ISO",
    intervalstyle: "iso_8601",
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(" ");
}

/** Connects by `lookup`, so that the address that is connected to is one that may be. */
class ReachingSocket extends Socket {
  readonly #lookup: LookupFunction | undefined;

  constructor(lookup: LookupFunction | undefined) {
    super();
    this.#lookup = lookup;
  }

  override connect(...[port, host]: readonly unknown[]): this {
    if (typeof port === "string") return super.connect(port);
    const lookup = this.#lookup === undefined ? {} : { lookup: this.#lookup };
    return super.connect({ port: Number(port), host: String(host), ...lookup });
  }
}

function socketOf(client: Client): Socket {
  return client.connection.stream as Socket;
}

interface RawRows {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** By the extended protocol, which takes one statement only. */
function readRows(
  client: Client,
  text: string,
  values: readonly (string | null)[],
  { maxRows, maxBytes }: DatabaseQuery,
  giveUp: () => void,
): Promise<RawRows> {
  const rows: (readonly (string | null)[])[] = [];
  const bytesBefore = socketOf(client).bytesRead;
  return new Promise<RawRows>((resolve, reject) => {
    const config: QueryArrayConfig & { readonly queryMode: "extended" } = {
      text,
      values: [...values],
      rowMode: "array",
      queryMode: "extended",
      types: { getTypeParser: () => (cell: string) => cell },
    };
    const query = new Query<(string | null)[]>(config);
    const overflow = (): QueryFault | null => {
      if (rows.length > maxRows) return new QueryFault("too-large", `more than ${maxRows} rows`);
      if (socketOf(client).bytesRead - bytesBefore <= maxBytes) return null;
      return new QueryFault("too-large", `the result exceeds ${maxBytes} bytes`);
    };
    const stopAtOverflow = (): void => {
      const fault = overflow();
      if (fault === null) return;
      clearInterval(watching);
      reject(fault);
      giveUp();
    };
    // One cell may be larger than all that a result may have.
    const watching = setInterval(stopAtOverflow, 50);
    query.on("row", (row) => {
      rows.push(row);
      stopAtOverflow();
    });
    query.on("error", (error) => {
      clearInterval(watching);
      reject(error);
    });
    query.on("end", ({ fields }) => {
      clearInterval(watching);
      resolve({ fields, rows });
    });
    client.query(query);
  });
}

async function withTypes(client: Client, fields: RawRows["fields"]): Promise<QueryColumn[]> {
  const oids = [...new Set(fields.map(({ dataTypeID }) => dataTypeID))];
  const found = await client.query<{ oid: number; typname: string }>(
    "SELECT oid::int8::text AS oid, typname FROM pg_catalog.pg_type WHERE oid = ANY($1::oid[])",
    [oids],
  );
  const names = new Map(found.rows.map(({ oid, typname }) => [Number(oid), typname]));
  return fields.map(({ name, dataTypeID }) => ({ name, type: names.get(dataTypeID) ?? String(dataTypeID) }));
}

const cancelRequestCode = 80_877_102;
const cancelWaitMs = 2_000;

/**
 * Asks the server to end what runs on the connection (PostgreSQL protocol, CancelRequest), by a connection of its own:
 * a server notices a closed one only when it has something to send. Never rejects.
 */
function cancelQuery(client: Client, target: Target, lookup: LookupFunction | undefined): Promise<void> {
  const { processID, secretKey } = client as Client & { processID: number | null; secretKey: number | null };
  if (processID === null || secretKey === null) return Promise.resolve();
  const { host, port } = target;
  const socket = host.startsWith("/")
    ? connect(`${host}/.s.PGSQL.${port}`)
    : connect({ host, port, ...(lookup === undefined ? {} : { lookup }) });
  const request = Buffer.alloc(16);
  [16, cancelRequestCode, processID, secretKey].forEach((word, i) => request.writeInt32BE(word, 4 * i));
  return new Promise((resolve) => {
    socket.setTimeout(cancelWaitMs, () => socket.destroy());
    socket.on("error", () => undefined);
    socket.on("close", () => resolve());
    socket.on("connect", () => socket.end(request)).resume();
  });
}

class QueryFault extends Error {
  readonly class: "query" | "too-large";
  constructor(faultClass: "query" | "too-large", message: string) {
    super(message);
    this.class = faultClass;
  }
}

/** SQLSTATE classes that are about the connection, the account or the time, not about the statement. */
function classOf(code: string): PartFault["class"] {
  // A wrong number of parameters is the statement's fault (protocol_violation).
  if (code === "08P01") return "query";
  if (code.startsWith("28") || code === "42501") return "unauthorized";
  if (code === "57014") return "timeout";
  return /^(08|53|57P|3D)/.test(code) ? "connection" : "query";
}

function faultOfQuery(error: unknown, sql: string, maxBytes: number): PartFault {
  if (error instanceof QueryFault) return { class: error.class, message: error.message };
  if (error instanceof DatabaseError) {
    const { code = "XX000", position, message, hint } = error;
    const at = position === undefined ? "" : ` at ${linePosition(sql, Number(position))}`;
    const advice = hint === undefined ? "" : ` (${hint})`;
    return { class: classOf(code), message: `error ${code}${at}: ${message}${advice}`.slice(0, 400) };
  }
  const { message } = error instanceof Error ? error : { message: String(error) };
  if (/SSL/.test(message)) return { class: "tls", message };
  if (/^SASL|password/.test(message)) return { class: "unauthorized", message };
  return faultOf(error, maxBytes);
}

/** `position` counts characters, not UTF-16 units, from 1. */
function linePosition(sql: string, position: number): string {
  const characters = Array.from(sql).slice(0, position - 1);
  const lineStart = characters.lastIndexOf("\n") + 1;
  const line = characters.filter((character) => character === "\n").length + 1;
  return `line ${line}, column ${characters.length - lineStart + 1}`;
}
