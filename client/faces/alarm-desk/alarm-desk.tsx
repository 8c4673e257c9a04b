import "../../words/desk-words.ts";
import { useCallback, useEffect, useEffectEvent, useMemo, useState } from "react";
import type { Alarm, AlarmAction, AlarmRule } from "../../../shared/alarms.ts";
import { useAlarms, useAlarmSystem, useCity } from "../../live/store.ts";
import { usePreferences } from "../../look/preferences.ts";
import { setQuery, useSearch } from "../../route.ts";
import { useWords } from "../../words/words.ts";
import { Desk } from "../desk.tsx";
import { DeskLinks } from "../desk-links.tsx";
import { ActionBar, actionKeys } from "./action-bar.tsx";
import { AlarmDetail } from "./alarm-detail.tsx";
import styles from "./alarm-desk.module.css";
import { Banners } from "./banners.tsx";
import { DutyLine } from "./duty-form.tsx";
import { useAlarmNames } from "./naming.ts";
import { useOnDuty } from "./on-duty.ts";
import { OutcomeLine } from "./outcome-line.tsx";
import { QueueFilterBar } from "./queue-filter.tsx";
import { QueueList } from "./queue-list.tsx";
import {
  gather,
  holdStill,
  queueOf,
  readFilter,
  sortedRows,
  stepTo,
  waitingRows,
  type QueueRow,
} from "./queue.ts";
import { Walls } from "./walls.tsx";
import { SoundSwitch } from "./sound-switch.tsx";
import { useActing } from "./use-acting.ts";
import { useChoice } from "./use-choice.ts";

