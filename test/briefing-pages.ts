/** Pages of briefings served for tests, under the policy that the server has. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { ok } from "../shared/result.ts";
import { plainText, type BriefingItem, type Edition, type IssuedBriefing } from "../shared/briefing.ts";
import { ArchiveText } from "../server/briefing/archive-text.ts";
import { Printer } from "../server/briefing/print/printer.ts";
import { responseHeaders } from "../server/http/app.ts";
import { serveBriefingPages } from "../server/http/briefing-pages.ts";
import { sampleBriefing } from "./briefing-sample.ts";

/** An editor's work on the sample. */
export const sampleEdition: Edition = {
  briefing: sampleBriefing.id,
  number: 1,
  at: sampleBriefing.issuedAt + 600_000,
  editor: "Duty editor <1>",
  comments: [
    { section: "unusual", text: "Ask Water & Drainage about the gauge." },
    { section: null, text: "Read this first." },
  ],
  hidden: ["services"],
  order: ["areas", "score"],
  isSigned: true,
};

export const sampleIssue: IssuedBriefing = {
  briefing: sampleBriefing,
  hash: "ab".repeat(32),
  correctedBy: null,
  edition: sampleEdition,
};

export interface ServedPages {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  close(): void;
}

/** Serves issues under their ids, the last one as the latest of its definition. */
export async function servePages(
  issues: readonly IssuedBriefing[],
  printer = new Printer(),
): Promise<ServedPages> {
  const text = new ArchiveText();
  for (const { briefing } of issues) text.add(briefing);
  const app = new Hono();
  app.use(responseHeaders);
  // Of the built client, where there is one.
  app.get("/icon.svg", (c) => c.body(null, 204));
  serveBriefingPages(
    app,
    {
      city: () => ({
        ...sampleBriefing.city,
        clock: { kind: "simulated", cityAt: sampleBriefing.issuedAt, speed: 1 },
      }),
      find: (id) => Promise.resolve(issues.find(({ briefing }) => briefing.id === id) ?? null),
      findLatest: (definition) =>
        Promise.resolve(issues.findLast(({ briefing }) => briefing.definition === definition) ?? null),
      async search(search) {
        if (search === "") return issues.map(itemOf);
        const found = await text.find(search);
        return issues.map(itemOf).filter(({ id }) => found.has(id));
      },
    },
    printer,
    { admit: () => ok(null) },
  );
  const answer = getRequestListener(app.fetch);
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    close() {
      printer.stop();
      server.close();
      server.closeAllConnections();
    },
  };
}

function itemOf({ briefing, hash, correctedBy, edition }: IssuedBriefing): BriefingItem {
  return {
    ...briefing,
    cover: { en: plainText(briefing.cover, "en"), zh: plainText(briefing.cover, "zh") },
    hash,
    corrects: briefing.corrects?.id ?? null,
    correctedBy,
    isSigned: edition?.isSigned ?? false,
  };
}
