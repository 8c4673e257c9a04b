import type { Entity } from "../../../shared/entity.ts";

/**
 * One of each id: the one observed last. Of equally new ones the order of their text decides, so that the order of the
 * body does not. `noteTwice` is told of every one too many.
 */
export function newestOfEach<E extends Entity>(
  entities: readonly E[],
  noteTwice: (entity: E) => void,
): readonly E[] {
  if (areDifferent(entities)) return entities;
  const newest = new Map<string, E>();
  for (const entity of entities) {
    const known = newest.get(entity.id);
    if (known) noteTwice(entity);
    if (!known || isNewer(entity, known)) newest.set(entity.id, entity);
  }
  return [...newest.values()];
}

function areDifferent(entities: readonly Entity[]): boolean {
  const ids = new Set<string>();
  for (const { id } of entities) ids.add(id);
  return ids.size === entities.length;
}

function isNewer(a: Entity, b: Entity): boolean {
  const [first, second] = [
    a.observedAt ?? Number.NEGATIVE_INFINITY,
    b.observedAt ?? Number.NEGATIVE_INFINITY,
  ];
  return first === second ? JSON.stringify(a) > JSON.stringify(b) : first > second;
}
