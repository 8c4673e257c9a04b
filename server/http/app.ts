/** Everything over HTTP but the live sockets. Reads the running epoch; changes nothing but what a feed pushes. */

import { serveStatic } from "@hono/node-server/serve-static";
import { Hono, type Context, type MiddlewareHandler } from "hono";
import { NONCE, secureHeaders } from "hono/secure-headers";
import { toAreaCollection, type AreaLayer } from "../../shared/areas.ts";
import { parseSeriesId, seriesId, type IndicatorDefinition, type Settings } from "../../shared/city.ts";
import type { CityClock } from "../../shared/clock.ts";
import type { Entity } from "../../shared/entity.ts";
import type { FeedStatus } from "../../shared/feed.ts";
import type { Kind } from "../../shared/kinds.ts";
import type { CityBody, Reading } from "../../shared/protocol.ts";
import type { AreaIndex } from "../core/city/areas.ts";
import type { Access } from "./access.ts";
import { serveDossier } from "./dossier.ts";
import { serveNotifications, type NotificationDesk } from "./notifications.ts";
import { serveAlarms, type AlarmDesk } from "./alarms.ts";
import type { BacktestContext } from "./backtest.ts";
import { serveAdmin, type FileEditor } from "./admin.ts";
import { serveAt } from "./at.ts";
import { askerOf } from "./asker.ts";
import { areasHandler } from "./areas.ts";
import { basemapHandler } from "./basemap.ts";
import { featuresOf, readEntityQuery } from "./entity-query.ts";
import { serveEvents } from "./events.ts";
import { serveExport, type ExportSource } from "./export.ts";
import { metricsText, openMetricsType, type HistoryState } from "./metrics.ts";
import { serveFeedDesk, type FeedDesk } from "./feed-desk.ts";
import type { Printer } from "../briefing/print/printer.ts";
import { serveBriefingPages } from "./briefing-pages.ts";
import type { BriefingReaders } from "./briefing-readers.ts";
import { serveBriefings, type BriefingsOffice } from "./briefings.ts";
import { serveNotes, type NoteDesk } from "./notes.ts";
import { serveWalls, type WallDesk } from "./walls.ts";
import type { GroupItem, IndicatorItem } from "./city-answers.ts";
import { serveLineWrites } from "./line-writes.ts";
import { serveObservations } from "./observations.ts";
import { serveOutlook, type OutlookContext } from "./outlook.ts";
import type { Past } from "./past.ts";
import { lostHandler, recordedHandler, type ListLost, type ListRecorded } from "./recorded.ts";
import { shown } from "./instants.ts";
import { badParameter, needsToken, problem, unanswered } from "./problem.ts";
import { servePushes, type ReceivePush } from "./pushes.ts";
import { serveRecords, type KeptRecords } from "./records.ts";
import { serveQuality, type PromisedFeed } from "./quality.ts";
import { serveSeries, type SeriesSource } from "./series.ts";
import { serveSession } from "./session.ts";
import { serveShifts, type ShiftDesk } from "./shifts.ts";

/** The running city as HTTP sees it; the epoch behind it may change between two requests. */
export interface ServedCity {
  readonly settings: Settings;
  /** City dates on which it behaves as on a Sunday. */
  readonly holidays: readonly { readonly date: string }[];
  readonly areas: readonly AreaLayer[];
  readonly areaIndex: AreaIndex;
  readonly basemapPath: string | null;
  readonly body: CityBody;
  readonly feeds: readonly FeedStatus[];
  readonly readings: ReadonlyMap<string, Reading>;
  readonly clock: CityClock;
  readonly clients: number;
  readonly history: HistoryState;
  /** Why the city folder's last change was not taken over; empty when it was. */
  readonly refusedChange: readonly string[];
  entities(kind: Kind): Iterable<Entity>;
}

