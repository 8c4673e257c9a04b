import { expect, test } from "vitest";
import { FolderEditor } from "../city-folder/editor.ts";
import { handoverContent } from "../core/shifts/handover-content.ts";
import { ok } from "../../shared/result.ts";
import { createAccess } from "./access.ts";
import { Printer } from "../briefing/print/printer.ts";
import { createApp } from "./app.ts";
import type { Past } from "./past.ts";
import { openApi } from "./openapi.ts";

test("every route the server answers is documented, and no other", () => {
  const app = createApp({
    city: () => {
      throw new Error("nobody asks");
    },
    access: createAccess({ host: "127.0.0.1", isToken: () => false }),
    receive: () => Promise.resolve(null),
    editor: new FolderEditor("", "", { recordings: "", env: {} }),
    notifications: {
      about: () => Promise.resolve({ deliveries: [], decisions: [], now: [], roles: [] }),
      failing: () => new Map(),
    },
    alarms: {
      rules: () => [],
      readRule: () => ({ ok: false, failure: [] }),
      list: () => [],
      state: () => ({ list: [], system: { flood: null, unstored: null, unreached: [] }, judgedAt: null }),
      act: () => Promise.reject(new Error("nobody asks")),
      events: () => Promise.resolve({ events: [], older: null }),
      log: () => Promise.resolve({ pages: [], isCut: false }),
      hasEventsBefore: () => Promise.resolve(false),
    },
    shifts: {
      draft: () => handoverContent({ alarms: [], events: [], feeds: [], notes: [], indicators: [] }, 0),
      entries: () => Promise.resolve([]),
      write: () => Promise.reject(new Error("nobody asks")),
      handovers: () => Promise.resolve([]),
      handOver: () => Promise.reject(new Error("nobody asks")),
      acknowledge: () => Promise.reject(new Error("nobody asks")),
    },
    printer: new Printer(),
    readers: { admit: () => ok(null) },
    briefings: {
      offers: () => [],
      search: () => Promise.resolve([]),
      find: () => Promise.resolve(null),
      findLatest: () => Promise.resolve(null),
      issueNow: () => Promise.reject(new Error("nobody asks")),
      correctNow: () => Promise.reject(new Error("nobody asks")),
      edit: () => Promise.resolve({ ok: false, failure: "missing" }),
      editions: () => Promise.resolve([]),
    },
    notes: { list: () => [], now: () => 0, knows: () => false, set: () => undefined, clear: () => false },
    walls: { list: () => [], now: () => 0, knows: () => false, send: () => undefined, takeBack: () => false },
    feedDesk: { list: () => [], kindsOf: () => null, body: () => null, replay: () => null },
    records: () => Promise.reject(new Error("nobody asks")),
    past: {} as Past,
    listRecorded: () => Promise.resolve([]),
    listLost: () => [],
    clientDir: "",
  });
  // What answers for all methods or any path is the guard, the client's files or the word that nothing is there.
  const handlers = app.routes
    .filter(({ method, path }) => method !== "ALL" && !path.includes("*"))
    .map(({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, "{$1}")}`);
  const answered = [...new Set(handlers)];
  const documented = Object.entries(openApi.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(documented.toSorted()).toEqual(answered.toSorted());
});

test("every reference names a schema of the document", () => {
  const references = JSON.stringify(openApi).matchAll(/"#\/components\/schemas\/(\w+)"/g);
  const named = new Set(Array.from(references, ([, id]) => id));
  expect(named.size).toBeGreaterThan(0);
  for (const id of named) expect(openApi.components.schemas).toHaveProperty(id!);
});
