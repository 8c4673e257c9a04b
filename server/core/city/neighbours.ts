/**
 * What things learn from others of their kind: a run its headway from the one ahead of it, a request that its spot was
 * reported before. Neighbours share a group; when one of them changes, its group is asked once, at the end of the tick.
 */

import type { IndicatorDefinition } from "../../../shared/city.ts";
import type { Entity, EntityOf } from "../../../shared/entity.ts";
import type { Kind } from "../../../shared/kinds.ts";
import { fieldsRead } from "../indicators/sample.ts";
import type { EntityTable } from "./entity-table.ts";
import { headwaysOf, routeAndDirectionOf, runUnderWay, type RunUnderWay } from "./headways.ts";
import type { Joins } from "./joins.ts";
import { repeatsOf, spotOf } from "./repeats.ts";
import { sameContent } from "./same-content.ts";

type Answer = Readonly<Record<string, number | boolean | null>>;

/** How things of one kind learn from each other. */
interface Rule {
  /** Whom a thing is compared with; `null`: nobody. */
  groupOf(entity: Entity): string | null;
  /** What each member of a group learns, in their order. */
  answer(members: readonly Entity[], now: number): readonly Answer[];
  /** What a thing says that has nobody to learn from. */
  readonly alone: Answer;
}

type NeighbourKind = "TripUpdate" | "ServiceRequest";

export class Neighbours {
  readonly #groups = new Map<Kind, Groups>();

  /** A rule works only where an indicator reads what it gives. */
  constructor(
    indicators: readonly IndicatorDefinition[],
    tables: ReadonlyMap<Kind, EntityTable>,
    joins: Joins,
  ) {
    const rules: Readonly<Record<NeighbourKind, Rule>> = {
      TripUpdate: headwayRule(joins),
      ServiceRequest: repeatRule,
    };
    for (const [kind, rule] of Object.entries(rules) as [NeighbourKind, Rule][]) {
      const isRead = indicators.some(
        (definition) =>
          definition.reads === kind &&
          fieldsRead(definition).some((field) => Object.hasOwn(rule.alone, field)),
      );
      if (isRead) this.#groups.set(kind, new Groups(rule, tables.get(kind)!));
    }
  }

  /** A joined entity with what its neighbours last told it. */
  join(entity: Entity, slot: number): Entity {
    return this.#groups.get(entity.kind)?.join(entity, slot) ?? entity;
  }

  /** What is held in `slot` has changed: its neighbours are asked again. */
  noteChange(kind: Kind, slot: number): void {
    this.#groups.get(kind)?.touch(slot);
  }

  forget(kind: Kind, slot: number): void {
    this.#groups.get(kind)?.forget(slot);
  }

  /** Asks the neighbours of all that changed; things that learnt something new hold it when `learnt` is called. */
  settle(now: number, learnt: (kind: Kind, slot: number) => void): void {
    for (const [kind, groups] of this.#groups) for (const slot of groups.settle(now)) learnt(kind, slot);
  }
}

/** The things of one kind by group. */
class Groups {
  readonly #rule: Rule;
  readonly #table: EntityTable;
  readonly #members = new Map<string, Set<number>>();
  readonly #groupOf = new Map<number, string>();
  readonly #answers = new Map<number, Answer>();
  readonly #touched = new Set<string>();

  constructor(rule: Rule, table: EntityTable) {
    this.#rule = rule;
    this.#table = table;
  }

  join(entity: Entity, slot: number): Entity {
    const group = this.#rule.groupOf(entity);
    if (group !== this.#groupOf.get(slot)) {
      this.forget(slot);
      if (group !== null) this.#enter(group, slot);
    }
    return withAnswer(entity, this.#answers.get(slot) ?? this.#rule.alone);
  }

  #enter(group: string, slot: number): void {
    this.#groupOf.set(slot, group);
    const members = this.#members.get(group);
    if (members) members.add(slot);
    else this.#members.set(group, new Set([slot]));
    this.#touched.add(group);
  }

  touch(slot: number): void {
    const group = this.#groupOf.get(slot);
    if (group !== undefined) this.#touched.add(group);
  }

  forget(slot: number): void {
    this.touch(slot);
    this.#answers.delete(slot);
    const group = this.#groupOf.get(slot);
    if (group === undefined) return;
    this.#groupOf.delete(slot);
    const members = this.#members.get(group)!;
    members.delete(slot);
    if (members.size === 0) this.#members.delete(group);
  }

  /** The slots that learnt something new. */
  settle(now: number): readonly number[] {
    const learnt: number[] = [];
    for (const group of this.#touched) {
      const members = Array.from(this.#members.get(group) ?? [], (slot) => ({
        slot,
        held: this.#table.at(slot)!,
      }));
      const answers = this.#rule.answer(
        members.map(({ held }) => held.entity),
        now,
      );
      members.forEach(({ slot, held }, i) => {
        const entity = withAnswer(held.entity, answers[i]!);
        this.#answers.set(slot, answers[i]!);
        if (sameContent(held.entity, entity)) return;
        held.entity = entity;
        learnt.push(slot);
      });
    }
    this.#touched.clear();
    return learnt;
  }
}

function withAnswer(entity: Entity, answer: Answer): Entity {
  return { ...entity, fields: { ...entity.fields, ...answer } } as Entity;
}

const repeatRule: Rule = {
  alone: { isRepeat: null },
  groupOf: (entity) => spotOf(entity as EntityOf<"ServiceRequest">),
  answer: (members) =>
    repeatsOf(
      (members as readonly EntityOf<"ServiceRequest">[]).map(({ fields }) => fields.requestedAt!),
    ).map((isRepeat) => ({ isRepeat })),
};

function headwayRule(joins: Joins): Rule {
  const alone = { headwaySeconds: null, scheduledHeadwaySeconds: null, headwayPercent: null };
  return {
    alone,
    groupOf(entity) {
      const update = entity as EntityOf<"TripUpdate">;
      return routeAndDirectionOf(joins.findTimetable(update), update);
    },
    answer(members, now) {
      const updates = members as readonly EntityOf<"TripUpdate">[];
      const runs = updates.map((update) => runUnderWay(joins.findTimetable(update), update, now));
      const known = runs.filter((run): run is RunUnderWay => run !== null);
      const headways = headwaysOf(known);
      return runs.map((run) => (run && headways[known.indexOf(run)]) ?? alone);
    },
  };
}
