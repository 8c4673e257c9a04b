import { expect, test } from "vitest";
import type { Condition } from "../../../shared/city.ts";
import type { EntityOf } from "../../../shared/entity.ts";
import { compileMatch } from "./match.ts";

const entity: EntityOf<"Stop"> = {
  id: "timetable/Stop/1",
  kind: "Stop",
  feedId: "timetable",
  sourceId: "1",
  observedAt: null,
  receivedAt: 0,
  position: null,
  quality: "good",
  fields: { name: "Pier", stopCode: null, locationType: null, parentStation: null },
};

const [harbour, mission, north] = ["area.district:harbour", "area.district:mission", "area.ward:north"];

test.each<[condition: Condition, inHarbour: boolean, onBorder: boolean, nowhere: boolean]>([
  [harbour, true, true, false],
  [mission, false, true, false],
  [{ in: [mission, north] }, true, true, false],
  [{ in: [mission] }, false, true, false],
  [{ notIn: [mission] }, true, false, true],
  [{ notIn: [harbour, north] }, false, false, true],
])("a condition of the area: %j", (condition, ...expected) => {
  const match = compileMatch({ $area: condition });
  const places = [
    [harbour, north],
    [[harbour, mission], north],
    [null, null],
  ];
  expect(places.map((areas) => match.holds({ entity, areas }, 0))).toEqual(expected);
});
