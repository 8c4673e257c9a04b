import { Hono } from "hono";
import { expect, test } from "vitest";
import { serveLineWrites } from "./line-writes.ts";

test.each([
  ["/api/v2/write?bucket=telegraf", { code: "too many requests", message: "too many pushes at once" }],
  ["/write?db=telegraf", { error: "too many pushes at once" }],
])("%s: who sends more than there is room for is told when to come again", async (path, told) => {
  const app = new Hono();
  const busy = { type: "busy", detail: "too many pushes at once" } as const;
  serveLineWrites(app, () => Promise.resolve({ status: 429, problem: busy, retryAfterSeconds: 1 }));
  const answer = await app.request(path, { method: "POST", body: "m,id=a value=1" });
  expect([answer.status, answer.headers.get("retry-after"), answer.headers.get("connection")]).toEqual([
    429,
    "1",
    "close",
  ]);
  expect(await answer.json()).toEqual(told);
});
