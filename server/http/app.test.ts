import { expect, test } from "vitest";
import { createApp, type AppOptions } from "./app.ts";

test("a refused change is told in a header, whatever stands in it", async () => {
  const refusedChange = ['city.json: title: found "Bay 🚲'.slice(0, -1), "and 2 more"];
  const options = {
    city: () => ({ feeds: [], refusedChange }),
    access: { allowsHost: () => true, allowsOrigin: () => true },
    clientDir: ".",
  };
  const answer = await createApp(options as unknown as AppOptions).request("/api/v1/feeds");
  expect(answer.status).toBe(200);
  expect(decodeURIComponent(answer.headers.get("citydeck-refused-change")!)).toBe(
    'city.json: title: found "Bay \u{fffd}\nand 2 more',
  );
});
