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
  const { queue, filter, rows, waiting, hold, letIn } = useQueue();
  const { lines, open } = useLines(rows);
  const { chosen, marked, select, mark, unmark } = useChoice(rows);
  const [asked, setAsked] = useState<AskedFor | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  /** The last action, also while it is under way. */
  const last = useRef<Promise<Outcome> | null>(null);

  const perform = useCallback(
    async (action: AlarmAction, ids: readonly string[]): Promise<void> => {
      if (duty === null) return document.querySelector<HTMLElement>("form input")?.focus();
      const acted = act(action, ids, duty);
      last.current = acted;
      setOutcome(await acted);
      unmark();
    },
    [duty, unmark],
  );
  const undo = async (): Promise<void> => {
    const done = await last.current;
    const action = done?.kind === "done" ? undoOf[done.action] : undefined;
    if (done?.kind === "done" && action && done.alarms.length > 0) await perform({ action }, done.alarms);
  };
  const performOnChosen = (action: AlarmAction): void =>
    void perform(
      action,
      chosen.map(({ alarm }) => alarm.id),
    );
  const move = (step: number): void => {
    const at = lines.findIndex(({ row }) => row.alarm.id === chosen[0]?.alarm.id);
    const next = lines[Math.min(Math.max(at + step, 0), lines.length - 1)];
    if (next) select(next.row.alarm.id);
  };
  useDeskKeys({
    j: () => move(1),
    k: () => move(-1),
    arrowdown: () => move(1),
    arrowup: () => move(-1),
    escape: () => setAsked(null),
    x: () => chosen[0] && mark([chosen[0].alarm.id]),
    n: letIn,
    [actionKeys.acknowledge!]: () => performOnChosen({ action: "acknowledge" }),
    [actionKeys.confirm!]: () => performOnChosen({ action: "confirm" }),
    [actionKeys.assign!]: () => duty && performOnChosen({ action: "assign", to: duty.position }),
    [actionKeys.shelve!]: () => chosen.length > 0 && setAsked("shelve"),
    [actionKeys.comment!]: () => chosen.length > 0 && setAsked("comment"),
    u: () => void undo(),
    "/": () => document.querySelector<HTMLElement>("[data-search]")?.focus(),
  });
  const [row] = chosen;
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
            <p className={styles.calm}>{t(queue.filtered > 0 ? "desk.noneAsked" : "desk.calm")}</p>
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
        <section className={styles.side}>
          {outcome?.kind === "token" ? (
            <TokenForm why={t("desk.token")} onToken={() => setOutcome(null)} />
          ) : (
            <OutcomeLine outcome={outcome} onUndo={() => void undo()} />
          )}
          {row === undefined ? (
            <Keys />
          ) : (
            <>
              <button type="button" className={styles.back} onClick={() => setQuery({ alarm: null })}>
                ← {t("desk.detail.back")}
              </button>
              <AlarmDetail row={row}>
                {marked.size > 0 && (
                  <p className={styles.chosen}>{t("desk.chosen", { count: chosen.length })}</p>
                )}
                <ActionBar
                  rows={chosen}
                  asked={asked}
                  onAsk={setAsked}
                  onAct={performOnChosen}
                  position={duty?.position ?? ""}
                />
              </AlarmDetail>
            </>
          )}
        </section>
      </main>
    </Desk>
  );
}

/** The alarms as they are listed: in their order, and still while the list is in use. */
function useQueue() {
  const alarms = useAlarms();
  const city = useCity();
  const search = useSearch();
  const nameOf = useAlarmNames();
  const filter = useMemo(() => readFilter(search), [search]);
  const queue = useMemo(() => {
    const rules = new Map(city?.rules.map((rule) => [rule.id, rule]));
    const namesOf = ({ alarm, rule }: QueueRow): string => `${nameOf(alarm, rule)} ${rule.id} ${rule.owner}`;
    return queueOf(alarms, rules, filter, namesOf);
  }, [alarms, city, filter, nameOf]);
  /** The rows when somebody began to use the list, and what was asked for then. */
  const [held, setHeld] = useState<{ rows: readonly QueueRow[]; search: string } | null>(null);
  const isHeld = held?.search === listedBy(search);
  const rows = useMemo(
    () =>
      held && isHeld ? holdStill(held.rows, new Map(alarms.map((alarm) => [alarm.id, alarm]))) : queue.rows,
    [held, isHeld, alarms, queue.rows],
  );
  const letIn = useCallback(
    () => setHeld((now) => now && { rows: queue.rows, search: listedBy(search) }),
    [queue.rows, search],
  );
  const hold = (isUsed: boolean): void => {
    if (!isUsed) setHeld(null);
    else if (!isHeld) setHeld({ rows: queue.rows, search: listedBy(search) });
  };
  return { queue, filter, rows, waiting: isHeld ? waitingRows(rows, queue.rows) : 0, hold, letIn };
}

/** The rows as lines: gathered by their cause while there is a flood, but for causes that somebody has opened. */
function useLines(rows: readonly QueueRow[]) {
  const isFlood = useAlarmSystem()?.flood != null;
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
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

/** The alarm that the address names, or the several that are marked. */
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
  const chosen = several.length > 0 ? several : row ? [row] : [];
  return { chosen, marked, mark, unmark, select: (id: string) => setQuery({ alarm: id }) };
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
