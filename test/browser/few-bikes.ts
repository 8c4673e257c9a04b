/** A city in which fewer than three bikes are an alarm, for tests of what people do with one. */

import { walkCity } from "../city-files.ts";

const both = (en: string, zh: string) => ({ en, zh });

export const fewBikesFile = "rules/transport.few-bikes.json";

export const fewBikesRule = {
  version: 1,
  id: "transport.few-bikes",
  title: both("Few bikes", "单车不足"),
  consequence: both("People walk.", "市民只能步行。"),
  response: {
    text: both("Bring bikes.", "调运单车。"),
    checklist: [both("Call the depot.", "联系车场。")],
    withinSeconds: 600,
  },
  owner: "mobility",
  indicator: "transport.bikes-available",
  when: { below: 3, clearAbove: 5 },
  priority: "medium",
  tests: [{ series: "9x9", everySeconds: 60 }],
};

/** Its bikes are patient: a busy machine is no dead feed. */
export const fewBikesCity = {
  ...walkCity,
  "feeds/bikes.json": { ...walkCity["feeds/bikes.json"], staleAfterSeconds: 60, dropAfterSeconds: 90 },
  [fewBikesFile]: fewBikesRule,
};
