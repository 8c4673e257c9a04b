import "../../words/desk-words.ts";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { AlarmAction } from "../../../shared/alarms.ts";
import { useAlarms, useAlarmSystem, useCity } from "../../live/store.ts";
import { usePreferences } from "../../look/preferences.ts";
import { setQuery, useQuery, useSearch } from "../../route.ts";
import { useWords } from "../../words/words.ts";
import { Desk } from "../desk.tsx";
import { Link } from "../link.tsx";
import { TokenForm } from "../token-form.tsx";
import { act, undoOf, type Outcome } from "./act.ts";
import { ActionBar, actionKeys, type AskedFor } from "./action-bar.tsx";
import { AlarmDetail } from "./alarm-detail.tsx";
import styles from "./alarm-desk.module.css";
import { Banners } from "./banners.tsx";
import { DutyLine } from "./duty-form.tsx";
import { useAlarmNames } from "./naming.ts";
import { useOnDuty } from "./on-duty.ts";
import { OutcomeLine } from "./outcome-line.tsx";
import { QueueFilterBar } from "./queue-filter.tsx";
import { QueueList } from "./queue-list.tsx";
import { gather, holdStill, queueOf, readFilter, waitingRows, type QueueRow } from "./queue.ts";
import { SoundSwitch } from "./sound-switch.tsx";

/** What an operator does next, and who owns it: the alarms in their order, and everything to act on the one that is chosen. */
export default function AlarmDesk() {
  const { t } = useWords();
  const duty = useOnDuty();
  const { queue, filter, rows, isKnown, isFlood, waiting, hold, letIn } = useQueue();
  const { lines, open } = useLines(rows, isFlood);
  const { row, chosen, areMarked, marked, select, mark, unmark } = useChoice(rows);
  const [asked, setAsked] = useAsked(chosen);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  /** The last action, also while it is under way. */
  const last = useRef<Promise<Outcome> | null>(null);

  const perform = useCallback(
    async (action: AlarmAction, ids: readonly string[]): Promise<Outcome | null> => {
      if (duty === null) {
        document.querySelector<HTMLElement>("form input")?.focus();
        return null;
      }
      const acted = act(action, ids, duty);
      last.current = acted;
      setOutcome(await acted);
      return acted;
    },
    [duty],
  );
  const undo = async (): Promise<void> => {
    const done = await last.current;
    const action = done?.kind === "done" ? undoOf[done.action] : undefined;
    if (done?.kind === "done" && action && done.alarms.length > 0) await perform({ action }, done.alarms);
  };
  const performOnChosen = async (action: AlarmAction): Promise<void> => {
    const done = await perform(
      action,
      chosen.map(({ alarm }) => alarm.id),
    );
    // What was not done may be tried again, with the same ones.
    if (done?.kind === "done") unmark();
  };
  const lineAt = lines.findIndex((line) => line.row.alarm.id === row?.alarm.id);
  const move = (step: number): void => {
    const next = lines[Math.min(Math.max(lineAt + step, 0), lines.length - 1)];
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
    escape: () => setAsked(null),
    x: markRow,
    n: letIn,
    [actionKeys.acknowledge!]: () => void performOnChosen({ action: "acknowledge" }),
    [actionKeys.confirm!]: () => void performOnChosen({ action: "confirm" }),
    [actionKeys.assign!]: () => duty && void performOnChosen({ action: "assign", to: duty.position }),
    [actionKeys.shelve!]: () => chosen.length > 0 && setAsked("shelve"),
    [actionKeys.comment!]: () => chosen.length > 0 && setAsked("comment"),
    u: () => void undo(),
    "/": () => document.querySelector<HTMLElement>("[data-search]")?.focus(),
  });
  const acting = chosen.length > 0 && (
    <>
      {areMarked && (
        <p className={styles.chosen}>
          {t("desk.chosen", { count: chosen.length })}{" "}
          <button type="button" onClick={unmark}>
            {t("desk.chooseNone")}
          </button>
        </p>
      )}
      <ActionBar
        rows={chosen}
        asked={asked}
        onAsk={setAsked}
        onAct={(action) => void performOnChosen(action)}
        position={duty?.position ?? ""}
      />
    </>
  );
  return (
    <Desk
      title={t("faces.alarmDesk.title")}
      className={styles.page!}
      links={
        <>
          <Link to="/">{t("desk.start")}</Link>
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
          {outcome?.kind === "token" ? (
            <TokenForm why={t("desk.token")} onToken={() => setOutcome(null)} />
          ) : (
            <OutcomeLine outcome={outcome} onUndo={() => void undo()} />
          )}
          {row === undefined ? (
            <>
              {acting}
              <Keys />
            </>
          ) : (
            <>
              <button
                type="button"
                className={styles.back}
                onClick={() => {
                  unmark();
                  setQuery({ alarm: null });
                }}
              >
                ← {t("desk.detail.back")}
              </button>
              {/* What is done with the marked ones does not stand under the name of another. */}
              {areMarked && acting}
              <AlarmDetail row={row}>{areMarked ? null : acting}</AlarmDetail>
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
  const queue = useMemo(() => {
    const rules = new Map(city?.rules.map((rule) => [rule.id, rule]));
    const namesOf = ({ alarm, rule }: QueueRow): string => `${nameOf(alarm, rule)} ${rule.id} ${rule.owner}`;
    return queueOf(alarms, rules, filter, namesOf);
  }, [alarms, city, filter, nameOf]);
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

/** The alarm that the address names, and those that are acted on: the marked ones, else that one. */
function useChoice(rows: readonly QueueRow[]) {
  const selected = useQuery("alarm");
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  /** All of them, or none when all are marked. */
  const mark = useCallback((ids: readonly string[]): void => {
    setMarked((now) => {
      const areMarked = ids.every((id) => now.has(id));
      return new Set(areMarked ? Array.from(now).filter((id) => !ids.includes(id)) : [...now, ...ids]);
    });
  }, []);
  const unmark = useCallback(() => setMarked(new Set()), []);
  const row = rows.find(({ alarm }) => alarm.id === selected);
  const several = rows.filter(({ alarm }) => marked.has(alarm.id));
  const areMarked = several.length > 0;
  const chosen = areMarked ? several : row ? [row] : [];
  return { row, chosen, areMarked, marked, mark, unmark, select: (id: string) => setQuery({ alarm: id }) };
}

/** The action that asks for something, of these alarms and no others. */
function useAsked(chosen: readonly QueueRow[]) {
  const [asked, setAsked] = useState<AskedFor | null>(null);
  const choice = chosen.map(({ alarm }) => alarm.id).join("\n");
  const [askedOf, setAskedOf] = useState(choice);
  if (askedOf !== choice) {
    setAskedOf(choice);
    setAsked(null);
  }
  return [asked, setAsked] as const;
}

/** Single keys, where somebody wants them, and never while something is typed. */
function useDeskKeys(keys: Readonly<Record<string, () => unknown>>): void {
  const { hasSingleKeys } = usePreferences();
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
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
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });
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
