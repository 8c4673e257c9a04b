/**
 * A city is a folder of files. Reading it turns unknown into known once: schemas, defaults, paths, instants and
 * cross-references, with every fault of every file at once.
 */

import { join } from "node:path";
import type { AlarmRule } from "../../shared/alarms.ts";
import type { AreaLayer } from "../../shared/areas.ts";
import type { Department, IndicatorDefinition, Settings, Supplier, Text } from "../../shared/city.ts";
import type { WallDefinition } from "../../shared/wall.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import type { FeedEntry, Outgoing, Secret } from "../core/feeds/feed-entry.ts";
import type { Beacon, MailSettings, Role, Route } from "../core/notify/route.ts";
import type { BriefingDefinition } from "../core/briefing/definition.ts";
import { readAreas } from "./areas.ts";
import { checkBriefings } from "./briefing-checks.ts";
import { briefingSchema, toBriefing } from "./briefing-schema.ts";
import { citySchema, departmentsSchema, holidaysSchema, suppliersSchema } from "./city-schema.ts";
import { checkFeeds } from "./feed-checks.ts";
import { secretFrom, staleAfter, toFeedEntry, type FeedSurroundings, type Simulator } from "./feed-file.ts";
import { feedSchema, kindsGiven, type FeedFile } from "./feed-schema.ts";
import type { Fault } from "./fault.ts";
import { userAgent } from "../user-agent.ts";
import { FolderFiles, stem, type Loaded } from "./folder-files.ts";
import { checkIndicators } from "./indicator-checks.ts";
import { indicatorSchema, toDefinition, type IndicatorFile } from "./indicator-schema.ts";
import type { JsonPath } from "./json-document.ts";
import type { Known } from "./known.ts";
import { findRecording, isFile } from "./recordings.ts";
import { revisionOf, ruleRevisionOf } from "./revision.ts";
import { checkRules } from "./rule-checks.ts";
import { checkNotify } from "./notify-checks.ts";
import { roleSchema, toRole } from "./role-schema.ts";
import { routeSchema, toRoute } from "./route-schema.ts";
import { ruleSchema, toRule, type RuleFile } from "./rule-schema.ts";
import { checkWalls } from "./wall-checks.ts";
import { toWall, wallSchema } from "./wall-schema.ts";
import type { z } from "zod";

export interface CityFolder {
  readonly dir: string;
  readonly settings: Settings;
  readonly departments: readonly Department[];
  readonly suppliers: readonly Supplier[];
  /** City dates such as `2026-12-25`. */
  readonly holidays: readonly { readonly date: string; readonly title: Text }[];
  /** In the order of `settings.areaLevels`. */
  readonly areas: readonly AreaLayer[];
  readonly feeds: readonly FeedEntry[];
  readonly indicators: readonly IndicatorDefinition[];
  readonly rules: readonly AlarmRule[];
  /** Who is told of alarms, by whom and of which. */
  readonly roles: readonly Role[];
  readonly routes: readonly Route[];
  /** `null`: no mail is sent. */
  readonly mail: MailSettings | null;
  /** Where a browser on this machine reads what a simulated city's people are told by mail; `null`: mail goes to real mailboxes. */
  readonly mailbox: string | null;
  readonly beacon: Beacon | null;
  readonly alarmLogDays: number;
  /** Where people reach this Citydeck, without a slash at its end; `null`: nobody said. */
  readonly address: string | null;
  /** Whether briefings open only by the links that were sent, and with the token. */
  readonly areBriefingsByLink: boolean;
  /** Whom this city may ask, and as whom. */
  readonly outgoing: Outgoing;
  readonly walls: readonly WallDefinition[];
  readonly briefings: readonly BriefingDefinition[];
  /** Absolute path of the PMTiles basemap. */
  readonly basemapPath: string | null;
  /** Whether a simulator stands in for some of its suppliers. */
  readonly isSimulated: boolean;
}

