/** Joins the city that runs to those who are told of its alarms: which alarms there are, who is told, and that they are judged. */

import type { Logger } from "pino";
import type { Alarm, UnreachedContact } from "../shared/alarms.ts";
import type { IssuedBriefing } from "../shared/briefing.ts";
import type { ToldRole } from "../shared/notification.ts";
import type { CityFolder } from "./city-folder/city-folder.ts";
import type { Epoch } from "./epoch.ts";
import { groupName } from "./group-name.ts";
import type { NotificationDesk } from "./http/notifications.ts";
import type { Role } from "./core/notify/route.ts";
import type { RunningCityClock } from "./live/city-clock.ts";
import { startBeacon } from "./notify/beacon.ts";
import { Notifier, type NotifiedCity, type NotifierOptions } from "./notify/notifier.ts";
import type { RecordDesk } from "./records/record-desk.ts";

const lookEveryMs = 1_000;

/** In city time. */
const valuesEveryMs = 10_000;

/** Alarms that were not judged for so long, in wall time, are not judged: the beacon falls silent. */
const judgedWithinMs = 15_000;

export interface NotifyingOptions {
  /** The epoch that runs. */
  readonly current: () => Epoch;
  readonly clock: RunningCityClock;
  readonly records: RecordDesk;
  /** Wall milliseconds since the last tick. */
  readonly sinceTickMs: () => number;
  readonly log: Logger;
  readonly linkTo: NotifierOptions["linkTo"];
  readonly paperOf: NonNullable<NotifierOptions["paperOf"]>;
  /** Whom messages do not reach has changed. */
  readonly onUnreached: () => void;
}

export interface Notifying extends NotificationDesk {
  unreached(): readonly UnreachedContact[];
  /** Sends an issued briefing to these roles. Resolves when the messages are on their way, and written down if they can be. */
  tellBriefing(issued: IssuedBriefing, recipients: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

export function startNotifying({
  current,
  clock,
  records,
  sinceTickMs,
  linkTo,
  paperOf,
  onUnreached,
  log,
}: NotifyingOptions): Notifying {
  let notifier: Notifier | null = null;
  let begun: CityFolder | null = null;
  let beginning: Promise<void> = Promise.resolve();
  let stopBeacon: (() => void) | null = null;
  let listed = { version: "", alarms: [] as readonly Alarm[] };
  let unreached: readonly UnreachedContact[] = [];
  let looking: Promise<void> | null = null;

  const begin = async (folder: CityFolder): Promise<void> => {
    stopBeacon?.();
    const { beacon, outgoing } = folder;
    stopBeacon = beacon && startBeacon({ beacon, outgoing, sinceJudgedMs: sinceTickMs, judgedWithinMs, log });
    const city = cityOf(folder, clock);
    if (notifier) notifier.begin(city);
    // Somebody may still have to be told of an end by a route that has gone; without any route nobody was ever told.
    else if (folder.routes.length > 0 || folder.briefings.some(({ recipients }) => recipients.length > 0))
      notifier = await Notifier.open(
        { records: async () => (await records.open()).notifications, linkTo, paperOf, log },
        city,
      );
  };
  /** Resolves when the folder that runs is that of the notifier; whoever comes while it begins waits for it too. */
  const follow = (): Promise<void> => {
    const { folder } = current();
    if (folder === begun) return beginning;
    begun = folder;
    beginning = beginning.catch(() => undefined).then(() => begin(folder));
    return beginning;
  };
  const look = async (): Promise<void> => {
    await follow();
    const { live } = current();
    if (!notifier) return;
    const now = clock.now();
    // The topic's number changes with each alarm that does; their values do so in between, and messages tell them.
    const seq = live.broadcast.findStream("alarms")?.seq;
    const version = `${live.broadcast.epoch} ${seq} ${Math.floor(now / valuesEveryMs)}`;
    if (version !== listed.version) listed = { version, alarms: live.city.alarms.list(now) };
    notifier.look(listed.alarms, now);
    const before = JSON.stringify(unreached);
    unreached = unreachedIn(notifier, current().folder.roles);
    if (JSON.stringify(unreached) !== before) onUnreached();
  };
  const timer = setInterval(() => {
    looking ??= look()
      .catch((error: unknown) => {
        log.error({ event: "notifying-failed", error: String(error) });
      })
      .finally(() => (looking = null));
  }, lookEveryMs);

  return {
    async about(alarm, atMost) {
      const { notifications } = await records.open();
      const [deliveries, decisions] = await Promise.all([
        notifications.deliveries(alarm, atMost),
        notifications.decisions(alarm, atMost),
      ]);
      const now = clock.now();
      const alarms = current().live.city.alarms.list(now);
      const known = alarms.find(({ id }) => id === alarm);
      return {
        deliveries,
        decisions,
        now: known && notifier ? notifier.explain(known, alarms, now) : [],
        roles: current().folder.roles.map(toldRole),
      };
    },
    async tellBriefing(issued, recipients) {
      if (recipients.length === 0) return;
      await follow();
      await notifier?.tellBriefing(issued, recipients, clock.now());
    },
    unreached: () => unreached,
    failing: () => notifier?.failing ?? new Map(),
    async stop() {
      clearInterval(timer);
      stopBeacon?.();
      await looking;
      await notifier?.stop();
    },
  };
}

/** Those that the city still has, by their titles. */
function unreachedIn(notifier: Notifier, roles: readonly Role[]): readonly UnreachedContact[] {
  return notifier.unreached.flatMap(({ role: roleId, contact: contactId, delivery, waiting }) => {
    const role = roles.find(({ id }) => id === roleId);
    const contact = role?.contacts.find(({ id }) => id === contactId);
    if (!role || !contact) return [];
    const { madeAt: since, subject, alarms } = delivery;
    const alarm = alarms[0]?.slice(0, alarms[0].lastIndexOf("#")) ?? null;
    return [{ role: role.title, contact: contact.title ?? contact.id, since, subject, alarm, waiting }];
  });
}

function toldRole({ id, title, contacts }: Role): ToldRole {
  return { id, title, contacts: contacts.map((one) => ({ id: one.id, title: one.title ?? null })) };
}

function cityOf(folder: CityFolder, clock: RunningCityClock): NotifiedCity {
  const { settings, rules, indicators, departments, roles, routes, mail, outgoing, address } = folder;
  return {
    city: settings,
    clockKind: clock.read().kind,
    rules,
    indicators,
    departments,
    roles,
    routes,
    mail,
    outgoing,
    address,
    nameOf: ({ about, group, indicator }) => about ?? groupName(group, indicator, folder),
  };
}
