/** All indicators of a city: measures what changes and says which readings are new. */

import type { IndicatorDefinition, PlatformFigure } from "../../../shared/city.ts";
import { inputsOf, isDerived, seriesId } from "../../../shared/city.ts";
import type { Kind } from "../../../shared/kinds.ts";
import type { Notice } from "../../../shared/notice.ts";
import type { Reading } from "../../../shared/protocol.ts";
import { freshValue, noValue, staleValue, type Provenance, type Value } from "../../../shared/value.ts";
import type { EdgeFigures } from "../city/changes.ts";
import type { Held } from "../city/entity-table.ts";
import type { FeedHealth, Judgement } from "../city/feed-health.ts";
import { feedsOf, type CityPlan } from "../city/plan.ts";
import { derivedValue, scoreValue } from "./derived.ts";
import type { Group } from "./group.ts";
import { Meter } from "./meter.ts";
import { readsEntities, sampleKey } from "./sample.ts";

/** Figures that grow with time (ages, Citydeck's own) are read again this often. */
const timeReadEveryMs = 10_000;

/** How long a value that nothing has any more keeps its series: as long as trends show it. */
const keepsEmptyMs = 86_400_000;

/** What the board asks of the city. */
interface BoardContext {
  readonly feeds: ReadonlyMap<string, FeedHealth>;
  entities(): number;
  /** Trips that a feed's timetable says are under way; `null` before it came. */
  scheduled(feedId: string, now: number): number | null;
}

interface Metered {
  readonly meter: Meter;
  readonly feeds: readonly FeedHealth[];
  readonly kin: Kin;
  /** What all groups were last read with. */
  judged: string;
}

/** What hangs together with the figures of a meter. */
interface Kin {
  /** The meter's indicators and what is made of them, through other derived ones too. */
  readonly ids: readonly string[];
  /** The other meters that these are made of. */
  readonly others: readonly Meter[];
}

export class IndicatorBoard {
  readonly readings = new Map<string, Reading>();
  /** How many series were forgotten since the start. */
  forgotten = 0;
  readonly #context: BoardContext;
  readonly #metersOfKind = new Map<Kind, Meter[]>();
  readonly #metered: readonly Metered[];
  readonly #derived: readonly IndicatorDefinition[];
  readonly #definitions: ReadonlyMap<string, IndicatorDefinition>;
  readonly #platform: readonly IndicatorDefinition[];
  readonly #scheduled: readonly IndicatorDefinition[];
  readonly #feedsOfIndicator: ReadonlyMap<string, readonly string[]>;
  readonly #notices = new HourlyCount();
  /** The counts by code of the last full body of every feed's scope. */
  readonly #noticesOfScope = new Map<string, ReadonlyMap<string, number>>();
  readonly #statuses = new Map<string, string>();
  #feedsWithNewStatus: string[] = [];
  #forgottenSeries: string[] = [];
  #edge: EdgeFigures = {};
  #timeReadAt = 0;
  #nextJudgementAt = Number.NEGATIVE_INFINITY;

