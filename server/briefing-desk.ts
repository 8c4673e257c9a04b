/** Joins the city that runs to its briefings: what they are gathered from, when they are due, who receives them. */

import { join } from "node:path";
import type { Logger } from "pino";
import { nextDue, type Calendar } from "./core/briefing/schedule.ts";
import { briefingFile, type BriefingQuestion } from "./briefing/briefing-file.ts";
import { BriefingDesk } from "./briefing/desk.ts";
import { DefinitionLog } from "./briefing/definition-log.ts";
import type { GatherContext } from "./briefing/gather-context.ts";
import { Papers } from "./briefing/paper.ts";
import type { Printer } from "./briefing/print/printer.ts";
import { Scheduler, sinceOfIncident } from "./briefing/scheduler.ts";
import type { IssuedBriefing } from "../shared/briefing.ts";
import type { Language } from "../shared/city.ts";
import type { Epochs } from "./epochs.ts";
import { groupName } from "./group-name.ts";
import type { BriefingsOffice } from "./http/briefings.ts";
import { eventsIn } from "./http/events.ts";
import type { Past } from "./http/past.ts";
import type { RunningCityClock } from "./live/city-clock.ts";
import type { Attachment } from "./notify/mail.ts";
import type { Notifying } from "./notifying.ts";
import type { RecordDesk } from "./records/record-desk.ts";

/** How often it is looked whether one is due, in wall time. */
const lookEveryMs = 5_000;

export interface BriefingsOptions {
  readonly epochs: Epochs;
  readonly past: Past;
  readonly records: RecordDesk;
  readonly clock: RunningCityClock;
  readonly dataDir: string;
  readonly notifying: Pick<Notifying, "tellBriefing">;
  readonly printer: Pick<Printer, "print">;
  readonly log: Logger;
}

export interface Briefings extends BriefingsOffice {
  /** The PDF that goes with a mail; none where it cannot be printed, which is logged. Never rejects. */
  paperOf(id: string, language: Language): Promise<readonly Attachment[]>;
  /**
   * The newest issue as a file, after one was issued where that is asked for. `base`: where people reach this Citydeck
   * unless `city.json` says it. Rejects with what a person can do about it.
   */
  fileOf(question: BriefingQuestion, base: string): Promise<Buffer>;
  /** Resolves when nothing is being issued any more. */
  stop(): Promise<void>;
}

export async function startBriefings(options: BriefingsOptions): Promise<Briefings> {
  const { epochs, clock, dataDir, notifying, printer, log } = options;
  const dir = join(dataDir, "briefings");
  const definitions = await DefinitionLog.open(join(dir, "definitions.jsonl"));
  const papers = new Papers(printer);
  const alarms = () => epochs.current.live.city.alarms.list(clock.now());
  const desk = new BriefingDesk({
    dir,
    definitions: () => epochs.current.folder.briefings,
    context: () => contextOf(options, definitions),
    tell: (issued, { recipients }) => notifying.tellBriefing(issued, recipients),
    log,
  });
  const calendar = (): Calendar => {
    const { settings, holidays } = epochs.current.folder;
    return { zone: settings.zone, holidays: new Set(holidays.map(({ date }) => date)) };
  };
  const scheduler = new Scheduler({
    desk,
    calendar,
    alarms,
    now: clock.now,
    path: join(dir, "scheduled.json"),
    log,
  });
  let looking: Promise<void> | null = null;
  const look = (): void => {
    looking ??= definitions
      .begin(epochs.current.folder.indicators, clock.now())
      .catch((error: unknown) => {
        log.error({ event: "definitions-not-noted", error: String(error) });
      })
      .then(() => scheduler.look())
      .finally(() => (looking = null));
  };
  desk.tellUntold().catch((error: unknown) => {
    log.error({ event: "briefings-not-told", error: String(error) });
  });
  look();
  const timer = setInterval(look, lookEveryMs);
  timer.unref();
  const issueNow: Briefings["issueNow"] = (id) => {
    const found = desk.definitions().find((one) => one.id === id);
    const since = found?.period.of === "incident" ? sinceOfIncident(found.period.rules, alarms()) : null;
    return desk.issue({ definition: id, at: clock.now(), since });
  };
  const newestOf = async ({ briefing: id, isIssuing }: BriefingQuestion): Promise<IssuedBriefing> => {
    const known = desk.definitions().map((one) => one.id);
    if (isIssuing && known.includes(id)) {
      const issued = await issueNow(id);
      if (!issued.ok) throw new Error(`nothing was issued: ${issued.failure.detail}`);
      return issued.value;
    }
    const latest = isIssuing ? null : await desk.findLatest(id);
    if (latest) return latest;
    if (known.includes(id)) throw new Error(`nothing of "${id}" was issued yet: --issue issues one`);
    throw new Error(`the city folder has no briefing "${id}", it has ${known.join(", ") || "none"}`);
  };
  return {
    offers: () =>
      desk.definitions().map(({ id, title, audience, period }) => {
        return { id, title, audience, rules: period.of === "incident" ? period.rules : [] };
      }),
    search: (search) => desk.search(search),
    find: (id) => desk.find(id),
    async findLatest(id) {
      const issued = await desk.findLatest(id);
      const schedule = desk.definitions().find((one) => one.id === id)?.schedule ?? [];
      return issued && { ...issued, nextDueAt: nextDue(schedule, issued.briefing.issuedAt, calendar()) };
    },
    issueNow,
    async fileOf(question, base) {
      const issued = await newestOf(question);
      return briefingFile(issued, question, epochs.current.folder.address ?? base, papers);
    },
    correctNow: (id) => desk.correct(id, clock.now()),
    edit: (edition) => desk.edit(edition),
    editions: (id) => desk.editions(id),
    async paperOf(id, language) {
      const failed = (error: string): [] => {
        log.warn({ event: "briefing-not-printed", briefing: id, error });
        return [];
      };
      try {
        const issued = await desk.find(id);
        if (!issued) return failed("it is not there any more");
        const base = epochs.current.folder.address ?? "";
        const printed = await papers.print(issued, language, base);
        if (!printed.ok) return failed(printed.failure);
        const filename = `${id}-${language}.pdf`;
        return [{ filename, contentType: "application/pdf", content: printed.value }];
      } catch (error) {
        return failed(String(error));
      }
    },
    async stop() {
      clearInterval(timer);
      await desk.stop();
      await looking;
    },
  };
}

function contextOf(
  { epochs, past, records, clock }: BriefingsOptions,
  definitions: DefinitionLog,
): GatherContext {
  const { folder, live } = epochs.current;
  const rules = new Map(folder.rules.map((rule) => [rule.id, rule]));
  const events = {
    past,
    now: clock.now,
    feeds: () => epochs.feedStatuses(clock.now()),
    areas: () => live.city.plan.areas,
    *entities(kind: Parameters<typeof live.city.table>[0]) {
      for (const [, { entity }] of live.city.table(kind).entries()) yield entity;
    },
  };
  return {
    folder,
    indicators: live.broadcast.cityBody().indicators,
    seriesIds: live.city.readings.keys(),
    clock: clock.read().kind,
    past,
    async alarmEvents(span) {
      if (folder.rules.length === 0) return [];
      const { alarms } = await records.open();
      return (await alarms.log(span.fromAt, span.toAt)).pages.flat();
    },
    nameOfAlarm: ({ rule, group }) =>
      group?.startsWith("thing:") ? null : groupName(group, rules.get(rule)?.indicator ?? null, folder),
    cityEvents: (span, knownAt, signal) => eventsIn(span, events, knownAt, signal),
    definitions,
  };
}
