import { memo, useEffect, useEffectEvent, useRef, type RefObject } from "react";
import { useCityNow } from "../../live/store.ts";
import { formatAge } from "../../words/format-age.ts";
import { useWords } from "../../words/words.ts";
import { useCity } from "../../live/store.ts";
import styles from "./alarm-desk.module.css";
import { AlarmValue } from "./alarm-value.tsx";
import { Deadline } from "./deadline.tsx";
import { stateInWords, useAlarmNames } from "./naming.ts";
import { PriorityMark } from "./priority-mark.tsx";
import type { QueueLine, QueueRow } from "./queue.ts";
import { useWindow } from "./use-window.ts";

interface Props {
  readonly lines: readonly QueueLine[];
  readonly selected: string | null;
  readonly marked: ReadonlySet<string>;
  readonly onSelect: (id: string) => void;
  readonly onMark: (ids: readonly string[]) => void;
  /** Shows each alarm of a rule on a line of its own. */
  readonly onOpen: (rule: string) => void;
  /** The list is in use, or is left. */
  readonly onHold: (isHeld: boolean) => void;
}

/** The alarms as a list to go up and down in. While the pointer or the focus is in it, nothing in it moves. */
export function QueueList({ lines, selected, marked, onSelect, onMark, onOpen, onHold }: Props) {
  const { t, text } = useWords();
  const nameOf = useAlarmNames();
  const departments = useCity()?.departments;
  const ownerOf = (id: string): string => {
    const owner = departments?.find((department) => department.id === id);
    return owner ? text(owner.title) : id;
  };
  const list = useRef<HTMLUListElement>(null);
  useInUse(list, onHold);
  const { from, to, before, after, isWhole, bring } = useWindow(list, lines);
  /** The choice that was brought into sight last. */
  const brought = useRef<string | null>(null);
  const follow = useEffectEvent((): void => {
    if (brought.current === selected) return;
    const row = list.current?.querySelector<HTMLElement>('[aria-current="true"]');
    if (!row) {
      const index = lines.findIndex((line) => line.row.alarm.id === selected);
      if (index >= 0) bring(index);
      return;
    }
    brought.current = selected;
    row.scrollIntoView({ block: "nearest" });
    // The focus goes with the choice, when it is in the list already.
    if (list.current?.contains(document.activeElement))
      row.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
  });
  useEffect(() => follow(), [selected, lines, from, to]);
  return (
    <ul
      ref={list}
      className={styles.list}
      aria-label={t("desk.alarms")}
      tabIndex={-1}
      data-long={!isWhole}
      style={{ paddingBlock: `${before}px ${after}px` }}
    >
      {lines.slice(from, to).map(({ row, behind }, i) => (
        <Row
          key={row.alarm.id}
          row={row}
          behind={behind}
          name={nameOf(row.alarm, row.rule)}
          owner={ownerOf(row.rule.owner)}
          place={from + i + 1}
          of={lines.length}
          isSelected={row.alarm.id === selected}
          isMarked={marked.has(row.alarm.id)}
          onSelect={onSelect}
          onMark={onMark}
          onOpen={onOpen}
        />
      ))}
    </ul>
  );
}

/** Says when a mouse or the focus comes into an element, and when neither is in it any more. */
function useInUse(element: RefObject<HTMLElement | null>, say: (isInUse: boolean) => void): void {
  const onChange = useEffectEvent(say);
  useEffect(() => {
    const its = element.current;
    if (!its) return;
    let hasPointer = false;
    let hasFocus = false;
    const enter = (event: PointerEvent): void => {
      // A finger never leaves what it has touched.
      hasPointer = event.pointerType === "mouse";
      onChange(hasPointer || hasFocus);
    };
    const leave = (): void => {
      hasPointer = false;
      onChange(hasFocus);
    };
    const focus = (event: FocusEvent): void => {
      hasFocus = event.type === "focusin" || its.contains(event.relatedTarget as Node | null);
      onChange(hasPointer || hasFocus);
    };
    its.addEventListener("pointerenter", enter);
    its.addEventListener("pointerleave", leave);
    its.addEventListener("focusin", focus);
    its.addEventListener("focusout", focus);
    return () => {
      its.removeEventListener("pointerenter", enter);
      its.removeEventListener("pointerleave", leave);
      its.removeEventListener("focusin", focus);
      its.removeEventListener("focusout", focus);
    };
  }, [element]);
}

const Row = memo(function Row(props: {
  row: QueueRow;
  behind: readonly QueueRow[];
  name: string;
  owner: string;
  /** It is the how-manieth of how many, which is more than are drawn. */
  place: number;
  of: number;
  isSelected: boolean;
  isMarked: boolean;
  onSelect: (id: string) => void;
  onMark: (ids: readonly string[]) => void;
  onOpen: (rule: string) => void;
}) {
  const { row, behind, name, owner, place, of, isSelected, isMarked, onSelect, onMark, onOpen } = props;
  const { alarm, rule, isGone } = row;
  const words = useWords();
  const { t, language } = words;
  const now = useCityNow(1_000);
  const isOpen = !isGone && alarm.state === "unacknowledged";
  return (
    <li
      className={styles.row}
      data-priority={alarm.priority}
      data-open={isOpen}
      data-gone={isGone}
      data-gathered={behind.length > 0 || undefined}
      aria-current={isSelected}
      aria-posinset={place}
      aria-setsize={of}
    >
      <input
        type="checkbox"
        checked={isMarked}
        aria-label={t("desk.mark", { alarm: name })}
        tabIndex={-1}
        onChange={() => onMark([row, ...behind].map((one) => one.alarm.id))}
      />
      <button type="button" className={styles.open} onClick={() => onSelect(alarm.id)}>
        <PriorityMark priority={alarm.priority} isKnown={!isOpen} />
        <strong className={styles.name} title={name}>
          {name}
        </strong>
        <span className={styles.value}>
          <AlarmValue alarm={alarm} />
        </span>
        <span className={styles.state}>
          {alarm.confirmed !== null && alarm.state === "acknowledged" && !isGone
            ? t("alarms.confirmed")
            : stateInWords(alarm, isGone, words)}
        </span>
        <span className={styles.owner}>{alarm.assignedTo ?? owner}</span>
        <span className={styles.age}>
          {now === null ? "" : formatAge((now - alarm.since) / 1000, language)}
        </span>
        <Deadline row={row} />
      </button>
      {behind.length > 0 && (
        <button type="button" className={styles.behind} onClick={() => onOpen(rule.id)}>
          {t("alarms.behind", { count: behind.length })}
        </button>
      )}
    </li>
  );
});