  constructor(plan: CityPlan, context: BoardContext) {
    this.#context = context;
    const departments = new Map(plan.feeds.map((feed) => [feed.id, feed.department]));
    const meterContext = {
      zone: plan.zone,
      areas: plan.areas,
      departmentOf: (id: string) => departments.get(id) ?? id,
    };
    this.#feedsOfIndicator = new Map(
      plan.indicators.map((indicator) => [indicator.id, feedsOf(indicator, plan)]),
    );
    this.#derived = inOrderOfNeed(plan.indicators.filter(({ measure }) => isDerived(measure)));
    const measured = plan.indicators.filter(({ measure }) => readsEntities(measure));
    const meters = Array.from(
      Map.groupBy(measured, sampleKey).values(),
      (definitions) => new Meter(definitions, meterContext),
    );
    this.#metered = meters.map((meter) => ({
      meter,
      feeds: feedsOf(meter.definition, plan).flatMap((id) => context.feeds.get(id) ?? []),
      kin: kinOf(meter, meters, this.#derived),
      judged: "",
    }));
    for (const { meter } of this.#metered) {
      const kind = meter.definition.reads!;
      this.#metersOfKind.set(kind, [...(this.#metersOfKind.get(kind) ?? []), meter]);
    }
    this.#definitions = new Map(plan.indicators.map((definition) => [definition.id, definition]));
    this.#platform = plan.indicators.filter(({ measure }) => "platform" in measure);
    this.#scheduled = plan.indicators.filter(({ measure }) => "scheduled" in measure);
  }

  /** Measures what `slot` holds now. `onlyAge`: nothing but its times is new. */
  update(slot: number, held: Held, onlyAge: boolean, now: number): void {
    for (const meter of this.#metersOfKind.get(held.entity.kind) ?? []) {
      if (!onlyAge || meter.byAge) meter.update(slot, held, now);
    }
  }

  forget(slot: number, kind: Kind, now: number): void {
    for (const meter of this.#metersOfKind.get(kind) ?? []) meter.update(slot, undefined, now);
  }

  /** When time alone changes a sample of what is held. */
  changesAt(held: Held, now: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const meter of this.#metersOfKind.get(held.entity.kind) ?? []) {
      if (meter.byTime) next = Math.min(next, meter.changesAt(held, now));
    }
    return next;
  }

  /** Counts what is new: a body that says the same as the one before it is no news. */
  noteNotices(
    scope: string,
    { mode, notices }: { readonly mode: "full" | "partial"; readonly notices: readonly Notice[] },
    now: number,
  ): void {
    // What is only worth knowing, such as how many lines of a log were about nothing, is no doubt about the feed.
    const doubts = notices.filter(({ severity }) => severity !== "info");
    if (mode === "partial") {
      for (const { count } of doubts) this.#notices.add(count, now);
      return;
    }
    const before = this.#noticesOfScope.get(scope);
    for (const { code, count } of doubts)
      this.#notices.add(Math.max(0, count - (before?.get(code) ?? 0)), now);
    this.#noticesOfScope.set(scope, new Map(doubts.map(({ code, count }) => [code, count])));
  }

  /** Counts notices that no body before gave. */
  countNotices(count: number, now: number): void {
    if (count > 0) this.#notices.add(count, now);
  }

  /** Feeds whose status changed by time alone since the last call. */
  takeFeedsWithNewStatus(): readonly string[] {
    const feeds = this.#feedsWithNewStatus;
    this.#feedsWithNewStatus = [];
    return feeds;
  }

  /** Series that were forgotten since the last call. */
  takeForgottenSeries(): readonly string[] {
    const series = this.#forgottenSeries;
    if (series.length > 0) this.#forgottenSeries = [];
    return series;
  }

  /** The readings that are new at `now`, after everything of the tick was taken in. */
  read(spoken: ReadonlySet<string>, edge: EdgeFigures, now: number): Reading[] {
    Object.assign(this.#edge, edge);
    const fresh: Reading[] = [];
    const timeRead = now >= this.#timeReadAt + timeReadEveryMs || now < this.#timeReadAt;
    if (timeRead) this.#timeReadAt = now;
    const judged = spoken.size > 0 || now >= this.#nextJudgementAt;
    if (judged) this.#judgeFeeds(now);
    for (const metered of this.#metered) this.#readMetered(metered, judged, timeRead, now, fresh);
    if (timeRead) for (const definition of this.#platform) this.#readPlatform(definition, now, fresh);
    if (timeRead) for (const definition of this.#scheduled) this.#readScheduled(definition, now, fresh);
    if (fresh.length > 0) for (const definition of this.#derived) this.#readDerived(definition, fresh);
    if (timeRead) this.#forgetEmpty(now - keepsEmptyMs);
    return fresh;
  }

  /** Forgets the notices of a scope that is no more. */
  forgetScope(scope: string): void {
    this.#noticesOfScope.delete(scope);
  }

  /** A year of values that came and went must not be a year of series. */
  #forgetEmpty(emptyBefore: number): void {
    for (const { meter, kin } of this.#metered) {
      // A ratio still needs the nothing that stands above or below its line.
      const isNeeded = (key: string): boolean =>
        kin.others.some((other) => (other.groups.get(key)?.size ?? 0) > 0);
      for (const key of meter.forgetEmpty(emptyBefore, (group) => !isNeeded(group)))
        for (const id of kin.ids) this.#forgetSeries(seriesId(id, key));
    }
  }

  #forgetSeries(series: string): void {
    if (!this.readings.delete(series)) return;
    this.forgotten++;
    this.#forgottenSeries.push(series);
  }

  #judgeFeeds(now: number): void {
    this.#nextJudgementAt = Number.POSITIVE_INFINITY;
    for (const [id, health] of this.#context.feeds) {
      this.#nextJudgementAt = Math.min(this.#nextJudgementAt, health.changesAt(now));
      const status = health.status(now);
      if (this.#statuses.get(id) === status) continue;
      this.#statuses.set(id, status);
      this.#feedsWithNewStatus.push(id);
    }
  }

  #readMetered(metered: Metered, judged: boolean, timeRead: boolean, now: number, fresh: Reading[]): void {
    const { meter } = metered;
    let all = false;
    if (judged || metered.judged === "") {
      const judgement = worstJudgement(metered, now);
      const word = judgement.state === "fresh" ? "fresh" : `${judgement.state} ${judgement.reason}`;
      all = word !== metered.judged;
      metered.judged = word;
    }
    const dirty = meter.takeDirty(all || (timeRead && meter.readsTime));
    if (dirty.length === 0 && !judged) return;
    const read = this.#reader(metered, now);
    const groups = dirty.filter((group) => group !== meter.whole);
    meter.definitions.forEach((_, i) => {
      for (const group of groups) this.#note(group.seriesIds[i]!, read(group, i), fresh);
      this.#note(meter.whole.seriesIds[i]!, read(meter.whole, i), fresh);
    });
  }

  /** Reads groups of one meter with the judgement and provenance they share. */
  #reader({ meter, feeds }: Metered, now: number): (group: Group, figure: number) => Value {
    const kind = meter.definition.reads!;
    const judgement = worstJudgement({ meter, feeds }, now);
    const words = feeds.map((feed) => feed.wordAt(kind));
    const shared = {
      observedAt: words.includes(null) || words.length === 0 ? null : Math.min(...(words as number[])),
      oldestAt: earliest(feeds.map((feed) => feed.oldestObservedAt(kind))),
      feeds: feeds.map((feed) => feed.plan.id),
    };
    return (group, figure) => {
      const provenance: Provenance = { ...shared, quality: group.estimated > 0 ? "estimated" : "good" };
      if (judgement.state === "none") return noValue(judgement.reason, provenance);
      const value = group.figures[figure]!(now);
      if (value === null) return noValue("not-applicable", provenance);
      return judgement.state === "fresh"
        ? freshValue(value, provenance)
        : staleValue(value, judgement.reason, provenance);
    };
  }

  #readDerived(definition: IndicatorDefinition, fresh: Reading[]): void {
    const { measure, id } = definition;
    const inputs = inputsOf(definition);
    const touched = new Set<string | null>();
    for (const reading of fresh) {
      const brace = reading.id.indexOf("{");
      if (inputs.includes(brace < 0 ? reading.id : reading.id.slice(0, brace))) {
        touched.add(brace < 0 ? null : reading.id.slice(brace + 1, -1));
      }
    }
    const feeds = this.#feedsOfIndicator.get(id) ?? [];
    if ("score" in measure) {
      if (touched.has(null))
        this.#note(id, scoreValue(measure.score, this.#definitions, this.readings, feeds), fresh);
      return;
    }
    for (const group of touched) {
      const [first, second] = inputs.map((input) => this.readings.get(seriesId(input, group)));
      if (first && second)
        this.#note(seriesId(id, group), derivedValue(definition, first, second, feeds), fresh);
    }
  }

  #readPlatform(definition: IndicatorDefinition, now: number, fresh: Reading[]): void {
    if (!("platform" in definition.measure)) return;
    const figure = definition.measure.platform;
    const value = this.#platformFigure(figure, now);
    const reason = this.#edge[figure] === null ? "not-applicable" : "no-data";
    const provenance: Provenance = { observedAt: now, oldestAt: now, quality: "good", feeds: [] };
    this.#note(
      definition.id,
      value === null ? noValue(reason, provenance) : freshValue(value, provenance),
      fresh,
    );
  }

  /** A timetable says what holds now for as long as it is in force, however long ago it was published. */
  #readScheduled({ id, measure }: IndicatorDefinition, now: number, fresh: Reading[]): void {
    if (!("scheduled" in measure)) return;
    const count = this.#context.scheduled(measure.scheduled, now);
    const provenance: Provenance = {
      observedAt: count === null ? null : now,
      oldestAt: count === null ? null : now,
      quality: "good",
      feeds: [measure.scheduled],
    };
    this.#note(id, count === null ? noValue("no-data", provenance) : freshValue(count, provenance), fresh);
  }

  #platformFigure(figure: PlatformFigure, now: number): number | null {
    const feeds = [...this.#context.feeds.values()];
    switch (figure) {
      case "feeds-fresh":
        return feeds.length === 0
          ? null
          : (100 * feeds.filter((feed) => feed.status(now) === "fresh").length) / feeds.length;
      case "oldest-feed": {
        const oldest = earliest(feeds.map((feed) => feed.observedAt));
        return oldest === null ? null : (now - oldest) / 1000;
      }
      case "notices-per-hour":
        return this.#notices.lastHour(now);
      case "entities":
        return this.#context.entities();
      case "dropped":
        return feeds.reduce((sum, feed) => sum + feed.dropped, 0);
      case "tick-time":
      case "clients":
      case "memory":
      case "history-lost":
      case "history-behind":
      case "history-memory":
      case "wall-memory":
      case "wall-frame-rate":
      case "wall-clock-skew":
      case "past-filled":
        return this.#edge[figure] ?? null;
    }
  }

  #note(id: string, value: Value, fresh: Reading[]): void {
    const before = this.readings.get(id);
    if (
      before &&
      before.value === value.value &&
      before.state === value.state &&
      before.reason === value.reason &&
      before.quality === value.quality &&
      (before.observedAt === value.observedAt || id.endsWith("}"))
    ) {
      return;
    }
    const reading: Reading = {
      id,
      value: value.value,
      state: value.state,
      reason: value.reason,
      quality: value.quality,
      observedAt: value.observedAt,
      oldestAt: value.oldestAt,
    };
    this.readings.set(id, reading);
    fresh.push(reading);
  }
}