export interface ReadOptions {
  /** The folder that recordings are relative to (`recordingsDir()`). */
  readonly recordings: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The running simulator, for a city that has one. Without it the folder can be checked, but not be run. */
  readonly simulator?: Simulator;
  /** Texts to read instead of what files of these names say. */
  readonly drafts?: ReadonlyMap<string, string>;
}

const noSimulator: Simulator = {
  url: "http://simulator.invalid",
  brokerUrl: "mqtt://simulator.invalid",
  databaseUrl: "postgres://citydeck@simulator.invalid/simulator",
  mailUrl: "smtp://simulator.invalid",
  dir: "",
  speed: 1,
};

/** All of the folder, or everything that is wrong with it. */
export function readCityFolder(dir: string, options: ReadOptions): Result<CityFolder, readonly Fault[]> {
  const { simulator = noSimulator } = options;
  const { files, city, departments, suppliers, holidays, feeds, ...read } = readFiles(dir, options);
  if (files.faults.length > 0 || !city || !departments || !suppliers) return fail(inFileOrder(files.faults));
  const around = surroundings(dir, city, options);
  const indicators = toDefinitions(read.indicators, simulator);
  const { mail, beacon, address, alarmLogDays, briefings } = city.value;
  return ok({
    dir,
    settings: toSettings(city.value),
    departments: departments.value.departments,
    suppliers: suppliers.value.suppliers,
    holidays: holidays?.value.holidays ?? [],
    areas: read.areas,
    feeds: feeds.map((feed) => toFeedEntry(feed.value, around)),
    indicators,
    rules: toRules(read.rules, indicators, city.value.zone),
    roles: read.roles.map((role) => toRole(role.value, around)),
    routes: read.routes.map((route) => toRoute(route.value)),
    mail: mail ? { ...mail, server: mailServerOf(mail.server, simulator, options) } : null,
    mailbox: mail && "simulator" in mail.server ? `${simulator.url}/mailbox` : null,
    beacon: beacon ?? null,
    alarmLogDays,
    areBriefingsByLink: briefings.read === "link",
    address: address?.replace(/\/+$/, "") ?? null,
    outgoing: around.outgoing,
    walls: read.walls.map((wall) => toWall(wall.value)),
    briefings: read.briefings.map((briefing) => toBriefing(briefing.value)),
    basemapPath: read.basemapPath,
    isSimulated: feeds.some(({ value }) => isSimulated(value)),
  });
}

function mailServerOf(
  server: { readonly env: string } | { readonly simulator: "mail" },
  simulator: Simulator,
  { env }: ReadOptions,
): Secret {
  return "simulator" in server ? () => simulator.mailUrl : secretFrom(server.env, env);
}

/**
 * One feed of the folder and what its city is, or what is wrong with these two: faults of other files do not matter to
 * it. Throws when the folder has no such feed.
 */
export function readCityFeed(
  dir: string,
  id: string,
  options: ReadOptions,
): Result<{ readonly settings: Settings; readonly feed: FeedEntry }, readonly Fault[]> {
  const { files, city, feeds } = readFiles(dir, options);
  const ids = [...stems(files, "feeds")];
  if (city !== null && !ids.includes(id))
    throw new Error(`${dir} has no feed "${id}", it has ${ids.join(", ")}`);
  const feed = feeds.find(({ file }) => stem(file) === id);
  const faults = files.faults.filter(
    ({ file }) => file === `feeds/${id}.json` || (city === null && file === "city.json"),
  );
  if (faults.length > 0 || !city || !feed) return fail(inFileOrder(faults));
  return ok({
    settings: toSettings(city.value),
    feed: toFeedEntry(feed.value, surroundings(dir, city, options)),
  });
}

function surroundings(dir: string, city: CityFile, options: ReadOptions): FeedSurroundings {
  const { simulator = noSimulator } = options;
  const { zone, allowHosts, contact } = city.value;
  return { dir, zone, ...options, simulator, outgoing: { allowHosts, userAgent: userAgent(contact) } };
}

