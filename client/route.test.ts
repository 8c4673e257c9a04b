import { expect, it } from "vitest";
import { parseRoute } from "./route.ts";

it("names the face of an address", () => {
  expect(parseRoute("/")).toEqual({ face: "start" });
  expect(parseRoute("/wall/city")).toEqual({ face: "wall", id: "city" });
  expect(parseRoute("/briefing/morning-2026-11-27/edit")).toEqual({
    face: "briefing-editor",
    id: "morning-2026-11-27",
  });
  expect(parseRoute("/briefings/issue")).toEqual({ face: "briefing-issue" });
  expect(parseRoute("/admin")).toEqual({ face: "admin", folder: "walls", id: null });
  expect(parseRoute("/admin/indicators")).toEqual({ face: "admin", folder: "indicators", id: null });
  expect(parseRoute("/explorer")).toEqual({ face: "explorer" });
  expect(parseRoute("/desk")).toEqual({ face: "desk" });
  expect(parseRoute("/desk/system")).toEqual({ face: "alarm-system" });
  expect(parseRoute("/desk/rules")).toEqual({ face: "rules", id: null });
  expect(parseRoute("/desk/rules/transport.late")).toEqual({ face: "rules", id: "transport.late" });
  expect(parseRoute("/wall/a%20b/")).toEqual({ face: "wall", id: "a b" });
});

it("knows nothing at other addresses, broken escapes included", () => {
  for (const path of ["/wall", "/wall/a/b", "/desk/a", "/wall/%E0%A4%A"])
    expect(parseRoute(path)).toEqual({ face: "unknown" });
});
