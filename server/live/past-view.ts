/** What one client sees of the past: the instant it asked for last, loaded beside what it sees until then. */

import type { Kind } from "../../shared/kinds.ts";
import type { Frame, Hello, PastRefusal, PastRequest, Topic } from "../../shared/protocol.ts";
import { kindsOf, type PastSession, type PastSessionOptions } from "./past-session.ts";

/** What a session tells its client. */
export type SessionEvents = Pick<PastSessionOptions, "send" | "onClock" | "onRestart" | "onFailure">;

export type OpenPast = (
  request: PastRequest,
  kinds: ReadonlySet<Kind>,
  events: SessionEvents,
  signal: AbortSignal,
) => Promise<PastSession>;

/** How the client is reached. */
export interface PastClient {
  /** The view has become another epoch: its clock, and everything that is wanted. */
  show(topics: readonly Topic[], have: Hello["have"]): void;
  send(frames: readonly Frame[]): void;
  tellClock(): void;
  /** There is nothing to see: the client sees the city as it is now. */
  refuse(because: PastRefusal, topics: readonly Topic[]): void;
}

interface Loading {
  readonly request: PastRequest;
  readonly kinds: ReadonlySet<Kind>;
  readonly cancel: AbortController;
  /** Steady milliseconds. */
  readonly since: number;
}

/** What is asked for is mostly there within this; who waits longer hears that the server is. */
const soonMs = 2_000;

function isWithin(some: ReadonlySet<Kind>, all: ReadonlySet<Kind>): boolean {
  return Array.from(some).every((kind) => all.has(kind));
}

const nothing: Hello["have"] = { epoch: null, seq: {} };

export class PastView {
  readonly #open: OpenPast;
  readonly #client: PastClient;
  #session: PastSession | null = null;
  #loading: Loading | null = null;
  #topics: readonly Topic[] = [];

  constructor(open: OpenPast, client: PastClient) {
    this.#open = open;
    this.#client = client;
  }

  /** Whose frames the client gets; `null` while that is the city as it is now. */
  get session(): PastSession | null {
    return this.#session;
  }

  /** Whether it takes up room: an instant is shown or being loaded. */
  get isOpen(): boolean {
    return this.#session !== null || this.#loading !== null;
  }

  /** Whether what was asked for is to come within a moment. */
  get isComing(): boolean {
    return this.#loading !== null && performance.now() - this.#loading.since < soonMs;
  }

  /** The client wants these topics of this instant and has `have` of them. What is under way for another is given up. */
  look(request: PastRequest, topics: readonly Topic[], have: Hello["have"]): void {
    this.#topics = topics;
    const kinds = kindsOf(topics);
    if (this.#loading?.request.request === request.request && isWithin(kinds, this.#loading.kinds)) return;
    const session = this.#session?.request.request === request.request ? this.#session : null;
    this.#loading?.cancel.abort();
    this.#loading = null;
    if (session?.has(topics)) this.#client.show(topics, have);
    else void this.#load(session?.goesOn ?? request, kinds);
  }

  /** Loads what is shown anew: the city's settings are others. */
  lookAgain(): void {
    if (this.#session) void this.#load(this.#session.goesOn, kindsOf(this.#topics));
  }

  /** Back to now, and the end of everything that was under way. */
  leave(): void {
    this.#loading?.cancel.abort();
    this.#loading = null;
    this.#session?.close();
    this.#session = null;
  }

  async #load(request: PastRequest, kinds: ReadonlySet<Kind>): Promise<void> {
    const loading: Loading = { request, kinds, cancel: new AbortController(), since: performance.now() };
    this.#loading?.cancel.abort();
    this.#loading = loading;
    const isOld = (): boolean => this.#loading !== loading;
    try {
      const session = await this.#open(request, kinds, this.#events(), loading.cancel.signal);
      if (isOld()) return session.close();
      this.#session?.close();
      this.#session = session;
      this.#loading = null;
      this.#client.show(this.#topics, nothing);
      session.play();
    } catch {
      if (!isOld()) this.#giveUp();
    }
    return undefined;
  }

  #giveUp(): void {
    this.leave();
    this.#client.refuse("failed", this.#topics);
  }

  #events(): SessionEvents {
    return {
      send: (frames) => this.#client.send(frames),
      onClock: () => this.#client.tellClock(),
      onRestart: () => this.#client.show(this.#topics, nothing),
      onFailure: () => this.#giveUp(),
    };
  }
}