const severity = { fresh: 0, stale: 1, none: 2 } as const;

/** An indicator is as stale as its worst needed feed. */
function worstJudgement({ meter, feeds }: Pick<Metered, "meter" | "feeds">, now: number): Judgement {
  const kind = meter.definition.reads!;
  let worst: Judgement | null = null;
  for (const feed of feeds) {
    const judgement = feed.judge(kind, now);
    if (worst === null || severity[judgement.state] > severity[worst.state]) worst = judgement;
  }
  return worst ?? { state: "none", reason: "no-data" };
}

function earliest(instants: readonly (number | null)[]): number | null {
  const known = instants.filter((at) => at !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** `derived` come after what they are made of. */
function kinOf(meter: Meter, meters: readonly Meter[], derived: readonly IndicatorDefinition[]): Kin {
  const ids = new Set(meter.definitions.map(({ id }) => id));
  for (const definition of derived)
    if (inputsOf(definition).some((id) => ids.has(id))) ids.add(definition.id);
  const needed = new Set(ids);
  for (const definition of derived.toReversed())
    if (needed.has(definition.id)) for (const id of inputsOf(definition)) needed.add(id);
  const others = meters.filter(
    (other) => other !== meter && other.definitions.some(({ id }) => needed.has(id)),
  );
  return { ids: Array.from(ids), others };
}

/** Derived indicators after the derived ones they need. The city folder's check refuses cycles. */
function inOrderOfNeed(derived: readonly IndicatorDefinition[]): readonly IndicatorDefinition[] {
  const ordered: IndicatorDefinition[] = [];
  const visit = (definition: IndicatorDefinition, path: readonly string[]): void => {
    if (ordered.includes(definition) || path.includes(definition.id)) return;
    const inputs = inputsOf(definition);
    for (const input of derived) if (inputs.includes(input.id)) visit(input, [...path, definition.id]);
    ordered.push(definition);
  };
  for (const definition of derived) visit(definition, []);
  return ordered;
}

/** Counts over the last hour in 60 minute slots. */
class HourlyCount {
  readonly #counts = new Float64Array(60);
  readonly #minutes = new Float64Array(60).fill(-1);

  add(count: number, now: number): void {
    const minute = Math.floor(now / 60_000);
    const slot = ((minute % 60) + 60) % 60;
    if (this.#minutes[slot] !== minute) {
      this.#minutes[slot] = minute;
      this.#counts[slot] = 0;
    }
    this.#counts[slot]! += count;
  }

  lastHour(now: number): number {
    const minute = Math.floor(now / 60_000);
    let sum = 0;
    for (let slot = 0; slot < 60; slot++) if (this.#minutes[slot]! > minute - 60) sum += this.#counts[slot]!;
    return sum;
  }
}
