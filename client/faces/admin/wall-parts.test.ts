import { expect, test } from "vitest";
import { scenesOf } from "./wall-parts.ts";

const wall = JSON.stringify({
  scenes: [
    {
      regions: {
        left: [[{ show: "score", indicator: "platform.city-score" }], [{ show: "data" }]],
        right: [[{ show: "tiles", domain: "transport", indicators: ["transport.a", "transport.b"] }]],
      },
      variations: { "32:9": { beside: [[{ show: "trend", indicators: ["transport.a"] }]] } },
    },
  ],
});

test("finds every part that names indicators, and where", () => {
  expect(scenesOf(wall)).toEqual([
    {
      index: 0,
      parts: [
        {
          path: ["scenes", 0, "regions", "left", 0, 0],
          show: "score",
          region: "left",
          shape: null,
          indicators: null,
          indicator: "platform.city-score",
          domain: null,
        },
        {
          path: ["scenes", 0, "regions", "right", 0, 0],
          show: "tiles",
          region: "right",
          shape: null,
          indicators: ["transport.a", "transport.b"],
          indicator: null,
          domain: "transport",
        },
        {
          path: ["scenes", 0, "variations", "32:9", "beside", 0, 0],
          show: "trend",
          region: "beside",
          shape: "32:9",
          indicators: ["transport.a"],
          indicator: null,
          domain: null,
        },
      ],
    },
  ]);
});

test.each(["", "{", '{ "scenes": 4 }', '{ "scenes": [null, { "regions": { "left": [[null, 3, {}]] } }] }'])(
  "reads what it can of %j",
  (text) => {
    expect(scenesOf(text).flatMap(({ parts }) => parts)).toEqual([]);
  },
);