/** What an operator does next, and who owns it: the alarms in their order, and everything to act on the one that is chosen. */
export default function AlarmDesk() {
  const { t } = useWords();
  const duty = useOnDuty();
  const { alarms, queue, filter, rows, isKnown, isFlood, waiting, hold, letIn } = useQueue();
  const { lines, open } = useLines(rows, isFlood);
  const { row, chosen, areMarked, marked, asked, select, mark, unmark, unmarkAll, ask } = useChoice(
    rows,
    alarms,
  );
  const { outcome, perform, again, undo } = useActing(unmark);
  const act = (action: AlarmAction): void => {
    const ids = chosen.map(({ alarm }) => alarm.id);
    if (ids.length > 0) void perform(action, ids);
  };
  const actOn = async (alarm: string, action: AlarmAction): Promise<boolean> => {
    const became = await perform(action, [alarm]);
    return became?.kind === "done" && became.alarms.includes(alarm);
  };
  const lineOf = (id: string | null | undefined): number =>
    lines.findIndex((line) => line.row.alarm.id === id);
  const lineAt = lineOf(row?.alarm.id);
  const [stood, setStood] = useState({ alarm: "", at: -1 });
  if (row && lineAt >= 0 && (row.alarm.id !== stood.alarm || lineAt !== stood.at))
    setStood({ alarm: row.alarm.id, at: lineAt });
  const move = (step: 1 | -1): void => {
    // By the address as it is now: two keys may come before the first one is drawn.
    const from = new URLSearchParams(location.search).get("alarm");
    const stoodAt = stood.alarm === from ? stood.at : null;
    const next = lines[stepTo(step, lineOf(from), stoodAt, lines.length)];
    if (next) select(next.row.alarm.id);
  };
  const markRow = (): void => {
    if (row) mark([row, ...(lines[lineAt]?.behind ?? [])].map(({ alarm }) => alarm.id));
  };
  useDeskKeys({
    j: () => move(1),
    k: () => move(-1),
    arrowdown: () => move(1),
    arrowup: () => move(-1),
    escape: () => ask(null),
    x: markRow,
    n: letIn,
    [actionKeys.acknowledge!]: () => act({ action: "acknowledge" }),
    [actionKeys.confirm!]: () => act({ action: "confirm" }),
    [actionKeys.assign!]: () => duty && act({ action: "assign", to: duty.position }),
    [actionKeys.shelve!]: () => ask("shelve"),
    [actionKeys.comment!]: () => ask("comment"),
    u: undo,
    "/": () => document.querySelector<HTMLElement>("[data-search]")?.focus(),
  });
  const acting = chosen.length > 0 && (
    <>
      {areMarked && (
        <p className={styles.chosen}>
          {t("desk.chosen", { count: chosen.length })}{" "}
          <button type="button" onClick={unmarkAll}>
            {t("desk.chooseNone")}
          </button>
        </p>
      )}
      <ActionBar rows={chosen} asked={asked} onAsk={ask} onAct={act} position={duty?.position ?? ""} />
    </>
  );
  return (
    <Desk
      title={t("faces.alarmDesk.title")}
      className={styles.page!}
      links={<DeskLinks of="queue" />}
      duty={
        <>
          <DutyLine />
          <SoundSwitch />
        </>
      }
    >
      <main className={styles.columns} data-chosen={row !== undefined}>
        <section className={styles.queue} aria-label={t("desk.queue")}>
          <Banners />
          <QueueFilterBar filter={filter} queue={queue} />
          <p className={styles.waiting} role="status">
            {waiting > 0 && (
              <button type="button" onClick={letIn}>
                {t("desk.waiting", { count: waiting })} · {t("desk.letIn")} <kbd>n</kbd>
              </button>
            )}
          </p>
          {rows.length === 0 && (
            <p className={styles.calm}>
              {t(queue.filtered > 0 ? "desk.noneAsked" : isKnown ? "desk.calm" : "desk.notKnown")}
            </p>
          )}
          <QueueList
            lines={lines}
            selected={row?.alarm.id ?? null}
            marked={marked}
            onSelect={select}
            onMark={mark}
            onOpen={open}
            onHold={hold}
          />
          {queue.filtered > 0 && (
            <p className={styles.quiet}>
              {t("desk.filtered", { count: queue.filtered })}{" "}
              <button
                type="button"
                onClick={() => setQuery({ priority: null, domain: null, owner: null, text: null })}
              >
                {t("desk.showAll")}
              </button>
            </p>
          )}
        </section>
        <section className={styles.side} data-own-arrows>
          <OutcomeLine outcome={outcome} onUndo={undo} onAgain={again} />
          {row === undefined ? (
            <>
              {acting}
              <Walls />
              <Keys />
            </>
          ) : (
            <>
              <button
                type="button"
                className={styles.back}
                onClick={() => {
                  unmarkAll();
                  setQuery({ alarm: null });
                }}
              >
                ← {t("desk.detail.back")}
              </button>
              {/* What is done with the marked ones does not stand under the name of another. */}
              {areMarked && acting}
              <AlarmDetail row={row} onAct={(action) => actOn(row.alarm.id, action)}>
                {areMarked ? null : acting}
              </AlarmDetail>
            </>
          )}
        </section>
      </main>
    </Desk>
  );
}

interface Held {
  readonly rows: readonly QueueRow[];
  readonly search: string;
  readonly isFlood: boolean;
}

