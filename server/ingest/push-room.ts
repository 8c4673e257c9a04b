/** The bodies of one feed's pushes while they are read, inflated and brought to disk: bounded, each and all together. */

import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { fail, ok, type Result } from "../../shared/result.ts";
import { busy, refuse, type Push, type PushAnswer } from "./push.ts";

/** As they came and inflated; beyond it pushes are turned away. */
const mostBytes = 64 << 20;

type Handle = (bytes: Uint8Array) => Promise<PushAnswer>;

export class PushRoom {
  readonly #maxBytes: number;
  #bytes = 0;
  /** One at a time: what is being inflated is not counted yet. */
  #inflating: Promise<unknown> = Promise.resolve();

  /** `maxBytes`: of one body, as it came and inflated. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isFull(): boolean {
    return this.#bytes > mostBytes;
  }

  /** Reads a body to its end; it counts until `handle` has answered. */
  async read(body: Push["body"], handle: Handle): Promise<PushAnswer> {
    let held = 0;
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) {
        // Counted as it comes: nobody has proved to be our source before the last byte.
        held += chunk.byteLength;
        this.#bytes += chunk.byteLength;
        if (held > this.#maxBytes) return refuse(413, "too-large", `at most ${this.#maxBytes} bytes`);
        if (this.isFull) return busy("too many pushes at once");
        chunks.push(chunk);
      }
      return await handle(Buffer.concat(chunks));
    } finally {
      this.#bytes -= held;
    }
  }

  /** Undoes a `Content-Encoding`; what comes out counts until `handle` has answered. */
  async inflate(raw: Uint8Array, encoding: string | undefined, handle: Handle): Promise<PushAnswer> {
    const inflated = this.#inflating.then(() => undoEncoding(raw, encoding, this.#maxBytes));
    this.#inflating = inflated;
    const bytes = await inflated;
    if (!bytes.ok) return bytes.failure;
    if (bytes.value === raw) return handle(raw);
    this.#bytes += bytes.value.byteLength;
    try {
      return this.isFull ? busy("too many pushes at once") : await handle(bytes.value);
    } finally {
      this.#bytes -= bytes.value.byteLength;
    }
  }
}

const decoders = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: promisify(inflate),
} as const;

async function undoEncoding(
  raw: Uint8Array,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Result<Uint8Array, PushAnswer>> {
  const name = (encoding ?? "identity").trim().toLowerCase();
  if (name === "identity" || name === "") return ok(raw);
  if (!isDecoder(name)) return fail(refuse(415, "unsupported-encoding", "gzip, br, deflate or identity"));
  try {
    return ok(await decoders[name](raw, { maxOutputLength: maxBytes }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      return fail(refuse(413, "too-large", `at most ${maxBytes} bytes after decompression`));
    return fail(refuse(422, "unreadable", `the body is not ${name}`));
  }
}

function isDecoder(name: string): name is keyof typeof decoders {
  return Object.hasOwn(decoders, name);
}

/**
 * A body as it comes, which ends with the reason of `signal` however long its source is silent: whoever drips must not
 * hold up the stop.
 */
export async function* untilStopped(body: Push["body"], signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array, void> | Iterator<Uint8Array, void> =
    Symbol.asyncIterator in body ? body[Symbol.asyncIterator]() : body[Symbol.iterator]();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), stopped]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    Promise.resolve(chunks.return?.()).catch(() => undefined);
  }
}
