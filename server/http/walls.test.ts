import { Hono } from "hono";
import { expect, test } from "vitest";
import type { Sent, WallNow } from "../../shared/wall-show.ts";
import { createAccess } from "./access.ts";
import { serveWalls } from "./walls.ts";

const access = createAccess({ host: "127.0.0.1", isToken: () => true });
const headers = { authorization: "Bearer token", "content-type": "application/json" };
/** As the server of Node gives it. */
const connection = { incoming: { socket: { remoteAddress: "127.0.0.1" } } };

/** Walls whose list and what was sent to them are the test's; like the city's, it knows nothing of a wall that is gone. */
function wallApp() {
  let walls: readonly string[] = ["city"];
  const sent: Sent[] = [];
  const app = new Hono();
  const known = (wall: string): void => {
    if (!walls.includes(wall)) throw new Error(`there is no wall ${wall}`);
  };
  serveWalls(
    app,
    {
      list: () => walls.map((id): WallNow => ({ id, screens: [], sent: null })),
      now: () => 1_000,
      knows: () => true,
      send(one) {
        known(one.wall);
        sent.push(one);
      },
      takeBack(wall) {
        known(wall);
        return true;
      },
    },
    access,
  );
  return { app, sent, remove: () => (walls = []) };
}

test("a wall that goes while a body is on its way to it is not there, which is no fault of the server", async () => {
  const { app, sent, remove } = wallApp();
  const words = JSON.stringify({ what: { alarm: "a" }, position: "Desk" });
  const onRead = (controller: ReadableStreamDefaultController): void => {
    remove();
    controller.enqueue(new TextEncoder().encode(words));
    controller.close();
  };
  const body = new ReadableStream({ pull: onRead }, { highWaterMark: 0 });
  const asked = new Request("http://127.0.0.1/api/v1/walls/city/sent", {
    method: "PUT",
    headers: { ...headers, "content-length": String(words.length) },
    body,
    duplex: "half",
  } as RequestInit);
  expect((await app.request(asked, undefined, connection)).status).toBe(404);
  expect(sent).toEqual([]);
});

test("nothing is taken back from a wall that is gone", async () => {
  const { app, remove } = wallApp();
  remove();
  const path = "http://127.0.0.1/api/v1/walls/city/sent";
  const answer = await app.request(path, { method: "DELETE", headers }, connection);
  expect(answer.status).toBe(404);
});