/** The alarms as they are listed: in their order, and still while the list is in use. */
function useQueue() {
  const alarms = useAlarms();
  const city = useCity();
  const search = useSearch();
  const system = useAlarmSystem();
  const nameOf = useAlarmNames();
  const filter = useMemo(() => readFilter(search), [search]);
  const sorted = useMemo(() => {
    const rules = new Map(city?.rules.map((rule) => [rule.id, rule]));
    return sortedRows(alarms, rules);
  }, [alarms, city]);
  const namesOf = useMemo(() => keptNames(nameOf), [nameOf]);
  const queue = useMemo(() => queueOf(sorted, filter, namesOf), [sorted, filter, namesOf]);
  const isFlood = system?.flood != null;
  /** The rows when somebody began to use the list, what was asked for then, and whether there was a flood. */
  const [held, setHeld] = useState<Held | null>(null);
  const isHeld = held?.search === listedBy(search);
  const rows = useMemo(
    () =>
      held && isHeld ? holdStill(held.rows, new Map(alarms.map((alarm) => [alarm.id, alarm]))) : queue.rows,
    [held, isHeld, alarms, queue.rows],
  );
  const letIn = useCallback(
    () => setHeld((now) => now && { rows: queue.rows, search: listedBy(search), isFlood }),
    [queue.rows, search, isFlood],
  );
  const hold = (isUsed: boolean): void => {
    if (!isUsed) setHeld(null);
    else if (!isHeld) setHeld({ rows: queue.rows, search: listedBy(search), isFlood });
  };
  return {
    alarms,
    queue,
    filter,
    rows,
    isKnown: system !== null && city !== null,
    isFlood: held && isHeld ? held.isFlood : isFlood,
    waiting: isHeld ? waitingRows(rows, queue.rows) : 0,
    hold,
    letIn,
  };
}

/** What somebody may look for an alarm by, in small letters; worked out once for each. */
function keptNames(nameOf: (alarm: Alarm, rule: AlarmRule) => string): (row: QueueRow) => string {
  const known = new WeakMap<Alarm, string>();
  return ({ alarm, rule }) => {
    const names = known.get(alarm) ?? `${nameOf(alarm, rule)} ${rule.id} ${rule.owner}`.toLowerCase();
    known.set(alarm, names);
    return names;
  };
}

/** The rows as lines: gathered by their cause while there is a flood, but for causes that somebody has opened. */
function useLines(rows: readonly QueueRow[], isFlood: boolean) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  // The next flood has causes of its own.
  if (!isFlood && opened.size > 0) setOpened(new Set());
  const lines = useMemo(
    () => (isFlood ? gather(rows, opened) : rows.map((row) => ({ row, behind: [] }))),
    [rows, opened, isFlood],
  );
  return { lines, open: (rule: string) => setOpened((now) => new Set(now).add(rule)) };
}

/** What of the address says which alarms are listed: not which one is chosen. */
function listedBy(search: string): string {
  const query = new URLSearchParams(search);
  query.delete("alarm");
  return query.toString();
}

/** Single keys, where somebody wants them, and never while something is typed. */
function useDeskKeys(keys: Readonly<Record<string, () => unknown>>): void {
  const { hasSingleKeys } = usePreferences();
  const press = useEffectEvent((event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    if (target instanceof HTMLElement && target.matches("input:not([type='checkbox']), select, textarea")) {
      if (event.key !== "Escape") return;
      target.blur();
    }
    // The detail is scrolled with them, and its map moved.
    const isArrow = event.key.startsWith("Arrow");
    if (isArrow && target instanceof Element && target.closest("[data-own-arrows]")) return;
    // A key with a name of its own is no letter that somebody may be speaking.
    const does = hasSingleKeys || event.key.length > 1 ? keys[event.key.toLowerCase()] : undefined;
    if (!does) return;
    event.preventDefault();
    does();
  });
  // Once: a listener that is put there anew while a key is on its way to it does not hear that key.
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => press(event);
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, []);
}

function Keys() {
  const { t } = useWords();
  const keys = [
    ["j k ↑ ↓", t("desk.keys.move")],
    ["a", t("desk.actions.acknowledge")],
    ["c", t("desk.actions.confirm")],
    ["s", t("desk.actions.shelve")],
    ["m", t("desk.actions.comment")],
    ["g", t("desk.actions.assign")],
    ["x", t("desk.keys.mark")],
    ["u", t("desk.keys.undo")],
    ["n", t("desk.keys.letIn")],
    ["/", t("desk.keys.search")],
  ] as const;
  return (
    <div className={styles.keys}>
      <p>{t("desk.select", { keys: "j k" })}</p>
      <h2>{t("desk.keys.title")}</h2>
      <dl>
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