export interface AppOptions {
  readonly city: () => ServedCity;
  readonly access: Access;
  readonly receive: ReceivePush;
  readonly editor: FileEditor;
  readonly alarms: AlarmDesk;
  readonly notifications: NotificationDesk;
  readonly shifts: ShiftDesk;
  readonly briefings: BriefingsOffice;
  /** Who may read them. */
  readonly readers: BriefingReaders;
  /** Makes PDF of briefings. */
  readonly printer: Printer;
  readonly notes: NoteDesk;
  readonly walls: WallDesk;
  readonly feedDesk: FeedDesk;
  readonly past: Past;
  readonly listRecorded: ListRecorded;
  readonly listLost: ListLost;
  /** Opens what people wrote; rejects when it cannot. */
  readonly records: () => Promise<KeptRecords>;
  /** The folder of the built client. */
  readonly clientDir: string;
}

export function createApp(options: AppOptions): Hono {
  const { city, access } = options;
  const app = new Hono();
  app.use(guard(access));
  app.use(responseHeaders);
  app.use("/api/v1/*", eachOnce);
  app.get("/healthz", (c) => c.json({ status: "ok", cityAt: city().clock.cityAt }));
  app.get("/metrics", (c) => {
    const { feeds, readings, clients, history, clock } = city();
    const text = metricsText({
      feeds,
      readings: readings.values(),
      clients,
      history,
      alarms: options.alarms.state(),
      failing: options.notifications.failing(),
      now: clock.cityAt,
    });
    return c.body(text, 200, { "content-type": openMetricsType });
  });
  // Made when somebody asks for it: a start would wait for it.
  app.get("/api/v1/openapi.json", async (c) => (await import("./openapi.ts")).openApiHandler(c));
  app.get("/api/v1/city", (c) => {
    const { settings, clock } = city();
    return c.json({ ...settings, clock });
  });
  app.get("/api/v1/departments", (c) => c.json(city().body.departments));
  app.get("/api/v1/feeds", (c) => {
    const { feeds, refusedChange } = city();
    if (refusedChange.length > 0)
      c.header("citydeck-refused-change", encodeURIComponent(refusedChange.join("\n").toWellFormed()));
    return c.json(feeds);
  });
  app.get("/api/v1/indicators", (c) => c.json(indicatorItems(city())));
  const clock = { zone: () => city().settings.zone, now: () => city().clock.cityAt };
  serveAt(app, { past: options.past, ...clock }, access);
  serveObservations(app, { past: options.past, ...clock });
  serveEvents(app, {
    past: options.past,
    ...clock,
    feeds: () => city().feeds,
    entities: (kind) => city().entities(kind),
    areas: () => city().areaIndex,
  });
  serveQuality(app, {
    past: options.past,
    ...clock,
    feeds: () => promisedFeeds(city().feeds, options.feedDesk),
  });
  const series = { past: options.past, context: () => seriesContextOf(city()) };
  serveSeries(app, series);
  serveExport(app, { ...series, about: () => aboutExports(city()) });
  serveOutlook(app, () => outlookContextOf(city(), options.past));
  app.get("/api/v1/recorded", recordedHandler(options.listRecorded));
  app.get("/api/v1/lost", lostHandler(options.listLost));
  app.get("/api/v1/entities", (c) => answerEntities(c, city(), access));
  serveDossier(
    app,
    {
      entities: (kind) => city().entities(kind),
      alarms: () => options.alarms.list(),
      feeds: () => city().feeds,
      layers: () => city().areas,
      areas: () => city().areaIndex,
      now: clock.now,
    },
    access,
  );
  app.get("/api/v1/areas/:level", (c) => servedFiles(city()).areas(c));
  app.get("/basemap.pmtiles", (c) => servedFiles(city()).basemap(c));
  servePushes(app, options.receive);
  serveLineWrites(app, options.receive);
  serveFeedDesk(app, options.feedDesk, access);
  serveNotifications(app, options.notifications, access);
  serveAlarms(
    app,
    { desk: options.alarms, ...clock, backtest: () => backtestContextOf(city(), options) },
    access,
  );
  serveShifts(app, { desk: options.shifts, ...clock }, access);
  serveBriefings(app, options.briefings, clock.now, access, options.readers);
  const shelf = { ...options.briefings, city: () => ({ ...city().settings, clock: city().clock }) };
  serveBriefingPages(app, shelf, options.printer, options.readers);
  serveNotes(app, options.notes, access);
  serveWalls(app, options.walls, access);
  serveRecords(app, { open: options.records, ...clock }, access);
  serveAdmin(app, options.editor, access);
  serveSession(app, access);
  app.all("/api/*", notBuilt);
  serveClient(app, options.clientDir);
  app.onError(
    (error, c) => unanswered(c, error) ?? problem(c, 500, "internal", "Something broke", error.message),
  );
  return app;
}