/** Reads every file of the folder and checks them against each other; the faults are in `files`. */
function readFiles(dir: string, options: ReadOptions) {
  const files = new FolderFiles(dir, options.drafts);
  const city = files.read("city.json", citySchema);
  const departments = files.read("departments.json", departmentsSchema);
  const suppliers = files.has("suppliers.json") ? files.read("suppliers.json", suppliersSchema) : noSuppliers;
  const holidays = files.has("holidays.json") ? files.read("holidays.json", holidaysSchema) : null;
  const feeds = files
    .readEach("feeds", feedSchema)
    .map((feed) => ({ ...feed, gives: kindsGiven(feed.value) }));
  const indicators = files.readEach("indicators", indicatorSchema);
  const rules = files.readEach("rules", ruleSchema);
  const roles = files.readEach("roles", roleSchema);
  const routes = files.readEach("routes", routeSchema);
  const walls = files.readEach("walls", wallSchema);
  const briefings = files.readEach("briefings", briefingSchema);

  const areas = city ? readAreaLayers(files, dir, city, options) : [];
  const basemapPath = city ? findBasemap(files, dir, city, options) : null;
  const known: Known = {
    departments:
      departments &&
      distinct(
        files,
        departments,
        ["departments"],
        "id",
        departments.value.departments.map(({ id }) => id),
      ),
    suppliers:
      suppliers &&
      distinct(
        files,
        suppliers,
        ["suppliers"],
        "id",
        suppliers.value.suppliers.map(({ id }) => id),
      ),
    feeds: { ids: stems(files, "feeds"), loaded: feeds },
    indicators: { ids: stems(files, "indicators"), loaded: indicators },
    rules: { ids: stems(files, "rules"), loaded: rules },
    roles: stems(files, "roles"),
    briefings: stems(files, "briefings"),
    areas: new Map(areas.map((layer) => [layer.level, new Set(layer.areas.map((area) => area.id))])),
  };
  checkFeeds(files, known, {
    dir,
    zone: city?.value.zone ?? "UTC",
    allowHosts: city?.value.allowHosts ?? null,
    hasContact: city === null || city.value.contact !== undefined,
    recordings: options.recordings,
  });
  checkIndicators(files, known);
  checkRules(files, known, city?.value.zone ?? "UTC");
  checkNotify(
    files,
    known,
    { roles, routes },
    { zone: city?.value.zone ?? "UTC", hasMail: city === null || city.value.mail !== undefined },
  );
  checkWalls(files, known, walls);
  checkBriefings(files, known, briefings, inhabitedLevels(areas));
  return {
    files,
    city,
    departments,
    suppliers,
    holidays,
    feeds,
    indicators,
    rules,
    roles,
    routes,
    walls,
    briefings,
    areas,
    basemapPath,
  };
}

const noSuppliers: Loaded<z.output<typeof suppliersSchema>> = {
  file: "suppliers.json",
  document: { value: null, duplicateKeys: [], lineOf: () => 1 },
  value: { version: 1, suppliers: [] },
};

type CityFile = Loaded<z.output<typeof citySchema>>;

function readAreaLayers(files: FolderFiles, dir: string, city: CityFile, options: ReadOptions): AreaLayer[] {
  const layers = city.value.areas.flatMap((level, i): AreaLayer[] => {
    const recorded = "recording" in level;
    const file = recorded ? level.recording : `areas/${level.level}.geojson`;
    const path = recorded
      ? findRecording(files, city, ["areas", i, "recording"], file, options.recordings)
      : join(dir, file);
    const document = path === null ? null : files.readDocument(file, path);
    if (document === null) return [{ level: level.level, title: level.title, areas: [] }];
    const properties = recorded ? { id: level.id, name: level.name } : { id: "id", name: "name" };
    const { areas, faults } = readAreas({ file, document, properties, recorded }, city.value.bounds);
    files.faults.push(...faults);
    return [{ level: level.level, title: level.title, areas }];
  });
  distinct(
    files,
    city,
    ["areas"],
    "level",
    city.value.areas.map(({ level }) => level),
  );
  for (const file of files.list("areas", ".geojson")) {
    if (!layers.some((layer) => layer.level === stem(file)))
      files.blame(city, ["areas"], "reference", `an entry with "level": "${stem(file)}" for ${file}`);
  }
  return layers;
}

