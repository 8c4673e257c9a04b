import { useMemo, useRef, type ReactNode } from "react";
import { useBlindSeconds } from "../../live/alarm-sight.ts";
import { useAlarms, useAlarmSystem, useCity, useClock, useConnection } from "../../live/store.ts";
import { Shape, type ShapeName } from "../../look/shapes.tsx";
import { formatAge } from "../../words/format-age.ts";
import { formatTime } from "../../words/format-time.ts";
import { useWords, type UsedWords } from "../../words/words.ts";
import { AlarmValue } from "../alarm-desk/alarm-value.tsx";
import {
  gather,
  queueOf,
  sortedRows,
  readFilter,
  type Queue,
  type QueueLine,
  type QueueRow,
} from "../alarm-desk/queue.ts";
import { Age, lookOf, Name, Owner, Priority, StateInWords, TimeLeft } from "./alarm-sayings.tsx";
import styles from "./alarms-part.module.css";
import { Section } from "./section.tsx";
import { useWholeRows } from "./use-whole-rows.ts";

const everything = readFilter("");
const noneOpened: ReadonlySet<string> = new Set();

/** The city's alarms in the order of the desk's queue, in a flood gathered by rule. */
function useAlarmLines(): { readonly queue: Queue; readonly lines: readonly QueueLine[] } {
  const alarms = useAlarms();
  const city = useCity();
  const isFlood = useAlarmSystem()?.flood != null;
  return useMemo(() => {
    const rules = new Map(city?.rules.map((rule) => [rule.id, rule]));
    const queue = queueOf(sortedRows(alarms, rules), everything, () => "");
    const lines = isFlood ? gather(queue.rows, noneOpened) : queue.rows.map((row) => ({ row, behind: [] }));
    return { queue, lines };
  }, [alarms, city, isFlood]);
}

/**
 * The alarms, the most urgent in front with what has to be done; how many there are and how many of them find no room
 * stands in the head. That alarms are not judged, not written down or too many comes before them.
 */
export default function AlarmsPart() {
  const words = useWords();
  const { t } = words;
  const { queue, lines } = useAlarmLines();
  const system = useAlarmSystem();
  const isPast = useClock()?.kind === "past";
  const isLinked = useConnection().state === "connected";
  const list = useRef<HTMLUListElement>(null);
  const notShown = useWholeRows(list, lines);
  const [lead, ...others] = lines;
  const isKnown = system !== null && isLinked;
  return (
    <Section
      shrinks
      title={t("alarms.title")}
      note={isPast ? undefined : countsInWords(queue, notShown, words)}
    >
      {!isPast && <AlarmTroubles />}
      {lead === undefined ? (
        <p className={styles.none} data-known={isKnown}>
          {t(isPast ? "alarms.past" : isKnown ? "alarms.none" : "alarms.waiting")}
        </p>
      ) : (
        <ul ref={list} className={styles.list} data-linked={isLinked} data-lead>
          <Lead line={lead} />
          {others.map((line) => (
            <Line key={line.row.alarm.id} line={line} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function countsInWords(
  { rows, shelved, suppressed, outOfService }: Queue,
  notShown: number,
  { t }: UsedWords,
): string {
  const active = rows.filter(({ alarm }) => alarm.isActive).length;
  const over = rows.length - active;
  const hidden = suppressed + outOfService;
  return [
    active > 0 ? t("alarms.active", { count: active }) : rows.length > 0 && t("alarms.none"),
    active === 0 && over > 0 && t("alarms.over", { count: over }),
    shelved > 0 && t("alarms.shelved", { count: shelved }),
    hidden > 0 && t("alarms.hidden", { count: hidden }),
    notShown > 0 && t("alarms.notShown", { count: notShown }),
  ]
    .filter(Boolean)
    .join(" · ");
}

/** What holds of all alarms: no link, not judged, too many, not written down. */
function AlarmTroubles() {
  const { t, text, language } = useWords();
  const system = useAlarmSystem();
  const alarms = useAlarms();
  const city = useCity();
  const blind = useBlindSeconds();
  const isLinked = useConnection().state === "connected";
  const { flood, unstored } = system ?? { flood: null, unstored: null };
  const first = alarms.find(({ id }) => id === flood?.firstOut);
  const rule = city?.rules.find(({ id }) => id === first?.rule);
  return (
    <>
      {!isLinked && <Trouble shape="unlinked">{t("faces.wall.linkLost")}</Trouble>}
      {isLinked && blind !== null && (
        <Trouble shape="stale">{t("alarms.blind", { age: formatAge(blind, language) })}</Trouble>
      )}
      {unstored && (
        <Trouble shape="down">
          {t("alarms.notStored", { count: unstored.count, reason: unstored.error })}
        </Trouble>
      )}
      {flood && (
        <Trouble shape="warning">
          {t("alarms.flood", {
            time: formatTime(flood.since, city?.settings.zone ?? "UTC", language),
            count: flood.count,
            alarm: rule ? text(rule.title) : flood.firstOut,
          })}
        </Trouble>
      )}
    </>
  );
}

function Trouble({ shape, children }: { shape: ShapeName; children: ReactNode }) {
  return (
    <p className={styles.trouble} data-trouble={shape}>
      <Shape name={shape} /> <span>{children}</span>
    </p>
  );
}

/** What is missed when a line finds no room. */
function activeIn({ row, behind }: QueueLine): number {
  return [row, ...behind].filter(({ alarm }) => alarm.isActive).length;
}

/** The alarm in front, and as a row of its own, which goes first when there is no room, what has to be done about it. */
function Lead({ line }: { line: QueueLine }) {
  const { t, text } = useWords();
  const { row } = line;
  const { alarm, rule } = row;
  return (
    <>
      <li {...lookOf(row, styles.lead)} data-count={activeIn(line)}>
        <p className={styles.head}>
          <Priority row={row} />
          <CameFirst row={row} />
          <Age row={row} />
        </p>
        <p className={styles.name}>
          <Name row={row} />
        </p>
        <p className={styles.facts}>
          <span>
            <AlarmValue alarm={alarm} />
          </span>
          <span>
            <StateInWords row={row} />
          </span>
          <span>
            <Owner row={row} />
          </span>
          <TimeLeft row={row} />
          <Behind line={line} />
        </p>
      </li>
      {alarm.isActive && (
        <li {...lookOf(row, styles.response)}>
          <b>{t("alarms.toDo")}</b> {text(rule.response.text)}
        </li>
      )}
    </>
  );
}

function Line({ line }: { line: QueueLine }) {
  const { row } = line;
  return (
    <li {...lookOf(row, styles.line)} data-count={activeIn(line)}>
      <p className={styles.head}>
        <Priority row={row} />
        <CameFirst row={row} />
        <span className={styles.owner}>
          <Owner row={row} />
        </span>
        <Age row={row} />
      </p>
      <p className={styles.name}>
        <Name row={row} />{" "}
        <span className={styles.state}>
          <StateInWords row={row} />
        </span>{" "}
        <Behind line={line} />
      </p>
    </li>
  );
}

function CameFirst({ row: { alarm } }: { row: QueueRow }) {
  const { t } = useWords();
  const isFirst = useAlarmSystem()?.flood?.firstOut === alarm.id;
  return isFirst && <span className={styles.first}>{t("alarms.first")}</span>;
}

function Behind({ line: { behind } }: { line: QueueLine }) {
  const { t } = useWords();
  return (
    behind.length > 0 && <span className={styles.behind}>{t("alarms.behind", { count: behind.length })}</span>
  );
}
