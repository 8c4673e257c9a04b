/** Words on drawings: where they go so that none lies over another. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function within(box: Box, room: Box): boolean {
  return (
    box.x >= room.x &&
    box.y >= room.y &&
    box.x + box.width <= room.x + room.width &&
    box.y + box.height <= room.y + room.height
  );
}

/**
 * For each label the first of its candidate boxes that lies within the room and over no other label and no obstacle;
 * `null` where there is none. Earlier labels choose first.
 */
export function placeLabels(
  labels: readonly (readonly Box[])[],
  room: Box,
  obstacles: readonly Box[] = [],
): (Box | null)[] {
  const taken = [...obstacles];
  return labels.map((candidates) => {
    const free = candidates.find((box) => within(box, room) && !taken.some((other) => overlap(box, other)));
    if (free) taken.push(free);
    return free ?? null;
  });
}

/**
 * Heights for labels that want to stand at `wanted`, at least `apart` from each other and between `top` and `bottom`, in
 * the order of the wanted heights and moved as little as that takes. Where there is no room for all they share what there is.
 */
export function spread(wanted: readonly number[], apart: number, top: number, bottom: number): number[] {
  const step = Math.min(apart, wanted.length > 1 ? (bottom - top) / (wanted.length - 1) : apart);
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]! || a - b);
  // Labels that touch become a group that stands around the middle of what its members want.
  const groups: { members: number[]; first: number }[] = [];
  for (const member of order) {
    groups.push({ members: [member], first: Math.min(Math.max(wanted[member]!, top), bottom) });
    for (;;) {
      const last = groups.at(-1)!;
      const before = groups.at(-2);
      if (!before || before.first + before.members.length * step <= last.first) break;
      groups.splice(-2, 2, settled([...before.members, ...last.members]));
    }
  }
  const heights = new Array<number>(wanted.length);
  for (const { members, first } of groups)
    members.forEach((member, i) => (heights[member] = first + i * step));
  return heights;

  function settled(members: number[]): { members: number[]; first: number } {
    const middle = members.reduce((sum, member, i) => sum + wanted[member]! - i * step, 0) / members.length;
    const first = Math.min(Math.max(middle, top), bottom - (members.length - 1) * step);
    return { members, first };
  }
}