function findBasemap(files: FolderFiles, dir: string, city: CityFile, options: ReadOptions): string | null {
  const { basemap } = city.value;
  if (!basemap) return null;
  if ("recording" in basemap)
    return findRecording(files, city, ["basemap", "recording"], basemap.recording, options.recordings);
  if ("simulator" in basemap)
    return options.simulator ? join(options.simulator.dir, basemap.simulator) : null;
  const path = join(dir, basemap.file);
  if (!isFile(path)) files.blame(city, ["basemap", "file"], "reference", "a PMTiles file in the city folder");
  return path;
}

/** Levels of whose areas each says how many people live there. */
function inhabitedLevels(layers: readonly AreaLayer[]): ReadonlySet<string> {
  const inhabited = layers.filter(({ areas }) => areas.every(({ population }) => population !== null));
  return new Set(inhabited.map(({ level }) => level));
}

/** The words as a set; each that an earlier entry has already is a fault. */
function distinct(
  files: FolderFiles,
  at: Loaded<unknown>,
  list: JsonPath,
  member: string,
  words: readonly string[],
): ReadonlySet<string> {
  words.forEach((word, i) => {
    if (words.indexOf(word) < i)
      files.blame(
        at,
        [...list, i, member],
        "setting",
        `${member === "id" ? "an id" : `a ${member}`} that only one entry has`,
      );
  });
  return new Set(words);
}

function stems(files: FolderFiles, folder: string): ReadonlySet<string> {
  return new Set(files.list(folder, ".json").map(stem));
}

function toSettings(city: z.output<typeof citySchema>): Settings {
  const { id, title, zone, bounds, basemap, areas } = city;
  return {
    id,
    title,
    zone,
    bounds,
    areaLevels: areas.map((level) => ({ level: level.level, title: level.title })),
    basemap: basemap ? { attribution: attributionOf(basemap) } : null,
  };
}

/**
 * OpenStreetMap's licence wants its name in sight; a city's own words may add to it, never replace it. Only a map that
 * a simulator made up owes it nothing.
 */
function attributionOf(basemap: NonNullable<z.output<typeof citySchema>["basemap"]>): string {
  const own = basemap.attribution;
  if ("simulator" in basemap || /openstreetmap/i.test(own)) return own;
  return `© OpenStreetMap · Protomaps · ${own}`;
}

function isSimulated({ transport }: FeedFile): boolean {
  if (transport.type === "probe") return transport.services.some(({ url }) => typeof url !== "string");
  if (transport.type === "query") return "simulator" in transport.connection;
  return (transport.type === "poll" || transport.type === "subscribe") && typeof transport.url !== "string";
}

function toDefinitions(
  indicators: readonly Loaded<IndicatorFile>[],
  simulator: Simulator,
): IndicatorDefinition[] {
  const definitions = indicators.map(({ value }) => ({
    ...toDefinition(value),
    staleAfterSeconds: staleAfter(value.staleAfterSeconds, simulator),
  }));
  const byId = new Map(definitions.map((definition) => [definition.id, definition]));
  return definitions.map((definition) => ({ ...definition, revision: revisionOf(definition, byId) }));
}

function toRules(
  rules: readonly Loaded<RuleFile>[],
  indicators: readonly IndicatorDefinition[],
  zone: string,
): AlarmRule[] {
  return rules.map(({ value }) => {
    const rule = toRule(value, zone);
    return { ...rule, revision: ruleRevisionOf(rule, indicators) };
  });
}

function inFileOrder(faults: readonly Fault[]): Fault[] {
  return faults.toSorted((a, b) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : (a.line ?? 0) - (b.line ?? 0),
  );
}
