/** The live things of the map outside React: listens to the store, keeps columns per kind, knows when something moves. */

import { feedOfEntityId } from "../../shared/entity.ts";
import type { EntityRow } from "../../shared/entity-frame.ts";
import type { FeedStatus, FeedStatusWord } from "../../shared/feed.ts";
import type { Kind } from "../../shared/kinds.ts";
import type { Topic } from "../../shared/protocol.ts";
import type { Connection } from "../live/live-store.ts";
import { bothMotions, Glides, stillness, type Motion } from "./glide.ts";
import { nearestSlot, symbolColumns, type Seen, type SymbolColumns } from "./symbol-columns.ts";
import { drawnKinds } from "./symbols.ts";

/** What of the live store the map reads. */
export interface ThingStore {
  subscribe(key: string, listener: () => void): () => void;
  want(topics: readonly Topic[]): () => void;
  entities(kind: Kind): { readonly rows: ReadonlyMap<number, EntityRow> };
  feed(id: string): Pick<FeedStatus, "status"> | null;
  readonly connection: Pick<Connection, "state">;
}

export interface Instant {
  /** City time, `null` before the first word of it. */
  readonly now: number | null;
  /** Wall milliseconds of the browser's monotonic clock. */
  readonly nowMs: number;
  /** Reduced motion: everything stands at its last report. */
  readonly steps: boolean;
}

/** Kinds whose symbols change by age alone. */
const ageingKinds: readonly Kind[] = ["VehiclePosition", "TripUpdate"];
/** Kinds that glide; the rest stands where it is reported. */
const movingKinds: ReadonlySet<Kind> = new Set(ageingKinds);

export class LiveThings {
  readonly kinds: readonly Kind[];
  readonly #store: ThingStore;
  readonly #anchor: Seen["anchor"];
  readonly #dirty = new Set<Kind>();
  readonly #columns = new Map<Kind, SymbolColumns>();
  readonly #glides = new Map<Kind, Glides>();
  readonly #rows = new Map<Kind, ReadonlyMap<number, EntityRow>>();
  /** The state of each feed that symbols were last chosen by. */
  readonly #judged = new Map<string, FeedStatusWord>();
  readonly #stops: (() => void)[];
  #motion: Motion = stillness;

  constructor(store: ThingStore, kinds: readonly Kind[], anchor: Seen["anchor"], onChange: () => void) {
    this.#store = store;
    this.#anchor = anchor;
    this.kinds = drawnKinds.filter((kind) => kinds.includes(kind));
    const changed = (kind: Kind) => () => {
      this.#dirty.add(kind);
      onChange();
    };
    this.#stops = [
      store.want(this.kinds.map((kind): Topic => `entities/${kind}`)),
      ...this.kinds.map((kind) => store.subscribe(`entities/${kind}`, changed(kind))),
      ...["feeds", "connection"].map((key) =>
        store.subscribe(key, () => {
          if (this.#judge()) onChange();
        }),
      ),
    ];
    for (const kind of this.kinds) this.#dirty.add(kind);
    for (const kind of this.kinds) if (movingKinds.has(kind)) this.#glides.set(kind, new Glides());
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  get motion(): Motion {
    return this.#motion;
  }

  /** What all symbols would cover side by side, in square u of the wall's own view. */
  get covered(): number {
    return Array.from(this.#columns.values()).reduce((sum, { covered }) => sum + covered, 0);
  }

  columns(kind: Kind): SymbolColumns | null {
    return this.#columns.get(kind) ?? null;
  }

  /** Marks what may look different by age; whether there is anything of that sort. */
  age(): boolean {
    for (const kind of ageingKinds) if ((this.#columns.get(kind)?.length ?? 0) > 0) this.#dirty.add(kind);
    return this.#dirty.size > 0;
  }

  /** Marks everything when a feed is no longer what it was; whether one is. */
  #judge(): boolean {
    const changed = Array.from(this.#judged).some(([feed, status]) => this.#statusOf(feed) !== status);
    if (changed) for (const kind of this.kinds) this.#dirty.add(kind);
    return changed;
  }

  /** A page that has lost the server believes no feed. */
  #statusOf(feed: string): FeedStatusWord {
    if (this.#store.connection.state === "disconnected") return "stale";
    return this.#store.feed(feed)?.status ?? "fresh";
  }

  /** Rebuilds what changed. `false`: nothing looks different. */
  refresh(instant: Instant): boolean {
    let different = false;
    for (const kind of this.#dirty) different = this.#rebuild(kind, instant) || different;
    this.#dirty.clear();
    if (different)
      this.#motion = Array.from(this.#glides.values(), ({ motion }) => motion).reduce(bothMotions, stillness);
    return different;
  }

  #rebuild(kind: Kind, instant: Instant): boolean {
    const kept = this.#columns.get(kind);
    const { rows } = this.#store.entities(kind);
    // Rows of another snapshot: what is in a slot did not come from where the slot was drawn.
    if (this.#rows.get(kind) !== rows && this.#glides.has(kind)) this.#glides.set(kind, new Glides());
    this.#rows.set(kind, rows);
    const made = symbolColumns(rows, {
      ...instant,
      anchor: this.#anchor,
      glides: this.#glides.get(kind) ?? null,
      feedOf: this.#feedStatuses(),
    });
    if (kept && looksTheSame(kept, made)) return false;
    this.#columns.set(kind, made);
    return true;
  }

  /** The state of a row's feed. Most rows are of the feed of the row before. */
  #feedStatuses(): (row: EntityRow) => FeedStatusWord {
    let prefix = "/";
    let status: FeedStatusWord = "fresh";
    return ({ id }) => {
      if (id.startsWith(prefix)) return status;
      const feed = feedOfEntityId(id);
      prefix = `${feed}/`;
      status = this.#statusOf(feed);
      this.#judged.set(feed, status);
      return status;
    };
  }

  /** The thing with this id, and where it was last seen. */
  find(id: string): EntityRow | null {
    const kind = this.kinds.find((one) => id.split("/")[1] === one);
    if (kind === undefined) return null;
    for (const row of this.#store.entities(kind).rows.values()) if (row.id === id) return row;
    return null;
  }

  /**
   * The shown thing nearest to a point, all in shares of the world from the anchor; what lies on top wins where two are
   * equally near.
   */
  nearest(x: number, y: number, reach: number): EntityRow | null {
    let nearest: EntityRow | null = null;
    let distance = reach;
    for (const kind of this.kinds) {
      const columns = this.#columns.get(kind);
      const found = columns ? nearestSlot(columns, x, y, distance) : null;
      const row = found && this.#store.entities(kind).rows.get(found.slot);
      if (!row) continue;
      nearest = row;
      distance = found.distance;
    }
    return nearest;
  }
}

/** Glide times count from each columns' own epoch, so only what they mean is compared: places, origins and symbols. */
function looksTheSame(a: SymbolColumns, b: SymbolColumns): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++)
    if (a.symbols[i] !== b.symbols[i] || a.slots[i] !== b.slots[i]) return false;
  for (let i = 0; i < a.places.length; i++)
    if (a.places[i] !== b.places[i] || a.origins[i] !== b.origins[i]) return false;
  for (let i = 0; i < a.angles.length; i++) if (a.angles[i] !== b.angles[i]) return false;
  return true;
}