/** Refuses pages of other origins and, on loopback, foreign host names, before anything else looks at the request. */
function guard(access: Access): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header("host");
    if (!access.allowsHost(host))
      return problem(c, 403, "host", "Not this host", `host: "${host}" does not name this machine`);
    const origin = c.req.header("origin");
    if (!access.allowsOrigin(origin, host)) {
      return problem(c, 403, "origin", "Not from there", `origin: "${origin}" is not a page of this server`);
    }
    return next();
  };
}

/** What every response says about what its page may do. */
export const responseHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    // Pages that the server makes have their style and script in themselves, known by a nonce.
    scriptSrc: ["'self'", NONCE],
    styleSrc: ["'self'", NONCE],
    fontSrc: ["'self'"],
    imgSrc: ["'self'", "data:", "blob:"],
    connectSrc: ["'self'"],
    workerSrc: ["'self'", "blob:"],
    manifestSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  // Plain HTTP on loopback is the normal case; who serves it wider puts TLS, and this header, in front.
  strictTransportSecurity: false,
  referrerPolicy: "no-referrer",
});

const notBuilt = (c: Context): Response =>
  problem(c, 404, "not-here", "Nothing here", `${c.req.method} ${c.req.path} is not part of this version`);

function indicatorItems({ body, readings, clock }: ServedCity): IndicatorItem[] {
  const groups = new Map<string, GroupItem[]>();
  for (const { id, value, state, reason, observedAt } of readings.values()) {
    const { indicator, group } = parseSeriesId(id);
    if (group === null) continue;
    const items = groups.get(indicator);
    const item = { key: group, value, state, reason, observedAt };
    if (items) items.push(item);
    else groups.set(indicator, [item]);
  }
  return body.indicators.map((definition) => indicatorItem(definition, readings, clock, groups));
}

function indicatorItem(
  definition: IndicatorDefinition & { readonly feeds: readonly string[] },
  readings: ReadonlyMap<string, Reading>,
  clock: CityClock,
  groups: ReadonlyMap<string, GroupItem[]>,
): IndicatorItem {
  const { id, domain, department, title, unit, better, target, feeds } = definition;
  const reading = readings.get(seriesId(id, null));
  const observedAt = reading?.observedAt ?? null;
  return {
    id,
    domain,
    department,
    title,
    definition: definition.definition,
    unit,
    better,
    target,
    value: reading?.value ?? null,
    state: reading?.state ?? "none",
    reason: reading ? reading.reason : "no-data",
    quality: reading?.quality ?? "good",
    observedAt,
    oldestAt: reading?.oldestAt ?? null,
    ageSeconds: observedAt === null ? null : Math.max(0, (clock.cityAt - observedAt) / 1000),
    feeds,
    groups: groups.get(id) ?? [],
  };
}

function promisedFeeds(feeds: readonly FeedStatus[], desk: FeedDesk): PromisedFeed[] {
  const agreements = new Map(desk.list().map(({ id, agreement }) => [id, agreement]));
  return feeds.map(({ id, supplier }) => {
    const agreement = agreements.get(id) ?? null;
    return {
      id,
      supplier,
      promised: {
        availablePercent: agreement?.availabilityPercent ?? null,
        freshPercent: agreement?.freshnessPercent ?? null,
        completenessPercent: agreement?.completenessPercent ?? null,
      },
    };
  });
}

function aboutExports({ settings, feeds, body }: ServedCity): ReturnType<ExportSource["about"]> {
  const departments = new Map(body.departments.map(({ id, title }) => [id, `${title.en} / ${title.zh}`]));
  return { city: settings, feeds, departments };
}

function seriesContextOf({
  body,
  readings,
  settings,
  clock,
}: ServedCity): ReturnType<SeriesSource["context"]> {
  return { indicators: body.indicators, seriesIds: readings.keys(), zone: settings.zone, now: clock.cityAt };
}

function backtestContextOf(
  { settings, holidays, areaIndex, clock }: ServedCity,
  { past, alarms }: AppOptions,
): BacktestContext {
  return {
    past,
    areas: areaIndex,
    zone: settings.zone,
    holidays: new Set(holidays.map(({ date }) => date)),
    rules: alarms.rules(),
    now: clock.cityAt,
    readRule: (file) => alarms.readRule(file),
  };
}

function outlookContextOf({ body, settings, holidays, clock }: ServedCity, past: Past): OutlookContext {
  return {
    indicators: body.indicators,
    zone: settings.zone,
    holidays: new Set(holidays.map(({ date }) => date)),
    now: clock.cityAt,
    past,
  };
}

function answerEntities(c: Context, city: ServedCity, access: Access): Response | Promise<Response> {
  const query = readEntityQuery(c.req.query());
  if (!query.ok) return badParameter(c, query.failure);
  if (!access.allowsKind(query.value.kind, askerOf(c))) {
    return needsToken(c, `kind: ${query.value.kind}`, access);
  }
  const body = JSON.stringify(featuresOf(city.entities(query.value.kind), query.value));
  return c.body(body, 200, { "content-type": "application/geo+json" });
}

type Answer = (c: Context) => Response | Promise<Response>;

interface EpochFiles {
  readonly areas: Answer;
  readonly basemap: Answer;
}

/** Handlers over files of one epoch, made once per epoch. */
const filesOfEpoch = new WeakMap<readonly AreaLayer[], EpochFiles>();

function servedFiles({ areas, basemapPath }: ServedCity): EpochFiles {
  let files = filesOfEpoch.get(areas);
  if (!files) {
    const levels = new Map(areas.map((layer) => [layer.level, toAreaCollection(layer)]));
    files = { areas: areasHandler(levels), basemap: basemapHandler(basemapPath) };
    filesOfEpoch.set(areas, files);
  }
  return files;
}

/** A parameter that is said twice has no meaning: taking the first would answer another question. */
const eachOnce: MiddlewareHandler = async (c, next) => {
  const twice = Object.entries(c.req.queries()).find(([, values]) => values.length > 1);
  if (!twice) return next();
  const parameter = shown(twice[0]);
  return badParameter(c, { parameter, detail: `${parameter}: said ${twice[1].length} times, expected once` });
};

/** Answers 304 to who has the file as it is (RFC 9110 §13.1.3). */
const notModified: MiddlewareHandler = async (c, next) => {
  await next();
  const since = c.req.header("if-modified-since");
  const changed = c.res.headers.get("last-modified");
  if (c.res.status !== 200 || since === undefined || changed === null) return;
  if (!(Date.parse(changed) <= Date.parse(since))) return;
  await c.res.body?.cancel();
  c.res = new Response(null, { status: 304, headers: c.res.headers });
};

/** Addresses of the client's router that end in an id, which may have a dot. */
const pageOfId = /^\/(wall|admin|desk\/rules)\//;

/** Hashed assets for ever, pages never; every other path without a dot is a page of the client's own router. */
function serveClient(app: Hono, clientDir: string): void {
  app.use("/assets/*", async (c, next) => {
    await next();
    if (c.res.ok) c.header("cache-control", "public, max-age=31536000, immutable");
  });
  app.use("*", notModified, serveStatic({ root: clientDir, precompressed: true }));
  const page = serveStatic({ root: clientDir, path: "index.html", precompressed: true });
  app.get("*", async (c, next): Promise<Response> => {
    const isFile = c.req.path.split("/").at(-1)!.includes(".") && !pageOfId.test(c.req.path);
    if (isFile) return notBuilt(c);
    c.header("cache-control", "no-cache");
    return (await page(c, next)) ?? notBuilt(c);
  });
}
